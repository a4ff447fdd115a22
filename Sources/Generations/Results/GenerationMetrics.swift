public import Evaluation

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
