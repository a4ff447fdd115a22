public import Evaluation
public import Foundation
public import Kinematics
public import Support

/// A motion that a model learns from.
public struct TrainingClip: Sendable, Hashable {
  /// Unique in the run.
  public var id: String
  /// What moves, and how.
  public var motion: Motion
  /// The action label.
  public var action: String
  /// The captured clip that it is cut from, by its name; empty if it is cut from none.
  public var source: String

  /// A clip by its parts.
  public init(id: String, motion: Motion, action: String, source: String = "") {
    self.id = id
    self.motion = motion
    self.action = action
    self.source = source
  }
}

/// One training of a model.
public struct TrainingPlan: Sendable, Hashable {
  /// The weights to begin with; from scratch without.
  public var start: URL?
  /// Where the checkpoint goes; written whole or not at all.
  public var destination: URL
  /// How many steps.
  public var steps: Int
  /// The learning rate; the model's own without.
  public var learningRate: Double?
  /// The action labels of the run's real windows, sorted: what a model from scratch must be able to name.
  public var actions: [String] = []
  /// The seed of everything random in it.
  public var seed: UInt64
}

/// One drawing of clips from a model.
public struct SamplingPlan: Sendable, Hashable {
  /// The model.
  public var checkpoint: URL
  /// What is asked for, a clip each.
  public var prompts: [ClipPrompt]
  /// Denoising steps.
  public var steps: Int
  /// Classifier-free guidance.
  public var guidance: Double
  /// The scale of all noise that is drawn.
  public var temperature = 1.0
  /// A model to be pushed away from: (1 + omega) x model - omega x auxiliary, of the predictions (SIMS).
  public var auxiliary: URL?
  /// How far.
  public var omega = 0.0
  /// The seed of everything random in it.
  public var seed: UInt64
}

/// Progress within a step: how much of how much is done, and a remark.
public typealias StepProgress = @Sendable (_ done: Int, _ total: Int, _ detail: String) -> Void

/// A model of motion that the loop trains and draws from.
///
/// It keeps nothing between calls but what checkpoints hold. The same plan on the same clips gives the same bytes.
public protocol MotionGenerator: Sendable {
  /// Its name and settings, for the ledger.
  var name: String { get }

  /// Trains, writes a checkpoint, and gives the mean loss of the last steps.
  ///
  /// Weights are taken from the plan's start, if it names one; the optimizer is always new.
  func train(on clips: [TrainingClip], plan: TrainingPlan, progress: StepProgress) async throws -> Double

  /// Draws one motion a prompt, of the prompt's length.
  func sample(_ plan: SamplingPlan, progress: StepProgress) async throws -> [Motion]

  /// Writes the checkpoint whose weights are (1 + omega) x base - omega x auxiliary (Neon).
  ///
  /// What is not implemented throws: a generator without weights has nothing to extrapolate.
  func extrapolate(base: URL, auxiliary: URL, omega: Double, to destination: URL) async throws
}

extension MotionGenerator {
  /// Throws: this generator cannot extrapolate.
  public func extrapolate(base: URL, auxiliary: URL, omega: Double, to destination: URL) async throws {
    throw SurefootError.unsupported("\(name) cannot extrapolate weights")
  }
}

/// Trains the motion encoder behind FID on real motion, once.
public protocol EncoderTrainer: Sendable {
  /// Trains, writes a file, and gives the last steps' mean loss.
  func train(
    on motions: [TrainingClip], steps: Int, to destination: URL, seed: UInt64, progress: StepProgress
  ) async throws -> Double

  /// The features of a written file.
  func load(_ url: URL) throws -> any MotionFeatures
}
