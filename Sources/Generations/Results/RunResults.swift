public import Evaluation
public import Foundation
public import Support

/// A whole run's figures: what its table and report are made of.
public struct RunResults: Sendable, Codable {
  /// The run's name: its folder's.
  public var name: String
  /// The resolved specification, as YAML.
  public var specification: String
  /// How many real training windows.
  public var trainingWindows: Int
  /// How many evaluation windows.
  public var evaluationWindows: Int
  /// The evaluation windows by themselves.
  public var real: SetReport
  /// The training windows against the evaluation windows.
  public var realAgainstReal: SetReport
  /// Generation 0, which arms share.
  public var shared: GenerationMetrics
  /// Each loop's later generations, in the specification's order.
  public var arms: [ArmResults]

  /// One loop's generations.
  public struct ArmResults: Sendable, Codable {
    /// The loop's name.
    public var name: String
    /// Generations 1 and later.
    public var generations: [GenerationMetrics]

    /// One loop's results by their parts.
    public init(name: String, generations: [GenerationMetrics]) {
      self.name = name
      self.generations = generations
    }
  }

  /// Results by their parts.
  public init(
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
        file: file.path, message: "is not there or holds no results (\(error.localizedDescription))",
        suggestion: "finish the run with `surefoot loop`")
    }
  }
}
