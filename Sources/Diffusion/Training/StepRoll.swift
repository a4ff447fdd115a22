public import Randomness
import Tensors

/// The random choices of one training step.
struct StepRoll: Sendable {
  /// The windows of its batch; all else is one for each of them.
  var windows: [Int]
  var lengths: [Int]
  /// How far into the diffusion.
  var steps: [Int]
  var labels: [Int]
  var priors: [Int]
  /// `[batch, rows, channels]`.
  var noise: Tensor
  /// What dropout is derived from.
  var seed: UInt64

  /// A part of the batch with its noise; dropout's stream is each part's own.
  func noised(_ clean: Tensor, _ range: Range<Int>, _ model: MotionModel) -> NoisyBatch {
    let steps = Array(steps[range])
    let alphaBar = model.alphaBar(steps)
    let dropout = model.configuration.dropout
    let stream = RandomStream(seed: Seed.derive(seed, "dropout", range.lowerBound))
    return NoisyBatch(
      noisy: clean * alphaBar.squareRoot() + noise.narrowed(0, range) * (1 - alphaBar).squareRoot(), steps: steps,
      labels: Array(labels[range]), priors: Array(priors[range]), lengths: Array(lengths[range]),
      dropout: dropout > 0 ? Dropout(dropout, stream) : nil)
  }
}
