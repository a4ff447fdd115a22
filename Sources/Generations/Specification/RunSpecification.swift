/// Everything that decides a run's result besides its data: read from YAML, saved resolved as `spec.yaml`.
///
///     var specification = try RunSpecification.preset("quickstart")
///     try specification.set("lambda=2")
///
/// Names in YAML are those of ``fields``.
public struct RunSpecification: Sendable, Hashable {
  /// The seed of everything random.
  public var seed: UInt64 = 1
  /// How many generations follow generation 0.
  public var generations = 2
  /// Which loops to run beside one another; they share generation 0.
  public var arms: [ArmKind] = [.baseline, .raw, .corrected]
  /// The augmentation ratio lambda: synthetic clips for each real one.
  public var lambda = 1.0
  /// The correction strength gamma: with probability gamma / (1 + gamma) the corrected clip stands in for the raw one.
  public var gamma = Double.infinity
  /// The corrector's name.
  public var corrector = "tracking"
  /// What becomes of a clip that the corrector rejects.
  public var rejected = RejectionPolicy.drop
  /// The real windows.
  public var data = DataPart()
  /// The motion-diffusion model and its training.
  public var model = ModelPart()
  /// How clips are drawn.
  public var sampling = SamplingPart()
  /// What is measured each generation.
  public var evaluation = EvaluationPart()

  /// The defaults.
  public init() {}

  /// The real windows that a run learns from.
  public struct DataPart: Sendable, Hashable {
    /// How many real training windows (n), drawn by the seed; 0 for all.
    public var windows = 0
    /// Whether mirrored windows are among them.
    public var mirrored = true
  }

  /// The model and its training.
  public struct ModelPart: Sendable, Hashable {
    /// The model's preset.
    public var preset = "quickstart"
    /// Steps of generation 0, from scratch.
    public var initialSteps = 2000
    /// Steps of each later generation, from the last one's weights with a new optimizer.
    public var steps = 200
    /// The learning rate of later generations; 0 for the preset's own.
    public var learningRate = 0.0
  }

  /// How clips are drawn from the model.
  public struct SamplingPart: Sendable, Hashable {
    /// Denoising steps.
    public var steps = 50
    /// Classifier-free guidance: 1 for the plain conditional model, more to follow the action label more closely.
    public var guidance = 2.5
    /// How many clips are denoised at once; changes the random numbers drawn, so it is part of the specification.
    public var batch = 64
  }

  /// What is measured each generation.
  public struct EvaluationPart: Sendable, Hashable {
    /// How many clips are drawn and measured.
    public var samples = 128
    /// How many of them are written as BVH.
    public var keep = 8
    /// Bootstrap resamples behind every interval.
    public var resamples = 200
    /// Training steps of the motion encoder behind FID; 0 leaves the encoder and its figures out.
    public var encoderSteps = 1500
  }
}

/// A loop's name in specifications.
public enum ArmKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// Keeps training on real data only.
  case baseline
  /// Trains on real data and its own samples as they are.
  case raw
  /// Trains on real data and its own samples, corrected.
  case corrected
}

/// What becomes of a clip that the corrector rejects.
public enum RejectionPolicy: String, Sendable, Hashable, Codable, CaseIterable {
  /// It does not enter training.
  case drop
  /// The raw clip enters training.
  case raw
}
