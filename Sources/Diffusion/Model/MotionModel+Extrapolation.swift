public import Support
import Tensors

extension MotionModel {
  /// The model whose weights are (1 + omega) x ours - omega x an auxiliary's that was fine-tuned from ours on synthetic
  /// motions alone: away from what self-consumption teaches, at no cost in sampling.
  ///
  /// Neon: Alemohammad et al., "Neon: Negative Extrapolation From Self-Training Improves Image Generation".
  ///
  /// - Throws: ``SurefootError`` if the two are not of one shape.
  public func extrapolated(from auxiliary: MotionModel, omega: Double) throws(SurefootError) -> MotionModel {
    var weights: [String: Tensor] = [:]
    let theirs = auxiliary.weights
    guard auxiliary.configuration == configuration, auxiliary.actions == actions else {
      throw SurefootError(
        .configuration, message: "the auxiliary model is of another shape",
        suggestion: "fine-tune it from the base model")
    }
    for (name, ours) in self.weights {
      guard let other = theirs[name] else { continue }
      weights[name] = Torch.withoutGradients { ours * (1 + omega) - other * omega }
    }
    do {
      return try replacing(weights: weights)
    } catch {
      throw SurefootError(
        .configuration, message: error.message, suggestion: "fine-tune the auxiliary from the base model")
    }
  }
}
