import Correctors

/// All settings that decide a run's result, besides its data: read from YAML, saved resolved as `spec.yaml`.
///
///     var specification = try RunSpecification.preset("quickstart")
///     try specification.set("lambda=2")
///
/// `surefoot config explain` and docs/loops.md list the names in YAML.
public struct RunSpecification: Sendable, Hashable {
  /// The seed of everything random.
  public var seed: UInt64 = 1
  /// How many generations follow generation 0.
  public var generations = 2
  /// The loops that run beside one another; they share generation 0.
  public var arms: [ArmName] = [.baseline, .raw, .corrected]
  /// The augmentation ratio lambda: synthetic clips for each real one.
  public var lambda: LambdaSchedule = 1
  /// The most different synthetic clips of a generation, for slow correctors; 0 for as many as ``lambda`` asks for. If it
  /// asks for more, clips are repeated in the training set to make up the number.
  public var distinct = 0
  /// How real and synthetic clips make a training set: the name of a ``Mixing``.
  public var mixing = "augment"
  /// The corrector's name, or several with a + between them; `none` for samples as they are. See ``CorrectorExpression``.
  public var corrector = CorrectorRegistry.standard
  /// The correction strength gamma: with probability gamma / (1 + gamma) the corrected clip replaces the raw
  /// one.
  public var gamma = Double.infinity
  /// What happens to a clip that the corrector rejects.
  public var rejected = RejectionPolicy.drop
  /// Correctors with a data prior.
  public var prior = PriorPart()
  /// The choice among candidates.
  public var curation = CurationPart()
  /// The step away from a model that learned from its own samples (SIMS, Neon).
  public var extrapolation = ExtrapolationPart()
  /// The real windows.
  public var data = DataPart()
  /// The motion-diffusion model and its training.
  public var model = ModelPart()
  /// How clips are drawn.
  public var sampling = SamplingPart()
  /// What is measured each generation.
  public var evaluation = EvaluationPart()
  /// The arms that this specification adds to the built-in ones.
  public var definitions: [ArmDefinition] = []

  /// A specification with every setting at its default.
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
    /// Where later generations begin.
    public var start = StartPolicy.previous
    /// Steps of each later generation that begins with the last one's weights, with a new optimizer.
    public var steps = 200
    /// The learning rate of later generations; 0 for the preset's default.
    public var learningRate = 0.0
  }

  /// How clips are drawn from the model.
  public struct SamplingPart: Sendable, Hashable {
    /// Denoising steps.
    public var steps = 50
    /// Classifier-free guidance: 1 for the plain conditional model, more to follow the action label more closely.
    public var guidance = 1.5
    /// The scale of all noise that sampling draws: below 1 the likelier motions, at the cost of diversity.
    public var temperature = 1.0
    /// How many clips are denoised at once: a matter of speed and memory. Each clip has a seed of its own, so that it
    /// changes no random number.
    public var batch = 64
    /// The corrector inside sampling (PhysDiff's projection); `none` for none.
    public var projection = "none"
    /// In how many denoising steps it corrects.
    public var projectionSteps = 4
    /// The share of the denoising steps after which it begins; at 1 they are the last ones.
    public var projectionFrom = 1.0
  }

  /// Curation: of several candidates for a prompt one enters (Ferbach et al. 2024, arXiv:2407.09499).
  public struct CurationPart: Sendable, Hashable {
    /// The ``Reward``'s name; `none` for a sample a prompt and no choice.
    public var reward = "none"
    /// How many candidates are drawn for a prompt (K).
    public var choices = 4
    /// Rewards are divided by it: 0 takes the best, infinity any.
    public var temperature = 1.0
    /// The ``Curator``'s name.
    public var curator = "bradley-terry"
    /// The corrector whose verdict is the reward `verdict`.
    public var judge = "tracking"
    /// The program that gives the reward `program`.
    public var program = "none"
  }

  /// The denoising prior: a frozen model of the n windows, and how far samples are noised.
  public struct PriorPart: Sendable, Hashable {
    /// How much noise is added, as a share of the model's schedule.
    public var level = 0.3
    /// The training steps of its model, from scratch; 0 for five times those of generation 0.
    public var steps = 0
  }

  /// SIMS and Neon: an auxiliary model that learns from synthetic clips alone, and a step away from it.
  public struct ExtrapolationPart: Sendable, Hashable {
    /// What is extrapolated, if anything.
    public var method = ExtrapolationMethod.none
    /// The strength (omega).
    public var omega = 1.0
    /// Whether the strength is chosen each generation, up to ``omega``.
    public var target = ExtrapolationTarget.none
    /// The most jerk that a chosen strength may give, in multiples of the real windows'.
    public var largestJerk = 1.5
    /// The auxiliary's training steps (the budget B).
    public var steps = 100
    /// How many samples the auxiliary learns from (n_s); 0 for as many as there are real windows.
    public var samples = 0
    /// What those samples are.
    public var negative = NegativeSource.own
  }

  /// What is measured each generation.
  public struct EvaluationPart: Sendable, Hashable {
    /// The real windows that figures are measured against.
    public var windows = EvaluationWindows.subjects
    /// How many clips are drawn and measured.
    public var samples = 128
    /// The number of the first of them whose physics is measured; 0 for all.
    public var physics = 0
    /// How many of them are written as BVH.
    public var keep = 8
    /// Bootstrap resamples behind every interval.
    public var resamples = 200
    /// Training steps of the motion encoder behind FID; 0 leaves the encoder and its figures out.
    public var encoderSteps = 1500
  }
}

