import CTorch

extension Tensor {
  private func reduced(_ operation: Int, _ dimensions: [Int], _ keep: Bool) -> Tensor {
    Tensor(ct_reduce(Int32(operation), handle, dimensions.wide, dimensions.count, keep))
  }

  /// The sum over the given dimensions, or over all.
  public func sum(_ dimensions: Int..., keeping keep: Bool = false) -> Tensor {
    reduced(CT_SUM.index, dimensions, keep)
  }
  /// The mean over the given dimensions, or over all.
  public func mean(_ dimensions: Int..., keeping keep: Bool = false) -> Tensor {
    reduced(CT_MEAN.index, dimensions, keep)
  }
  /// The largest over the given dimensions, or over all.
  public func max(_ dimensions: Int..., keeping keep: Bool = false) -> Tensor {
    reduced(CT_MAX.index, dimensions, keep)
  }
  /// The smallest over the given dimensions, or over all.
  public func min(_ dimensions: Int..., keeping keep: Bool = false) -> Tensor {
    reduced(CT_MIN.index, dimensions, keep)
  }

  /// exp(x) over its sum along a dimension.
  public func softmax(_ dimension: Int = -1) -> Tensor { Tensor(ct_softmax(handle, Int64(dimension))) }
  /// The logarithm of ``softmax(_:)``.
  public func logSoftmax(_ dimension: Int = -1) -> Tensor { Tensor(ct_log_softmax(handle, Int64(dimension))) }
  /// Running sums along a dimension.
  public func cumulativeSum(_ dimension: Int) -> Tensor { Tensor(ct_cumulative_sum(handle, Int64(dimension))) }
  /// Where along a dimension the largest element stands.
  public func indexOfMaximum(_ dimension: Int) -> Tensor { Tensor(ct_argmax(handle, Int64(dimension))) }
}
