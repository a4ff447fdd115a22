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
  /// Parts of the channels that do not see each other.
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

  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.conv1d(weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }

  /// `weight`, `bias`.
  public var parameters: [Parameter] { [Parameter("weight", weight), Parameter("bias", bias)] }
}
