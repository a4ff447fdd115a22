import CTorch

extension Tensor {
  private func unary(_ operation: Int) -> Tensor { Tensor(ct_unary(Int32(operation), handle)) }
  private func scalar(_ operation: Int, _ value: Double) -> Tensor {
    Tensor(ct_scalar(Int32(operation), handle, value))
  }
  private static func binary(_ operation: Int, _ a: Tensor, _ b: Tensor) -> Tensor {
    Tensor(ct_binary(Int32(operation), a.handle, b.handle))
  }

  /// The sum, element by element.
  public static func + (a: Tensor, b: Tensor) -> Tensor { binary(CT_ADD.index, a, b) }
  /// The difference, element by element.
  public static func - (a: Tensor, b: Tensor) -> Tensor { binary(CT_SUBTRACT.index, a, b) }
  /// The product, element by element.
  public static func * (a: Tensor, b: Tensor) -> Tensor { binary(CT_MULTIPLY.index, a, b) }
  /// The quotient, element by element.
  public static func / (a: Tensor, b: Tensor) -> Tensor { binary(CT_DIVIDE.index, a, b) }
  /// `a` and a number, element by element.
  public static func + (a: Tensor, b: Double) -> Tensor { a.scalar(CT_PLUS.index, b) }
  /// `a` less a number, element by element.
  public static func - (a: Tensor, b: Double) -> Tensor { a.scalar(CT_PLUS.index, -b) }
  /// A number less `b`, element by element.
  public static func - (a: Double, b: Tensor) -> Tensor { -b + a }
  /// `a` times a number, element by element.
  public static func * (a: Tensor, b: Double) -> Tensor { a.scalar(CT_TIMES.index, b) }
  /// A number times `b`, element by element.
  public static func * (a: Double, b: Tensor) -> Tensor { b * a }
  /// `a` by a number, element by element.
  public static func / (a: Tensor, b: Double) -> Tensor { a * (1 / b) }
  /// The negative, element by element.
  public static prefix func - (a: Tensor) -> Tensor { a.unary(CT_NEGATE.index) }

  /// |x|.
  public func magnitude() -> Tensor { unary(CT_ABS.index) }
  /// e^x.
  public func exp() -> Tensor { unary(CT_EXP.index) }
  /// The natural logarithm.
  public func log() -> Tensor { unary(CT_LOG.index) }
  /// The square root.
  public func squareRoot() -> Tensor { unary(CT_SQRT.index) }
  /// 1 over the square root.
  public func reciprocalSquareRoot() -> Tensor { unary(CT_RSQRT.index) }
  /// The square.
  public func squared() -> Tensor { unary(CT_SQUARE.index) }
  /// The sine of radians.
  public func sin() -> Tensor { unary(CT_SIN.index) }
  /// The cosine of radians.
  public func cos() -> Tensor { unary(CT_COS.index) }
  /// The hyperbolic tangent.
  public func tanh() -> Tensor { unary(CT_TANH.index) }
  /// 1 / (1 + e^-x).
  public func sigmoid() -> Tensor { unary(CT_SIGMOID.index) }
  /// max(x, 0).
  public func relu() -> Tensor { unary(CT_RELU.index) }
  /// x where positive, else `slope` x.
  public func leakyReLU(_ slope: Double = 0.01) -> Tensor { scalar(CT_LEAKY_RELU.index, slope) }
  /// x times the normal distribution function of x (Hendrycks and Gimpel, arXiv 1606.08415), by the error function.
  public func gelu() -> Tensor { unary(CT_GELU.index) }
  /// x / (1 + e^-x).
  public func silu() -> Tensor { unary(CT_SILU.index) }
  /// x to a power.
  public func power(_ exponent: Double) -> Tensor { scalar(CT_POWER.index, exponent) }
  /// The values raised to `low` where below it, lowered to `high` where above it.
  public func clamped(from low: Double? = nil, to high: Double? = nil) -> Tensor {
    let raised = low.map { scalar(CT_AT_LEAST.index, $0) } ?? self
    return high.map { raised.scalar(CT_AT_MOST.index, $0) } ?? raised
  }

  /// The larger of the two, element by element.
  public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { binary(CT_MAXIMUM.index, a, b) }
  /// The smaller of the two, element by element.
  public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { binary(CT_MINIMUM.index, a, b) }

  /// Where `self` is less than `other`, as truth values.
  public func isLess(than other: Tensor) -> Tensor { Tensor.binary(CT_LESS.index, self, other) }
  /// Where `self` is less than a number, as truth values.
  public func isLess(than value: Double) -> Tensor { scalar(CT_BELOW.index, value) }
  /// Where `self` is greater than a number, as truth values.
  public func isGreater(than value: Double) -> Tensor { scalar(CT_ABOVE.index, value) }
  /// Where the two are equal, as truth values.
  public func isEqual(to other: Tensor) -> Tensor { Tensor.binary(CT_EQUAL.index, self, other) }
  /// Both, of truth values.
  public func and(_ other: Tensor) -> Tensor { Tensor.binary(CT_AND.index, self, other) }
  /// The opposite, of truth values.
  public func not() -> Tensor { unary(CT_NOT.index) }
  /// `yes` where `condition` holds, `no` elsewhere.
  public static func choose(_ condition: Tensor, _ yes: Tensor, _ no: Tensor) -> Tensor {
    Tensor(ct_where(condition.handle, yes.handle, no.handle))
  }
  /// `self` with a value where `mask` holds.
  public func filled(where mask: Tensor, with value: Double) -> Tensor {
    Tensor(ct_masked_fill(handle, mask.handle, value))
  }
}

extension BinaryInteger {
  /// A C enumerator as an operation's number, however this platform imports it.
  var index: Int { Int(self) }
}
