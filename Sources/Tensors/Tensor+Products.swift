import CTorch

extension Tensor {
  /// The matrix product of the last two dimensions, the others broadcast.
  public func matmul(_ other: Tensor) -> Tensor { Tensor(ct_matmul(handle, other.handle)) }

  /// x W^T + b: `[..., in]` to `[..., out]` by a weight `[out, in]` and a bias `[out]`.
  public func linear(weight: Tensor, bias: Tensor?) -> Tensor {
    Tensor(ct_linear(handle, weight.handle, bias?.handle))
  }

  /// A convolution over time: `[batch, in, frames]` by a weight `[out, in / groups, kernel]` and a bias `[out]`.
  public func conv1d(
    weight: Tensor, bias: Tensor?, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1
  ) -> Tensor {
    Tensor(
      ct_conv1d(
        handle, weight.handle, bias?.handle, Int64(stride), Int64(padding), Int64(dilation), Int64(groups)))
  }

  /// Zero mean and unit variance over the last dimension, then scaled and shifted (Ba et al., arXiv 1607.06450).
  public func layerNorm(weight: Tensor?, bias: Tensor?, epsilon: Double = 1e-5) -> Tensor {
    Tensor(ct_layer_norm(handle, weight?.handle, bias?.handle, epsilon))
  }

  /// Zero mean and unit variance over groups of channels of `[batch, channels, frames]` (Wu and He, arXiv 1803.08494).
  public func groupNorm(groups: Int, weight: Tensor?, bias: Tensor?, epsilon: Double = 1e-5) -> Tensor {
    Tensor(ct_group_norm(handle, Int64(groups), weight?.handle, bias?.handle, epsilon))
  }

  /// The rows of a table `[rows, width]` at `indices` (`int64`, any shape).
  public static func embedding(_ table: Tensor, _ indices: Tensor) -> Tensor {
    Tensor(ct_embedding(table.handle, indices.handle))
  }

  /// Scaled dot-product attention (Vaswani et al., arXiv 1706.03762): softmax(q k^T / sqrt(width) + mask) v.
  ///
  /// - Parameters:
  ///   - q, k, v: `[batch, heads, tokens, width]`.
  ///   - mask: Added to the scores and broadcast; a large negative number hides a key. `nil` hides nothing.
  public static func attention(_ q: Tensor, _ k: Tensor, _ v: Tensor, mask: Tensor? = nil) -> Tensor {
    Tensor(ct_attention(q.handle, k.handle, v.handle, mask?.handle))
  }

  /// Forward kinematics of rows `[rows, width]` of a tree of joints: positions `[rows, joints, 3]`, the root above the
  /// origin.
  ///
  /// - Parameters:
  ///   - parents: Every joint's parent, -1 for joint 0; parents come before their children.
  ///   - offsets: Every joint's offset from its parent, three numbers each.
  ///   - rotations: The column where joint 0's six numbers start: the first two columns of its local rotation, made
  ///     orthonormal by Gram and Schmidt's method. The other joints' numbers follow.
  ///   - height: The column of the root's height.
  ///   - composed: Whether it is composed of tensor operations; `nil` uses one pass over the memory on the processor
  ///     and operations elsewhere.
  public func forwardKinematics(
    parents: [Int], offsets: [Double], rotations: Int, height: Int, composed: Bool? = nil
  ) -> Tensor {
    precondition(offsets.count == 3 * parents.count, "an offset has three numbers")
    return Tensor(
      ct_kinematics(
        handle, parents.wide, offsets, parents.count, Int64(rotations), Int64(height), composed ?? (device != .cpu)))
  }
}
