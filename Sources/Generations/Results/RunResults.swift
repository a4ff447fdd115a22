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
      return try JSONDecoder().decode(RunResults.self, from: try Data(readingFile: file))
    } catch let error as SurefootError {
      throw error
    } catch {
      throw SurefootError(
        file: file.path, message: "holds no results of this version",
        suggestion: "finish the run with `surefoot loop`")
    }
  }
}

/// One generation's figures: `metrics.json`.
public struct GenerationMetrics: Sendable, Hashable, Codable {
  /// The arm; `nil` for generation 0, which arms share.
  public var arm: String?
  /// The generation.
  public var generation: Int
  /// The hash of the evaluated model.
  public var model: String
  /// The figures of fresh samples against the evaluation windows.
  public var samples: SetReport
  /// The synthetic clips of its training set.
  public var synthetic: SyntheticMetrics?

  package init(arm: String?, generation: Int, model: String, samples: SetReport, synthetic: SyntheticMetrics?) {
    self.arm = arm
    self.generation = generation
    self.model = model
    self.samples = samples
    self.synthetic = synthetic
  }
}

/// The synthetic clips of one generation's training set.
public struct SyntheticMetrics: Sendable, Hashable, Codable {
  /// The number that was drawn.
  public var drawn: Int
  /// The number that the corrector changed.
  public var corrected: Int
  /// The number that needed no change.
  public var unchanged: Int
  /// The number that the corrector rejected.
  public var rejected: Int
  /// The number that entered training.
  public var used: Int
  /// The physics of the samples as drawn.
  public var raw: [Figure: Estimate]
  /// The physics of the usable corrections.
  public var corrections: [Figure: Estimate]
  /// Mean distance of the usable corrections' joints to their samples' [mm].
  public var mpjpe: Double?
  /// The mean reward of all candidates, where there was a choice.
  public var candidateReward: Double?
  /// The mean reward of the chosen candidates.
  public var chosenReward: Double?
}
