import CTorch

extension Tensor {
  private func unary(_ operation: ct_unary_operation) -> Tensor { Tensor(ct_unary(operation, handle)) }
  private func scalar(_ operation: ct_scalar_operation, _ value: Double) -> Tensor {
    Tensor(ct_scalar(operation, handle, value))
  }
  private static func binary(_ operation: ct_binary_operation, _ a: Tensor, _ b: Tensor) -> Tensor {
    Tensor(ct_binary(operation, a.handle, b.handle))
  }

  /// The sum, element by element.
  public static func + (a: Tensor, b: Tensor) -> Tensor { binary(CT_ADD, a, b) }
  /// The difference, element by element.
  public static func - (a: Tensor, b: Tensor) -> Tensor { binary(CT_SUBTRACT, a, b) }
  /// The product, element by element.
  public static func * (a: Tensor, b: Tensor) -> Tensor { binary(CT_MULTIPLY, a, b) }
  /// The quotient, element by element.
  public static func / (a: Tensor, b: Tensor) -> Tensor { binary(CT_DIVIDE, a, b) }
  /// `a` and a number, element by element.
  public static func + (a: Tensor, b: Double) -> Tensor { a.scalar(CT_PLUS, b) }
  /// `a` less a number, element by element.
  public static func - (a: Tensor, b: Double) -> Tensor { a.scalar(CT_PLUS, -b) }
  /// A number less `b`, element by element.
  public static func - (a: Double, b: Tensor) -> Tensor { -b + a }
  /// `a` times a number, element by element.
  public static func * (a: Tensor, b: Double) -> Tensor { a.scalar(CT_TIMES, b) }
  /// A number times `b`, element by element.
  public static func * (a: Double, b: Tensor) -> Tensor { b * a }
  /// `a` by a number, element by element.
  public static func / (a: Tensor, b: Double) -> Tensor { a * (1 / b) }
  /// The negative, element by element.
  public static prefix func - (a: Tensor) -> Tensor { a.unary(CT_NEGATE) }

  /// |x|.
  public func magnitude() -> Tensor { unary(CT_ABS) }
  /// e^x.
  public func exp() -> Tensor { unary(CT_EXP) }
  /// The natural logarithm.
  public func log() -> Tensor { unary(CT_LOG) }
  /// The square root.
  public func squareRoot() -> Tensor { unary(CT_SQRT) }
  /// 1 over the square root.
  public func reciprocalSquareRoot() -> Tensor { unary(CT_RSQRT) }
  /// The square.
  public func squared() -> Tensor { unary(CT_SQUARE) }
  /// The sine of radians.
  public func sin() -> Tensor { unary(CT_SIN) }
  /// The cosine of radians.
  public func cos() -> Tensor { unary(CT_COS) }
  /// The hyperbolic tangent.
  public func tanh() -> Tensor { unary(CT_TANH) }
  /// 1 / (1 + e^-x).
  public func sigmoid() -> Tensor { unary(CT_SIGMOID) }
  /// max(x, 0).
  public func relu() -> Tensor { unary(CT_RELU) }
  /// x where positive, else `slope` x.
  public func leakyReLU(_ slope: Double = 0.01) -> Tensor { scalar(CT_LEAKY_RELU, slope) }
  /// x times the normal distribution function of x (Hendrycks and Gimpel, arXiv 1606.08415), by the error function.
  public func gelu() -> Tensor { unary(CT_GELU) }
  /// x / (1 + e^-x).
  public func silu() -> Tensor { unary(CT_SILU) }
  /// x to a power.
  public func power(_ exponent: Double) -> Tensor { scalar(CT_POWER, exponent) }
  /// The values raised to `low` where below it, lowered to `high` where above it.
  public func clamped(from low: Double? = nil, to high: Double? = nil) -> Tensor {
    let raised = low.map { scalar(CT_AT_LEAST, $0) } ?? self
    return high.map { raised.scalar(CT_AT_MOST, $0) } ?? raised
  }

  /// The larger of the two, element by element.
  public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { binary(CT_MAXIMUM, a, b) }
  /// The smaller of the two, element by element.
  public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { binary(CT_MINIMUM, a, b) }

  /// Where `self` is less than `other`, as truth values.
  public func isLess(than other: Tensor) -> Tensor { Tensor.binary(CT_LESS, self, other) }
  /// Where `self` is less than a number, as truth values.
  public func isLess(than value: Double) -> Tensor { scalar(CT_BELOW, value) }
  /// Where `self` is greater than a number, as truth values.
  public func isGreater(than value: Double) -> Tensor { scalar(CT_ABOVE, value) }
  /// Where the two are equal, as truth values.
  public func isEqual(to other: Tensor) -> Tensor { Tensor.binary(CT_EQUAL, self, other) }
  /// Both, of truth values.
  public func and(_ other: Tensor) -> Tensor { Tensor.binary(CT_AND, self, other) }
  /// The opposite, of truth values.
  public func not() -> Tensor { unary(CT_NOT) }
  /// `yes` where `condition` holds, `no` elsewhere.
  public static func choose(_ condition: Tensor, _ yes: Tensor, _ no: Tensor) -> Tensor {
    Tensor(ct_where(condition.handle, yes.handle, no.handle))
  }
  /// `self` with a value where `mask` holds.
  public func filled(where mask: Tensor, with value: Double) -> Tensor {
    Tensor(ct_masked_fill(handle, mask.handle, value))
  }
}

extension Tensor {
  private func reduced(_ operation: ct_reduction, _ dimensions: [Int], _ keep: Bool) -> Tensor {
    Tensor(ct_reduce(operation, handle, dimensions.wide, dimensions.count, keep))
  }

  /// The sum over the given dimensions, or over all.
  public func sum(_ dimensions: Int..., keeping keep: Bool = false) -> Tensor {
    reduced(CT_SUM, dimensions, keep)
  }
  /// The mean over the given dimensions, or over all.
  public func mean(_ dimensions: Int..., keeping keep: Bool = false) -> Tensor {
    reduced(CT_MEAN, dimensions, keep)
  }
  /// The largest over the given dimensions, or over all.
  public func max(_ dimensions: Int..., keeping keep: Bool = false) -> Tensor {
    reduced(CT_MAX, dimensions, keep)
  }
  /// The smallest over the given dimensions, or over all.
  public func min(_ dimensions: Int..., keeping keep: Bool = false) -> Tensor {
    reduced(CT_MIN, dimensions, keep)
  }

  /// exp(x) over its sum along a dimension.
  public func softmax(_ dimension: Int = -1) -> Tensor { Tensor(ct_softmax(handle, Int64(dimension))) }
  /// The logarithm of ``softmax(_:)``.
  public func logSoftmax(_ dimension: Int = -1) -> Tensor { Tensor(ct_log_softmax(handle, Int64(dimension))) }
  /// Running sums along a dimension.
  public func cumulativeSum(_ dimension: Int) -> Tensor { Tensor(ct_cumulative_sum(handle, Int64(dimension))) }
  /// The index of the largest element along a dimension.
  public func indexOfMaximum(_ dimension: Int) -> Tensor { Tensor(ct_argmax(handle, Int64(dimension))) }
}
