/// One experiment of the theory, in seconds on one core: a table, a plot, and what they mean.
///
///     struct MyStudy: Study {
///       static let name = "mine"; static let summary = "What it shows."
///       func run(seed: UInt64) -> StudyResult { ... }
///     }
///
/// Equal seeds give equal results. Not guaranteed: that figures equal a paper's where the paper prints none; each
/// result's notes say what it was compared with.
public protocol Study: Sendable {
  /// The name on the command line.
  static var name: String { get }
  /// One sentence on what is shown.
  static var summary: String { get }
  /// The study in its full size.
  init()
  /// Runs it.
  func run(seed: UInt64) -> StudyResult
}

/// All studies, in the order of reading.
public enum StudyCatalog {
  /// The studies' types.
  public static let all: [any Study.Type] = [
    GaussianStudy.self, CollapseStudy.self, CuratedStudy.self, ExtrapolationStudy.self, NeonStudy.self,
    KernelDensityStudy.self, TemperatureStudy.self, ContractionStudy.self, ModesStudy.self,
  ]
}
