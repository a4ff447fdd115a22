/// A fully connected layer, x W^T + b: `[..., inputs]` to `[..., outputs]`.
public struct Linear: Module {
  /// `[outputs, inputs]`.
  public let weight: Tensor
  /// `[outputs]`.
  public let bias: Tensor

  /// Weights uniform within ± 1 / sqrt(inputs), as PyTorch's are, or zeros.
  public init(_ inputs: Int, _ outputs: Int, _ initial: Initializer, zero: Bool = false) {
    let bound = 1 / Double(inputs).squareRoot()
    weight = zero ? initial.constant(0, [outputs, inputs]) : initial.uniform([outputs, inputs], bound: bound)
    bias = zero ? initial.constant(0, [outputs]) : initial.uniform([outputs], bound: bound)
  }

  /// x W^T + b.
  public func callAsFunction(_ x: Tensor) -> Tensor { x.linear(weight: weight, bias: bias) }

  /// `weight`, `bias`.
  public var parameters: [Parameter] { [Parameter("weight", weight), Parameter("bias", bias)] }
}

/// A convolution over time: `[batch, inputs, frames]` to `[batch, outputs, frames']`.
public struct Conv1d: Module {
  /// `[outputs, inputs / groups, kernel]`.
  public let weight: Tensor
  /// `[outputs]`.
  public let bias: Tensor
  /// Frames from one output to the next.
  public let stride: Int
  /// Zeros added at either end.
  public let padding: Int
  /// Frames between the kernel's elements.
  public let dilation: Int
  /// Groups of channels that are convolved apart.
  public let groups: Int

  /// Weights uniform within ± 1 / sqrt(inputs x kernel / groups), as PyTorch's are.
  ///
  /// - Parameter padding: `nil` keeps the number of frames at stride 1 (for an odd kernel).
  public init(
    _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int? = nil, dilation: Int = 1,
    groups: Int = 1, _ initial: Initializer
  ) {
    let bound = 1 / Double(inputs / groups * kernel).squareRoot()
    weight = initial.uniform([outputs, inputs / groups, kernel], bound: bound)
    bias = initial.uniform([outputs], bound: bound)
    self.stride = stride
    self.padding = padding ?? dilation * (kernel - 1) / 2
    self.dilation = dilation
    self.groups = groups
  }

  /// `[batch, inputs, frames]` to `[batch, outputs, frames']`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.conv1d(weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }

  /// `weight`, `bias`.
  public var parameters: [Parameter] { [Parameter("weight", weight), Parameter("bias", bias)] }
}

/// Layer normalisation over the last dimension (Ba et al., arXiv 1607.06450).
public struct LayerNorm: Module {
  /// `[width]`, 1 at first.
  public let weight: Tensor
  /// `[width]`, 0 at first.
  public let bias: Tensor

  /// A norm of a last dimension of `width`.
  public init(_ width: Int, _ initial: Initializer) {
    weight = initial.constant(1, [width])
    bias = initial.constant(0, [width])
  }

  /// `[..., width]` to the same shape.
  public func callAsFunction(_ x: Tensor) -> Tensor { x.layerNorm(weight: weight, bias: bias) }

  /// `weight`, `bias`.
  public var parameters: [Parameter] { [Parameter("weight", weight), Parameter("bias", bias)] }
}

/// Group normalisation of `[batch, channels, frames]` (Wu and He, arXiv 1803.08494).
public struct GroupNorm: Module {
  /// `[channels]`, 1 at first.
  public let weight: Tensor
  /// `[channels]`, 0 at first.
  public let bias: Tensor
  /// How many groups the channels form.
  public let groups: Int

  /// A norm of `channels` in `groups`.
  public init(_ channels: Int, groups: Int, _ initial: Initializer) {
    precondition(channels.isMultiple(of: groups), "\(channels) channels do not form \(groups) groups")
    weight = initial.constant(1, [channels])
    bias = initial.constant(0, [channels])
    self.groups = groups
  }

  /// `[batch, channels, frames]` to the same shape.
  public func callAsFunction(_ x: Tensor) -> Tensor { x.groupNorm(groups: groups, weight: weight, bias: bias) }

  /// `weight`, `bias`.
  public var parameters: [Parameter] { [Parameter("weight", weight), Parameter("bias", bias)] }
}

/// A learned vector for each of some classes: `int64` indices of any shape to `[..., width]`.
public struct Embedding: Module {
  /// `[classes, width]`.
  public let table: Tensor

  /// Normal vectors with a standard deviation.
  public init(_ classes: Int, _ width: Int, deviation: Double = 1, _ initial: Initializer) {
    table = initial.normal([classes, width], deviation: deviation)
  }

  /// One vector an index.
  public func callAsFunction(_ indices: Tensor) -> Tensor { Tensor.embedding(table, indices) }

  /// `weight`.
  public var parameters: [Parameter] { [Parameter("weight", table)] }
}

/// Dropout during training: a probability and the stream that decides which elements are zeroed.
///
/// Networks take an optional one in their call, and `nil` is evaluation: a network has no mode to forget about.
public struct Dropout: Sendable {
  /// The share of elements that are zeroed.
  public let probability: Double
  /// Where the random numbers come from.
  public let stream: RandomStream

  /// Dropout that draws from `stream`.
  public init(_ probability: Double, _ stream: RandomStream) {
    self.probability = probability
    self.stream = stream
  }

  /// `x` with elements zeroed and the others scaled up.
  public func callAsFunction(_ x: Tensor) -> Tensor { stream.dropout(x, probability) }
}

extension Tensor {
  /// `self` with dropout, or unchanged if there is none.
  public func dropped(_ dropout: Dropout?) -> Tensor { dropout.map { $0(self) } ?? self }
}
