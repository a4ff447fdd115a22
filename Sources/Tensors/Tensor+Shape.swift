import CTorch

extension Tensor {
  /// The same elements in another shape; one dimension may be -1, which follows from the others.
  public func reshaped(_ shape: Int...) -> Tensor { reshaped(to: shape) }

  /// The same elements in another shape; one dimension may be -1, which follows from the others.
  public func reshaped(to shape: [Int]) -> Tensor { Tensor(ct_reshape(handle, shape.wide, shape.count)) }

  /// Dimension `order[i]` becomes dimension `i`.
  public func permuted(_ order: Int...) -> Tensor { Tensor(ct_permute(handle, order.wide, order.count)) }

  /// Dimensions of length 1 repeated to the given lengths; -1 keeps a length.
  public func expanded(_ shape: Int...) -> Tensor { Tensor(ct_expand(handle, shape.wide, shape.count)) }

  /// The part of a dimension in `range`.
  public func narrowed(_ dimension: Int, _ range: Range<Int>) -> Tensor {
    Tensor(ct_narrow(handle, Int64(dimension), Int64(range.lowerBound), Int64(range.count)))
  }

  /// One index of a dimension, which is removed.
  public func selected(_ dimension: Int, _ index: Int) -> Tensor {
    Tensor(ct_select(handle, Int64(dimension), Int64(index)))
  }

  /// With a new dimension of length 1 inserted at the given index.
  public func unsqueezed(_ dimension: Int) -> Tensor { Tensor(ct_unsqueeze(handle, Int64(dimension))) }

  /// The elements of a dimension at the `int64` tensor `indices`, in its order.
  public func gathered(_ dimension: Int, _ indices: Tensor) -> Tensor {
    Tensor(ct_index_select(handle, Int64(dimension), indices.handle))
  }

  /// Reversed along a dimension.
  public func reversed(_ dimension: Int) -> Tensor { Tensor(ct_flip(handle, Int64(dimension))) }

  /// One tensor for each index of a dimension.
  public func unbound(_ dimension: Int = 0) -> [Tensor] {
    let shape = shape
    var parts = [ct_tensor?](repeating: nil, count: shape[dimension < 0 ? dimension + shape.count : dimension])
    if !ct_unbind(handle, Int64(dimension), &parts, parts.count) { Torch.fail() }
    return parts.map { Tensor($0) }
  }

  /// Tensors joined along an existing dimension.
  public static func concatenated(_ tensors: [Tensor], _ dimension: Int) -> Tensor {
    Tensor(ct_concatenate(tensors.handles, tensors.count, Int64(dimension)))
  }

  /// Tensors of one shape joined along a new dimension.
  public static func stacked(_ tensors: [Tensor], _ dimension: Int = 0) -> Tensor {
    Tensor(ct_stack(tensors.handles, tensors.count, Int64(dimension)))
  }
}

extension [Tensor] {
  /// The handles, borrowed for a call.
  var handles: [ct_tensor?] { map { $0.handle } }
}
