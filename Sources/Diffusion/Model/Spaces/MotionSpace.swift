import Tensors

/// The space that noise is added in: a linear, invertible (but for what it drops) view of a motion's features.
protocol MotionSpace: Sendable {
  /// The last dimension of what ``encode(_:)`` gives.
  var channels: Int { get }

  /// The one length it takes [frames], `nil` if any.
  var fixedFrames: Int? { get }

  /// From features `[batch, frames, width]`.
  func encode(_ features: Tensor) -> Tensor

  /// To features.
  func decode(_ latent: Tensor) -> Tensor

  /// From the space to frames of channels, as networks read them.
  func toFrames(_ latent: Tensor) -> Tensor

  /// Back from frames of channels.
  func fromFrames(_ frames: Tensor) -> Tensor

  /// How a network's input and output are scaled where `alphaBar` (`[batch, 1, 1]`) of the signal is left; `nil` if the
  /// network's output is the clean motion itself.
  func scaling(_ alphaBar: Tensor) -> Scaling?

  /// What an error in each channel weighs in the loss; `nil` if all weigh 1.
  var emphasis: Tensor? { get }

  /// All that was fitted to data.
  var fitted: [Parameter] { get }
}

/// clean = skip x noisy + output x network(input x noisy), after Karras et al. (arXiv 2206.00364, section 5).
struct Scaling {
  var skip: Tensor
  var output: Tensor
  var input: Tensor
}
