import Tensors

/// The space that noise is added in: a linear view of a motion's features, invertible except for what it drops.
protocol MotionSpace: Sendable {
  /// The last dimension of what ``encode(_:)`` gives.
  var channels: Int { get }

  /// The one length it takes [frames], `nil` if any.
  var fixedFrames: Int? { get }

  /// The classes that an action is divided into; `nil` if an action is one class.
  var modes: ActionModes? { get }

  /// The class of every motion of `features` `[batch, frames, width]`, with known actions: through ``modes``,
  /// or the action itself.
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
  func preconditioning(_ alphaBar: Tensor, labels: [Int]) -> Preconditioning?

  /// The weight of an error in each channel of the loss; `nil` if all weigh 1.
  var lossWeights: Tensor? { get }

  /// The space as linear functions of channels over time, for motions of a class.
  func view(frames: Int, label: Int, frameRate: Double) -> LinearView

  /// A change of that view's channels, `[view's rows, channels]`, as one of the space, `[rows, channels]` in `float32`.
  func latent(ofChange change: Tensor, rows: Int) -> Tensor

  /// The tensors that were fitted to data, for the checkpoint.
  var fitted: [Parameter] { get }
}

/// With x = noisy - sqrt(alphaBar) center: clean = center + c_skip x + c_out network(c_in x).
///
/// After Karras et al. (arXiv 2206.00364, section 5), about each class's mean and deviation of every coefficient. With a
/// network of zeros it is the best estimate for normal data; the network learns the difference from that.
struct Preconditioning {
  /// The class's mean.
  var center: Tensor
  /// c_skip of Karras et al.
  var skip: Tensor
  /// c_out.
  var output: Tensor
  /// c_in.
  var input: Tensor
}
