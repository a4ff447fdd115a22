public import Tensors

/// Tells the clean motions behind noisy ones at every step of sampling: a model, or models put together.
///
/// Predictors wrap one another: ``Extrapolation`` of two ``ClassifierFreeGuidance`` is SIMS with guidance.
public protocol CleanPredictor: Sendable {
  /// The clean motions, in the model's space and of the noisy ones' shape.
  func clean(_ batch: NoisyBatch) -> Tensor
}

/// A model's prediction, pushed away from what it predicts without the action:
/// without + scale x (with - without) (Ho and Salimans, arXiv 2207.12598).
public struct ClassifierFreeGuidance: CleanPredictor {
  /// The model.
  public let model: MotionModel
  /// 1 is the prediction with the action alone, which then is all that is computed.
  public let scale: Double
  /// The element type of products.
  public let products: ElementType

  /// Guidance by its parts.
  public init(_ model: MotionModel, scale: Double, products: ElementType = .float32) {
    self.model = model
    self.scale = scale
    self.products = products
  }

  /// The guided prediction; prompts without an action are not guided.
  public func clean(_ batch: NoisyBatch) -> Tensor {
    let none = model.classes
    guard scale != 1, batch.labels.contains(where: { $0 != none }) else {
      return model.clean(batch, products: products)
    }
    // One pass over both halves is faster than two passes.
    let both = NoisyBatch(
      noisy: Tensor.concatenated([batch.noisy, batch.noisy], 0), steps: batch.steps + batch.steps,
      labels: batch.labels + batch.labels.map { _ in none },
      priors: (batch.priors ?? batch.labels) + (batch.priors ?? batch.labels), lengths: batch.lengths + batch.lengths)
    let (count, answer) = (batch.steps.count, model.clean(both, products: products))
    let without = answer.narrowed(0, count..<2 * count)
    return without + (answer.narrowed(0, 0..<count) - without) * scale
  }
}

/// (1 + omega) x base - omega x auxiliary: away from what a model fine-tuned on its own samples does worse.
///
/// SIMS: Alemohammad et al., "Self-Improving Diffusion Models with Synthetic Data", arXiv 2408.16333.
public struct Extrapolation: CleanPredictor {
  private let base: any CleanPredictor
  private let auxiliary: any CleanPredictor
  private let omega: Double

  /// Extrapolation by its parts.
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
