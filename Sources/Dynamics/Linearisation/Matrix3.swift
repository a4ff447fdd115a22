import Kinematics

/// A 3 x 3 matrix of columns, for the derivatives of rotations.
struct Matrix3 {
  var a: SIMD3<Double>
  var b: SIMD3<Double>
  var c: SIMD3<Double>

  static let identity = Matrix3(.unitX, .unitY, .unitZ)
  static let zero = Matrix3(.zero, .zero, .zero)

  @inline(__always) init(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) {
    self.a = a
    self.b = b
    self.c = c
  }

  /// The outer product `v w^T`.
  @inline(__always) init(outer v: SIMD3<Double>, _ w: SIMD3<Double>) {
    self.init(v * w.x, v * w.y, v * w.z)
  }

  /// The skew-symmetric matrix of the cross product `v x`.
  @inline(__always) init(skew v: SIMD3<Double>) {
    self.init(SIMD3(0, v.z, -v.y), SIMD3(-v.z, 0, v.x), SIMD3(v.y, -v.x, 0))
  }

  init(_ rotation: Quaternion) {
    let columns = rotation.columns
    self.init(columns.0, columns.1, columns.2)
  }

  var transposed: Matrix3 {
    Matrix3(SIMD3(a.x, b.x, c.x), SIMD3(a.y, b.y, c.y), SIMD3(a.z, b.z, c.z))
  }

  @inline(__always) static func * (m: Matrix3, v: SIMD3<Double>) -> SIMD3<Double> { m.a * v.x + m.b * v.y + m.c * v.z }
  @inline(__always) static func * (m: Matrix3, n: Matrix3) -> Matrix3 { Matrix3(m * n.a, m * n.b, m * n.c) }
  @inline(__always) static func * (m: Matrix3, s: Double) -> Matrix3 { Matrix3(m.a * s, m.b * s, m.c * s) }
  @inline(__always) static func + (m: Matrix3, n: Matrix3) -> Matrix3 { Matrix3(m.a + n.a, m.b + n.b, m.c + n.c) }
  @inline(__always) static func - (m: Matrix3, n: Matrix3) -> Matrix3 { Matrix3(m.a - n.a, m.b - n.b, m.c - n.c) }
  @inline(__always) static prefix func - (m: Matrix3) -> Matrix3 { Matrix3(-m.a, -m.b, -m.c) }
  @inline(__always) static func += (m: inout Matrix3, n: Matrix3) { m = m + n }

  /// The left Jacobian of the exponential map at `v`: exp(v + d) = exp(J d) exp(v), to third order.
  static func leftJacobian(_ v: SIMD3<Double>) -> Matrix3 {
    let k = Matrix3(skew: v)
    return .identity + k * 0.5 + (k * k) * (1 / 6.0) + (k * k * k) * (1 / 24.0)
  }

  /// The inverse of the left Jacobian at `v`, to fourth order.
  static func inverseLeftJacobian(_ v: SIMD3<Double>) -> Matrix3 {
    let k = Matrix3(skew: v)
    return .identity - k * 0.5 + (k * k) * (1 / 12.0)
  }
}
