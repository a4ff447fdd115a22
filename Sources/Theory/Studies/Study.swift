/// One experiment of the theory, in seconds on one core: tables, a plot, and what they mean.
///
///     var study = GaussianStudy()
///     study.seeds = 4
///     let result = study.run(seed: 1)
///     for row in result.tables[0].rows { print(row.map(\.description)) }
///
/// A study of your own conforms with a name, a summary and `run`; the command line knows those of ``StudyCatalog``.
/// Equal seeds give equal results. Not guaranteed: that figures equal a paper's where the paper prints none; each
/// result's notes say what it was compared with.
public protocol Study: Sendable {
  /// The subcommand of `surefoot theory`.
  static var name: String { get }
  /// One sentence on what is shown.
  static var summary: String { get }
  /// The study in the size that the command runs.
  init()
  /// Computes the tables and the plot. All random numbers derive from the seed.
  func run(seed: UInt64) -> StudyResult
}

/// All studies, in the order of `surefoot theory list`.
public enum StudyCatalog {
  /// The studies' types.
  public static let all: [any Study.Type] = [
    GaussianStudy.self, CollapseStudy.self, CuratedStudy.self, ExtrapolationStudy.self, NeonStudy.self,
    KernelDensityStudy.self, TemperatureStudy.self, ContractionStudy.self, ModesStudy.self,
    DigitsStudy.self,
  ]
}