/// The real windows that figures are measured against. No model of a run learns from any of them.
public enum EvaluationWindows: String, Sendable, Hashable, Codable, CaseIterable {
  /// The dataset's evaluation windows, of other subjects as a rule: generalisation from person to person.
  case subjects
  /// Training windows of clips that none of the n windows is cut from, 600 at most, drawn by the seed: the drift of models
  /// away from the distribution that the n windows were drawn from.
  case otherClips = "other-clips"
}

/// Where a later generation's training begins.
public enum StartPolicy: String, Sendable, Hashable, Codable, CaseIterable {
  /// From the last generation's weights: `model.steps` steps of fine-tuning.
  case previous
  /// From scratch, as generation 0: `model.initial-steps` steps.
  case scratch
}

/// What happens to a clip that the corrector rejects.
public enum RejectionPolicy: String, Sendable, Hashable, Codable, CaseIterable {
  /// It does not enter training.
  case drop
  /// The raw clip enters training.
  case raw
  /// Another clip is drawn for its prompt, up to three times; if that is rejected too, none enters.
  case replace
}

/// Whether and how a generation's model is extrapolated away from one that learned from its own samples.
public enum ExtrapolationMethod: String, Sendable, Hashable, Codable, CaseIterable {
  /// No extrapolation.
  case none
  /// (1 + omega) base - omega auxiliary of the predictions, at every step of sampling (arXiv:2408.16333).
  case sims
  /// The same of the weights, once.
  case neon
}

/// By what an extrapolation's strength is chosen.
public enum ExtrapolationTarget: String, Sendable, Hashable, Codable, CaseIterable {
  /// It is fixed.
  case none
  /// Each generation takes the strength at which samples have the real windows' kinetic energy.
  case energy
}

/// What the auxiliary model of an extrapolation learns from.
public enum NegativeSource: String, Sendable, Hashable, Codable, CaseIterable {
  /// Fresh samples of the generation's own base model, as they are drawn.
  case own
  /// The raw samples whose corrections the base has just learned from.
  case raw
}

/// The augmentation ratio lambda over the generations: one number for all, or a list whose last value holds
/// for all later generations.
///
///     specification.lambda = 4
///     specification.lambda = [0.5, 1, 2, 4]
public struct LambdaSchedule: Sendable, Hashable, Codable {
  /// Generation 1's ratio, generation 2's, and so on; later ones take the last. Never empty.
  public let ratios: [Double]

  /// A schedule from a list; literals do the same.
  ///
  /// - Precondition: `ratios` is not empty.
  public init(_ ratios: [Double]) {
    precondition(!ratios.isEmpty, "a schedule has at least one ratio")
    self.ratios = ratios
  }

  /// The ratio of a generation, which counts from 1.
  public subscript(generation: Int) -> Double { ratios[min(max(generation, 1), ratios.count) - 1] }

  /// Whether no generation draws anything.
  var isZero: Bool { ratios.allSatisfy { $0 == 0 } }
}

extension LambdaSchedule: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  /// One ratio for all generations.
  public init(floatLiteral value: Double) { self.init([value]) }
  /// One ratio for all generations.
  public init(integerLiteral value: Int) { self.init([Double(value)]) }
  /// One ratio for each generation.
  public init(arrayLiteral elements: Double...) { self.init(elements) }
}
