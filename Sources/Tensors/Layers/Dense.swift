/// A fully connected layer, x W^T + b: `[..., inputs]` to `[..., outputs]`.
public struct Dense: Module {
  /// `[outputs, inputs]`.
  public let weight: Tensor
  /// `[outputs]`.
  public let bias: Tensor

  /// Weights uniform within ± gain / sqrt(inputs), as PyTorch's are at gain 1, or zeros.
  public init(_ inputs: Int, _ outputs: Int, _ initial: Initializer, zero: Bool = false) {
    let bound = 1 / Double(inputs).squareRoot()
    weight = zero ? initial.constant(0, [outputs, inputs]) : initial.uniform([outputs, inputs], bound: bound)
    bias = zero ? initial.constant(0, [outputs]) : initial.uniform([outputs], bound: bound)
  }

  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) -> Tensor { x.linear(weight: weight, bias: bias) }

  /// `weight`, `bias`.
  public var parameters: [Parameter] { [Parameter("weight", weight), Parameter("bias", bias)] }
}
