public import Evaluation

/// One generation's figures: `metrics.json`.
public struct GenerationMetrics: Sendable, Hashable, Codable {
  /// The loop; none for generation 0, which arms share.
  public var arm: String?
  /// The generation.
  public var generation: Int
  /// The hash of the model measured.
  public var model: String
  /// Fresh samples of the model, against the evaluation windows.
  public var samples: SetReport
  /// What went into its training.
  public var synthetic: SyntheticMetrics?

  /// Metrics by their parts.
  public init(arm: String?, generation: Int, model: String, samples: SetReport, synthetic: SyntheticMetrics?) {
    self.arm = arm
    self.generation = generation
    self.model = model
    self.samples = samples
    self.synthetic = synthetic
  }
}

/// The synthetic clips of one generation's training set.
public struct SyntheticMetrics: Sendable, Hashable, Codable {
  /// How many were drawn.
  public var drawn: Int
  /// How many the corrector changed.
  public var corrected: Int
  /// How many the corrector found good.
  public var unchanged: Int
  /// How many the corrector rejected.
  public var rejected: Int
  /// How many entered training.
  public var used: Int
  /// The physics of the samples as drawn.
  public var raw: [Figure: Estimate]
  /// The physics of the usable corrections.
  public var corrections: [Figure: Estimate]
  /// Mean distance of the usable corrections' joints to their samples' [mm].
  public var mpjpe: Double?
  /// The mean reward of all candidates, where there was a choice.
  public var candidateReward: Double?
  /// The mean reward of those that were chosen.
  public var chosenReward: Double?
}
