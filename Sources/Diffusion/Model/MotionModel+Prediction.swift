public import Tensors

/// Some motions at some steps of the diffusion: what a model predicts the clean motions of.
public struct NoisyBatch: Sendable {
  /// `[batch, ...]` in the model's space.
  public var noisy: Tensor
  /// Each one's step.
  public var steps: [Int]
  /// Each one's class as the network is told it; the number of classes for none.
  public var labels: [Int]
  /// Each one's class for the space's prior, `nil` if it is the label.
  ///
  /// Guidance hides the label alone: were the prior hidden with it, the two predictions would differ by what the network
  /// never learned to answer for, and their difference would explode.
  public var priors: [Int]?
  /// Each one's frames.
  public var lengths: [Int]
  /// Dropout during training.
  public var dropout: Dropout?
}

extension MotionModel {
  /// The signal left at each one's step, `[batch, 1, 1]`.
  func alphaBar(_ steps: [Int]) -> Tensor {
    Tensor(steps.map { Float(schedule.alphaBar[$0]) }, shape: [steps.count, 1, 1])
  }

  /// The clean motions that the network sees behind noisy ones, in the model's space.
  ///
  /// - Parameter products: The element type of the network's products.
  func clean(_ batch: NoisyBatch, products: ElementType = .float32) -> Tensor {
    let signal = alphaBar(batch.steps)
    let scaling = space.scaling(signal, labels: batch.priors ?? batch.labels)
    let centered = scaling.map { batch.noisy - $0.center * signal.squareRoot() } ?? batch.noisy
    let seen = scaling.map { centered * $0.input } ?? centered
    let levels = batch.steps.map { Float($0) * 1000 / Float(schedule.steps) }
    let frames = space.toFrames(seen)
    let question = DenoiserInput(
      noisy: frames, levels: Tensor(levels, shape: [levels.count]), actions: Tensor(indices: batch.labels),
      mask: space.fixedFrames == nil ? lengthMask(batch.lengths, frames: frames.shape[1]) : nil, dropout: batch.dropout)
    let answer = space.fromFrames(Torch.withProducts(in: products) { denoiser(question) })
    return scaling.map { $0.center + centered * $0.skip + answer * $0.output } ?? answer
  }
}
