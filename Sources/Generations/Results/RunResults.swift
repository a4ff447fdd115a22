public import Evaluation
public import Foundation
public import Mocap

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
  }

  /// Reads the figures of a finished run.
  public static func load(from folder: URL) throws(FileError) -> RunResults {
    let file = folder.appendingPathComponent("results.json")
    do {
      return try JSONDecoder().decode(RunResults.self, from: try Data(contentsOf: file))
    } catch {
      throw FileError(
        file: file.path, problem: "is not there or holds no results (\(error.localizedDescription))",
        mend: "finish the run with `surefoot loop`")
    }
  }
}
