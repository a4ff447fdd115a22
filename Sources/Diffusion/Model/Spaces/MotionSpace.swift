import Tensors

/// The space that noise is added in: a linear, invertible (but for what it drops) view of a motion's features.
protocol MotionSpace: Sendable {
  /// The last dimension of what ``encode(_:)`` gives.
  var channels: Int { get }

  /// The one length it takes [frames], `nil` if any.
  var fixedFrames: Int? { get }

  /// The parts of every action that are classes of their own; `nil` if an action is one class.
  var modes: ActionModes? { get }

  /// The class of every motion of `features` `[batch, frames, width]`, whose actions are told; ``modes`` or none.
  func classes(_ features: Tensor, actions: [Int]) -> [Int]

  /// How many rows of channels a motion of some frames has in the space.
  func rows(frames: Int) -> Int

  /// From features `[batch, frames, width]`.
  func encode(_ features: Tensor) -> Tensor

  /// To features.
  func decode(_ latent: Tensor) -> Tensor

  /// From the space to frames of channels, as networks read them.
  func toFrames(_ latent: Tensor) -> Tensor

  /// Back from frames of channels.
  func fromFrames(_ frames: Tensor) -> Tensor

  /// How a network's input and output are scaled where `alphaBar` (`[batch, 1, 1]`) of the signal is left of motions of
  /// some classes; `nil` if the network's output is the clean motion itself.
  func scaling(_ alphaBar: Tensor, labels: [Int]) -> Scaling?

  /// What an error in each channel weighs in the loss; `nil` if all weigh 1.
  var emphasis: Tensor? { get }

  /// All that was fitted to data.
  var fitted: [Parameter] { get }
}

/// With noisy' = noisy - sqrt(alphaBar) center: clean = center + skip noisy' + output network(input noisy').
///
/// After Karras et al. (arXiv 2206.00364, section 5), about each class's own mean and deviation of every coefficient:
/// without a network at all it is the best guess if the data were normal, and the network learns what they are not.
struct Scaling {
  var center: Tensor
  var skip: Tensor
  var output: Tensor
  var input: Tensor
}
