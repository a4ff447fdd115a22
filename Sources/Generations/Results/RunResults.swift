public import Evaluation
public import Foundation
public import Support

/// A whole run's figures, `results.json`: the source of its table and report.
public struct RunResults: Sendable, Codable {
  /// The run's name: its folder's.
  public var name: String
  /// The resolved specification, as YAML.
  public var specification: String
  /// The number of real training windows.
  public var trainingWindows: Int
  /// The number of evaluation windows.
  public var evaluationWindows: Int
  /// The evaluation windows measured by themselves.
  public var real: SetReport
  /// The training windows against the evaluation windows.
  public var realAgainstReal: SetReport
  /// Generation 0, which arms share.
  public var shared: GenerationMetrics
  /// Each arm's later generations, in the specification's order.
  public var arms: [ArmResults]

  /// One arm's generations.
  public struct ArmResults: Sendable, Codable {
    /// The arm's name.
    public var name: String
    /// Generations 1 and later.
    public var generations: [GenerationMetrics]

    package init(name: String, generations: [GenerationMetrics]) {
      self.name = name
      self.generations = generations
    }
  }

  package init(
    name: String, specification: String, trainingWindows: Int, evaluationWindows: Int, real: SetReport,
    realAgainstReal: SetReport, shared: GenerationMetrics, arms: [ArmResults]
  ) {
    self.name = name
    self.specification = specification
    self.trainingWindows = trainingWindows
    self.evaluationWindows = evaluationWindows
    self.real = real
    self.realAgainstReal = realAgainstReal
    self.shared = shared
    self.arms = arms
  }

  /// Reads the figures of a finished run.
  public static func load(from folder: URL) throws(SurefootError) -> RunResults {
    let file = folder.appendingPathComponent("results.json")
    do {
      return try JSONDecoder().decode(RunResults.self, from: try Data(contentsOf: file))
    } catch {
      throw SurefootError(
        file: file.path, message: "is missing or holds no results (\(error.localizedDescription))",
        suggestion: "finish the run with `surefoot loop`")
    }
  }
}
