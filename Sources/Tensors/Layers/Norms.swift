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

  /// Applies the layer.
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

  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) -> Tensor { x.groupNorm(groups: groups, weight: weight, bias: bias) }

  /// `weight`, `bias`.
  public var parameters: [Parameter] { [Parameter("weight", weight), Parameter("bias", bias)] }
}
