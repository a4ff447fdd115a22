public import Tensors

/// What a denoiser is asked: some noisy motions, and what is known of them.
public struct DenoiserInput: Sendable {
  /// The noisy motions, frame by frame: `[batch, frames, channels]`.
  public var noisy: Tensor
  /// How noisy each is, from 0 to 1000 whatever the schedule's number of steps: `[batch]`.
  public var levels: Tensor
  /// Each one's action as a class, or the number of classes for none: `int64`, `[batch]`.
  public var actions: Tensor
  /// 1 where a frame belongs to the motion, 0 where it is padding: `[batch, frames]`; `nil` if all belong.
  public var mask: Tensor?
  /// Dropout during training.
  public var dropout: Dropout?

  /// A question by its parts.
  public init(noisy: Tensor, levels: Tensor, actions: Tensor, mask: Tensor? = nil, dropout: Dropout? = nil) {
    self.noisy = noisy
    self.levels = levels
    self.actions = actions
    self.mask = mask
    self.dropout = dropout
  }
}

/// A network that tells the clean motion from a noisy one: what an architecture has to offer.
///
/// A new one is a type of its own and a case of ``ModelConfiguration/Architecture``; nothing else changes. It must give
/// a motion the same output whatever its padding holds.
public protocol Denoiser: Module {
  /// `[batch, frames, channels]`.
  func callAsFunction(_ input: DenoiserInput) -> Tensor
}
