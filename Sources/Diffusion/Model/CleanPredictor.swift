public import Tensors

/// Motions at some timesteps of the diffusion: what a predictor receives.
public struct NoisyBatch: Sendable {
  /// `[batch, ...]` in the model's space.
  public var noisy: Tensor
  /// The timestep of each.
  public var steps: [Int]
  /// The class of each that the network receives; the number of classes for none.
  public var labels: [Int]
  /// The class of each for the space's prior, `nil` if it is the label.
  ///
  /// Guidance hides the label alone. If it hid the prior too, the two predictions would differ by what the network never
  /// learned to correct, and their difference would explode.
  public var priors: [Int]?
  /// The number of frames of each.
  public var lengths: [Int]
  /// The text of each as the model takes it, a row of zeros for none: `[batch, textWidth]`; `nil` if none has one.
  var texts: Tensor?
  /// Which of the batch's prompts each is, `nil` for one that only fills the batch up; without it they are all in order.
  var members: [Int?]?
  /// Dropout during training.
  var dropout: Dropout?
}

/// Predicts the clean motions from noisy ones at every step of sampling: a model, or models combined.
///
/// Predictors wrap one another: ``Extrapolation`` of two ``ClassifierFreeGuidance`` is SIMS with guidance.
public protocol CleanPredictor: Sendable {
  /// The clean motions, in the model's space and of the noisy ones' shape.
  func clean(_ batch: NoisyBatch) -> Tensor
}

/// A model's prediction, pushed away from its prediction without the action and the text:
/// without + scale x (with - without) (Ho and Salimans, arXiv 2207.12598).
public struct ClassifierFreeGuidance: CleanPredictor {
  private let model: MotionModel
  private let scale: Double
  private let computeType: ElementType

  /// Guidance for a ``Sampler``, which makes one of its options; make it yourself to combine it with others.
  ///
  /// - Parameters:
  ///   - scale: 1 is the prediction with action and text, and only that is computed.
  ///   - computeType: The element type of products, `float32` or `bfloat16`.
  public init(_ model: MotionModel, scale: Double, computeType: ElementType = .float32) {
    self.model = model
    self.scale = scale
    self.computeType = computeType
  }

  /// The guided prediction; prompts with neither action nor text are not guided.
  public func clean(_ batch: NoisyBatch) -> Tensor {
    let none = model.classes
    guard scale != 1, batch.texts != nil || batch.labels.contains(where: { $0 != none }) else {
      return model.clean(batch, computeType: computeType)
    }
    // One pass over both halves is faster than two passes.
    let both = NoisyBatch(
      noisy: Tensor.concatenated([batch.noisy, batch.noisy], 0), steps: batch.steps + batch.steps,
      labels: batch.labels + batch.labels.map { _ in none },
      priors: (batch.priors ?? batch.labels) + (batch.priors ?? batch.labels), lengths: batch.lengths + batch.lengths,
      texts: batch.texts.map { Tensor.concatenated([$0, $0 * 0], 0) })
    let (count, predicted) = (batch.steps.count, model.clean(both, computeType: computeType))
    let without = predicted.narrowed(0, count..<2 * count)
    return without + (predicted.narrowed(0, 0..<count) - without) * scale
  }
}

/// (1 + omega) x base - omega x auxiliary: away from the errors of a model that was fine-tuned on its own samples.
///
/// SIMS: Alemohammad et al., "Self-Improving Diffusion Models with Synthetic Data", arXiv 2408.16333.
public struct Extrapolation: CleanPredictor {
  private let base: any CleanPredictor
  private let auxiliary: any CleanPredictor
  private let omega: Double

  /// Extrapolates two predictors; give it to a ``Sampler`` as its `predictor`.
  ///
  /// - Precondition: Both predict in the same space: the auxiliary is fine-tuned from the base.
  public init(base: any CleanPredictor, auxiliary: any CleanPredictor, omega: Double) {
    self.base = base
    self.auxiliary = auxiliary
    self.omega = omega
  }

  /// The extrapolated prediction.
  public func clean(_ batch: NoisyBatch) -> Tensor {
    base.clean(batch) * (1 + omega) - auxiliary.clean(batch) * omega
  }
}

extension MotionModel {
  /// The share of signal left at each timestep, `[batch, 1, 1]`.
  func alphaBar(_ steps: [Int]) -> Tensor {
    Tensor(steps.map { Float(schedule.alphaBar[$0]) }, shape: [steps.count, 1, 1])
  }

  /// The network's prediction of the clean motions, in the model's space.
  func clean(_ batch: NoisyBatch, computeType: ElementType = .float32) -> Tensor {
    let signal = alphaBar(batch.steps)
    let scales = space.preconditioning(signal, labels: batch.priors ?? batch.labels)
    let centered = scales.map { batch.noisy - $0.center * signal.squareRoot() } ?? batch.noisy
    let scaled = scales.map { centered * $0.input } ?? centered
    let timesteps = batch.steps.map { Float($0) * 1000 / Float(schedule.steps) }
    let frames = space.toFrames(scaled)
    let input = DenoiserInput(
      noisy: frames, timesteps: Tensor(timesteps, shape: [timesteps.count]), actions: Tensor(indices: batch.labels),
      texts: batch.texts,
      mask: space.fixedFrames == nil ? lengthMask(batch.lengths, frames: frames.shape[1]) : nil, dropout: batch.dropout)
    let output = space.fromFrames(Torch.withComputeType(computeType) { denoiser(input) })
    return scales.map { $0.center + centered * $0.skip + output * $0.output } ?? output
  }
}
