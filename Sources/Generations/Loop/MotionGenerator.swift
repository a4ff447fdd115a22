public import Evaluation
public import Foundation
public import Kinematics
import Support

/// A model of motion that the loop trains and samples from.
///
/// All state is in checkpoints: a generator keeps nothing between two calls. The same plan and clips give the same bytes.
public protocol MotionGenerator: Sendable {
  /// Its name and settings, for the ledger.
  var name: String { get }

  /// Trains, writes a checkpoint, and gives the mean loss of the last steps.
  ///
  /// Weights are taken from the plan's start, if it names one; the optimizer is always new.
  func train(on clips: [TrainingClip], plan: TrainingPlan, progress: @escaping StepProgress) async throws -> Double

  /// Loads the models of a plan. The loop keeps the sampler for as long as it draws with the plan.
  func sampler(_ plan: SamplingPlan) async throws -> any MotionSampler

  /// Writes the checkpoint whose weights are (1 + omega) x base - omega x auxiliary (Neon).
  ///
  /// The default throws: a generator without weights has nothing to extrapolate.
  func extrapolate(base: URL, auxiliary: URL, omega: Double, to destination: URL) async throws
}

extension MotionGenerator {
  /// Throws ``SurefootError``: this generator cannot extrapolate.
  public func extrapolate(base: URL, auxiliary: URL, omega: Double, to destination: URL) async throws {
    throw SurefootError.unsupported("\(name) cannot extrapolate weights")
  }
}

/// A loaded model that draws motions.
public protocol MotionSampler: Sendable {
  /// Draws one motion for each prompt, of the prompt's length.
  ///
  /// A motion must depend on its prompt, the seed and its own index alone, and not on the other prompts of the call or on
  /// the plan's batch size.
  ///
  /// - Parameters:
  ///   - first: The index of the first prompt: prompt k has the random numbers of index `first + k`.
  ///   - progress: Receives the number of motions done.
  func sample(
    _ prompts: [ClipPrompt], seed: UInt64, first: Int, progress: @escaping StepProgress
  ) async throws -> [Motion]

  /// Adds noise to motions up to a level and takes it away: each comes back as a motion of the model that is like it.
  ///
  /// The motions come back at the origin and facing forward. One depends on itself, its prompt, the level and its seed
  /// alone. The default throws: not every model works by noise.
  ///
  /// - Parameters:
  ///   - prompts: One a motion, with its length.
  ///   - level: The noise, as a share of the model's schedule, in 0...1.
  ///   - seeds: One a motion.
  func denoised(_ motions: [Motion], prompts: [ClipPrompt], level: Double, seeds: [UInt64]) async throws -> [Motion]
}

extension MotionSampler {
  /// Throws ``SurefootError``: this model cannot denoise.
  public func denoised(
    _ motions: [Motion], prompts: [ClipPrompt], level: Double, seeds: [UInt64]
  ) async throws -> [Motion] {
    throw SurefootError.unsupported("the model cannot denoise motions that are not its own")
  }
}

/// One training of a model.
public struct TrainingPlan: Sendable, Hashable {
  /// The weights to begin with; `nil` trains from scratch.
  public var start: URL?
  /// The checkpoint's file, which must be written whole or not at all.
  public var destination: URL
  /// The number of training steps.
  public var steps: Int
  /// The learning rate; `nil` for the model's default.
  public var learningRate: Double?
  /// The action labels of the run's real windows, sorted: the labels that a model from scratch must know.
  public var actions: [String] = []
  /// The seed of everything random in the training.
  public var seed: UInt64
}

/// How motions are drawn from a model.
public struct SamplingPlan: Sendable, Hashable {
  /// The model.
  public var checkpoint: URL
  /// The number of denoising steps.
  public var steps: Int
  /// The scale of classifier-free guidance.
  public var guidance: Double
  /// The scale of all noise that is drawn.
  public var temperature = 1.0
  /// The number of motions that are denoised at once. It must not change the motions.
  public var batch = 64
  /// A model that predictions are pushed away from: (1 + omega) x model - omega x auxiliary (SIMS).
  public var auxiliary: URL?
  /// The extrapolation's strength.
  public var omega = 0.0
  /// The corrector inside sampling; `nil` for none.
  public var projection: ProjectionPlan?
}

/// A corrector inside sampling, as PhysDiff projects (arXiv 2212.02500).
public struct ProjectionPlan: Sendable, Hashable {
  /// The corrector's name in the specification.
  public var corrector: String
  /// In how many denoising steps it corrects.
  public var steps: Int
  /// The share of the denoising steps after which it begins, spread evenly to the last; at 1 they are the last ones.
  public var from: Double

  /// The default schedule is PhysDiff's best: the last four steps.
  public init(corrector: String, steps: Int = 4, from: Double = 1) {
    self.corrector = corrector
    self.steps = steps
    self.from = from
  }
}

extension RunSpecification.SamplingPart {
  /// The corrector inside sampling that the settings ask for.
  var projectionPlan: ProjectionPlan? {
    projection == "none" ? nil : ProjectionPlan(corrector: projection, steps: projectionSteps, from: projectionFrom)
  }
}

/// Progress within a step: how many of how many units are done, and a remark.
public typealias StepProgress = @Sendable (_ done: Int, _ total: Int, _ detail: String) -> Void

/// Trains the motion encoder behind FID on real motion, once a run.
public protocol EncoderTrainer: Sendable {
  /// Trains, writes a file, and gives the mean loss of the last steps.
  func train(
    on clips: [TrainingClip], steps: Int, to destination: URL, seed: UInt64, progress: @escaping StepProgress
  ) async throws -> Double

  /// The features of a written file.
  func load(_ url: URL) throws -> any MotionFeatures
}
