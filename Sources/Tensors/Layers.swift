/// A fully connected layer, x W^T + b: `[..., inputs]` to `[..., outputs]`.
package struct Linear: Module {
  /// `[outputs, inputs]`.
  package let weight: Tensor
  /// `[outputs]`.
  package let bias: Tensor

  /// Weights uniform within ± 1 / sqrt(inputs), as PyTorch's are, or zeros.
  package init(_ inputs: Int, _ outputs: Int, _ initial: Initializer, zero: Bool = false) {
    let bound = 1 / Double(inputs).squareRoot()
    weight = zero ? initial.constant(0, [outputs, inputs]) : initial.uniform([outputs, inputs], bound: bound)
    bias = zero ? initial.constant(0, [outputs]) : initial.uniform([outputs], bound: bound)
  }

  /// x W^T + b.
  package func callAsFunction(_ x: Tensor) -> Tensor { x.linear(weight: weight, bias: bias) }

  /// `weight`, `bias`.
  package var parameters: [Parameter] { [Parameter("weight", weight), Parameter("bias", bias)] }
}

/// A convolution over time: `[batch, inputs, frames]` to `[batch, outputs, frames']`.
package struct Conv1d: Module {
  /// `[outputs, inputs / groups, kernel]`.
  package let weight: Tensor
  /// `[outputs]`.
  package let bias: Tensor
  /// Frames from one output to the next.
  package let stride: Int
  /// Zeros added at either end.
  package let padding: Int
  /// Frames between the kernel's elements.
  package let dilation: Int
  /// Groups of channels that are convolved apart.
  package let groups: Int

  /// Weights uniform within ± 1 / sqrt(inputs x kernel / groups), as PyTorch's are.
  ///
  /// - Parameter padding: `nil` keeps the number of frames at stride 1 (for an odd kernel).
  package init(
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
  package func callAsFunction(_ x: Tensor) -> Tensor {
    x.conv1d(weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }

  /// `weight`, `bias`.
  package var parameters: [Parameter] { [Parameter("weight", weight), Parameter("bias", bias)] }
}

/// Layer normalisation over the last dimension (Ba et al., arXiv 1607.06450).
package struct LayerNorm: Module {
  /// `[width]`, 1 at first.
  package let weight: Tensor
  /// `[width]`, 0 at first.
  package let bias: Tensor

  /// A norm of a last dimension of `width`.
  package init(_ width: Int, _ initial: Initializer) {
    weight = initial.constant(1, [width])
    bias = initial.constant(0, [width])
  }

  /// `[..., width]` to the same shape.
  package func callAsFunction(_ x: Tensor) -> Tensor { x.layerNorm(weight: weight, bias: bias) }

  /// `weight`, `bias`.
  package var parameters: [Parameter] { [Parameter("weight", weight), Parameter("bias", bias)] }
}

/// Group normalisation of `[batch, channels, frames]` (Wu and He, arXiv 1803.08494).
package struct GroupNorm: Module {
  /// `[channels]`, 1 at first.
  package let weight: Tensor
  /// `[channels]`, 0 at first.
  package let bias: Tensor
  /// How many groups the channels form.
  package let groups: Int

  /// A norm of `channels` in `groups`.
  package init(_ channels: Int, groups: Int, _ initial: Initializer) {
    precondition(channels.isMultiple(of: groups), "\(channels) channels do not form \(groups) groups")
    weight = initial.constant(1, [channels])
    bias = initial.constant(0, [channels])
    self.groups = groups
  }

  /// `[batch, channels, frames]` to the same shape.
  package func callAsFunction(_ x: Tensor) -> Tensor { x.groupNorm(groups: groups, weight: weight, bias: bias) }

  /// `weight`, `bias`.
  package var parameters: [Parameter] { [Parameter("weight", weight), Parameter("bias", bias)] }
}

/// A learned vector for each of some classes: `int64` indices of any shape to `[..., width]`.
package struct Embedding: Module {
  /// `[classes, width]`.
  package let table: Tensor

  /// Normal vectors with a standard deviation.
  package init(_ classes: Int, _ width: Int, deviation: Double = 1, _ initial: Initializer) {
    table = initial.normal([classes, width], deviation: deviation)
  }

  /// One vector an index.
  package func callAsFunction(_ indices: Tensor) -> Tensor { Tensor.embedding(table, indices) }

  /// `weight`.
  package var parameters: [Parameter] { [Parameter("weight", table)] }
}

/// Dropout during training: a probability and the stream that decides which elements are zeroed.
///
/// Networks take an optional one in their call, and `nil` is evaluation: a network has no mode to forget about.
package struct Dropout: Sendable {
  /// The share of elements that are zeroed.
  package let probability: Double
  /// Where the random numbers come from.
  package let stream: RandomStream

  /// Dropout that draws from `stream`.
  package init(_ probability: Double, _ stream: RandomStream) {
    self.probability = probability
    self.stream = stream
  }

  /// `x` with elements zeroed and the others scaled up.
  package func callAsFunction(_ x: Tensor) -> Tensor { stream.dropout(x, probability) }
}

extension Tensor {
  /// `self` with dropout, or unchanged if there is none.
  package func dropped(_ dropout: Dropout?) -> Tensor { dropout.map { $0(self) } ?? self }
}
