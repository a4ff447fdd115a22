import Foundation

/// A rotation as a unit quaternion (Hamilton's convention, `w` the real part).
///
///     let turn = Quaternion(angle: .pi / 2, axis: .unitY)
///     turn.act(.unitZ)        // (1, 0, 0)
///     (parent * local)        // first `local`, then `parent`, as in forward kinematics
///
/// `q` and `-q` are the same rotation; `==` compares components.
public struct Quaternion: Sendable, Hashable, Codable {
  /// The real part.
  public var w: Double
  /// The imaginary part.
  public var imaginary: SIMD3<Double>

  /// No rotation.
  public static let identity = Quaternion(w: 1, x: 0, y: 0, z: 0)

  /// A quaternion of four components; the caller normalises it.
  public init(w: Double, x: Double, y: Double, z: Double) {
    self.w = w
    imaginary = SIMD3(x, y, z)
  }

  /// A quaternion of a real and an imaginary part; the caller normalises it.
  public init(w: Double, imaginary: SIMD3<Double>) {
    self.w = w
    self.imaginary = imaginary
  }

  /// The rotation by `angle` radians about a unit `axis`.
  public init(angle: Double, axis: SIMD3<Double>) {
    self.init(w: cos(angle / 2), imaginary: axis * sin(angle / 2))
  }

  /// The exponential map: the rotation by `vector.length` radians about `vector`.
  public init(rotationVector vector: SIMD3<Double>) {
    let angle = vector.length
    self =
      angle < 1e-12
      ? Quaternion(w: 1, imaginary: vector / 2).normalized
      : Quaternion(angle: angle, axis: vector / angle)
  }

  /// The shortest rotation that takes unit vector `a` to unit vector `b`.
  public init(from a: SIMD3<Double>, to b: SIMD3<Double>) {
    let d = a.dot(b)
    if d < -0.999_999_999 {
      let helper: SIMD3<Double> = abs(a.x) < 0.9 ? .unitX : .unitY
      self.init(angle: .pi, axis: a.cross(helper).normalized)
    } else {
      self = Quaternion(w: 1 + d, imaginary: a.cross(b)).normalized
    }
  }

  /// The logarithm: the axis times the angle in radians, the angle in `[0, pi]`.
  public var rotationVector: SIMD3<Double> {
    let sign: Double = w < 0 ? -1 : 1
    let s = imaginary.length
    guard s > 1e-12 else { return imaginary * (2 * sign) }
    return imaginary * (sign * 2 * atan2(s, abs(w)) / s)
  }

  /// The angle of the rotation in radians, in `[0, pi]`.
  public var angle: Double { 2 * atan2(imaginary.length, abs(w)) }

  /// The inverse rotation (of a unit quaternion).
  public var inverse: Quaternion { Quaternion(w: w, imaginary: -imaginary) }

  /// The same rotation with length exactly 1; the identity for a zero quaternion.
  public var normalized: Quaternion {
    let norm = (w * w + imaginary.squaredLength).squareRoot()
    guard norm > 0 else { return .identity }
    return Quaternion(w: w / norm, imaginary: imaginary / norm)
  }

  /// Whether no component is NaN or infinite.
  public var isFinite: Bool { w.isFinite && imaginary.isFinite }

  /// Rotates a vector.
  public func act(_ v: SIMD3<Double>) -> SIMD3<Double> {
    let t = 2 * imaginary.cross(v)
    return v + w * t + imaginary.cross(t)
  }

  /// First `b`, then `a`.
  public static func * (a: Quaternion, b: Quaternion) -> Quaternion {
    Quaternion(
      w: a.w * b.w - a.imaginary.dot(b.imaginary),
      imaginary: a.w * b.imaginary + b.w * a.imaginary + a.imaginary.cross(b.imaginary))
  }

  /// The scalar product of the two as vectors of four numbers.
  public func dot(_ other: Quaternion) -> Double { w * other.w + imaginary.dot(other.imaginary) }

  /// The angle in radians between two rotations, in `[0, pi]`.
  public func angle(to other: Quaternion) -> Double { (inverse * other).angle }

  /// Spherical interpolation along the shorter arc: `self` at 0, `other` at 1.
  public func interpolated(to other: Quaternion, _ t: Double) -> Quaternion {
    (self * Quaternion(rotationVector: (inverse * other).rotationVector * t)).normalized
  }

  /// The columns of the rotation matrix: where X, Y and Z go.
  public var columns: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) {
    (act(.unitX), act(.unitY), act(.unitZ))
  }

  /// The rotation whose matrix has the given orthonormal right-handed columns (Shepperd's method).
  public init(columns a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) {
    let trace = a.x + b.y + c.z
    let largest = max(trace, a.x, b.y, c.z)
    if largest == trace {
      self.init(w: 1 + trace, x: b.z - c.y, y: c.x - a.z, z: a.y - b.x)
    } else if largest == a.x {
      self.init(w: b.z - c.y, x: 1 + a.x - b.y - c.z, y: a.y + b.x, z: c.x + a.z)
    } else if largest == b.y {
      self.init(w: c.x - a.z, x: a.y + b.x, y: 1 - a.x + b.y - c.z, z: b.z + c.y)
    } else {
      self.init(w: a.y - b.x, x: c.x + a.z, y: b.z + c.y, z: 1 - a.x - b.y + c.z)
    }
    self = normalized
  }

  /// The part of this rotation that turns about the vertical: `self = heading * rest`, `rest` without yaw of +Z's shadow.
  ///
  /// - Returns: The rotation about Y that takes +Z's direction to the shadow of `act(.unitZ)`; the identity if that
  ///   shadow vanishes.
  public var heading: Quaternion {
    let facing = act(.unitZ).horizontal
    guard facing.length > 1e-9 else { return .identity }
    return Quaternion(angle: atan2(facing.x, facing.z), axis: .unitY)
  }
}
