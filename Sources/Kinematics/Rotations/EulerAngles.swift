import Foundation

/// One axis of a joint's frame.
public enum Axis: Int, Sendable, Hashable, Codable, CaseIterable {
  /// The figure's left in T-pose.
  case x
  /// Up in T-pose.
  case y
  /// Forward in T-pose.
  case z

  /// The unit vector along the axis.
  public var unit: SIMD3<Double> {
    var v = SIMD3<Double>()
    v[rawValue] = 1
    return v
  }
}

extension Quaternion {
  /// The rotation by `angle` radians about a coordinate axis.
  public init(angle: Double, about axis: Axis) {
    self.init(w: cos(angle / 2), imaginary: .zero)
    imaginary[axis.rawValue] = sin(angle / 2)
  }

  /// The rotation by `angles` radians about `axes`, applied left to right, each about the axis that the ones before it
  /// turned (intrinsic): BVH's meaning of a channel list.
  ///
  /// - Precondition: As many angles as axes.
  public init(eulerAngles angles: [Double], axes: [Axis]) {
    precondition(angles.count == axes.count, "one angle an axis")
    self = .identity
    for (angle, axis) in zip(angles, axes) { self = self * Quaternion(angle: angle, about: axis) }
  }
}

/// Turns rotations into the angles of a joint's rotation channels, whatever channels it has.
///
///     let euler = EulerAngles(axes: [.z, .y, .x])
///     var angles = euler.angles(of: rotation)                       // within (-pi, pi]
///     angles = euler.angles(of: nextRotation, near: angles)         // continuous: may pass pi
///
/// Three axes reach every rotation: all six Tait-Bryan orders and all six proper ones. Fewer reach only some; the
/// nearest reachable rotation is taken, in closed form, and ``error(of:angles:)`` says how far off it is. An axis that
/// follows itself adds nothing and keeps its angle 0.
public struct EulerAngles: Sendable, Hashable {
  /// The axes in the order of the channels, intrinsic.
  public let axes: [Axis]
  /// Which of `axes` carry an angle: repeats and what stands beyond a third are left at 0.
  private let active: [Int]

  /// Angles about `axes`, applied left to right.
  public init(axes: [Axis]) {
    self.axes = axes
    var active: [Int] = []
    for index in axes.indices where active.count < 3 {
      if let last = active.last, axes[last] == axes[index] { continue }
      active.append(index)
    }
    self.active = active
  }

  /// The angles in radians, one an axis, of the reachable rotation nearest to `rotation`.
  ///
  /// - Parameter previous: The angles of the frame before: of the equal solutions the nearest is taken and unwrapped,
  ///   and in gimbal lock, where one angle is free, that angle is held.
  public func angles(of rotation: Quaternion, near previous: [Double]? = nil) -> [Double] {
    var result = [Double](repeating: 0, count: axes.count)
    switch active.count {
    case 0: break
    case 1:
      let angle = 2 * atan2(rotation.imaginary[axes[active[0]].rawValue], rotation.w)
      result[active[0]] = Self.wrapped(angle, near: previous?[active[0]] ?? 0)
    case 2:
      let (a, b) = Self.nearest(to: rotation, axes[active[0]], axes[active[1]])
      result[active[0]] = Self.wrapped(a, near: previous?[active[0]] ?? 0)
      result[active[1]] = Self.wrapped(b, near: previous?[active[1]] ?? 0)
    default:
      let before = previous.map { SIMD3($0[active[0]], $0[active[1]], $0[active[2]]) }
      let angles = Self.three(of: rotation, axes[active[0]], axes[active[1]], axes[active[2]], near: before)
      for slot in 0..<3 { result[active[slot]] = angles[slot] }
    }
    return result
  }

  /// The angle in radians between `rotation` and the one that `angles` make: 0 if the axes reach it.
  public func error(of rotation: Quaternion, angles: [Double]) -> Double {
    Quaternion(eulerAngles: angles, axes: axes).angle(to: rotation)
  }

  /// Whether the axes reach every rotation.
  public var reachesAll: Bool { active.count == 3 }

  // MARK: Closed forms

  /// The angle moved by whole turns to within half a turn of `reference`.
  static func wrapped(_ angle: Double, near reference: Double) -> Double {
    angle - 2 * .pi * ((angle - reference) / (2 * .pi)).rounded()
  }

  private static func three(
    of rotation: Quaternion, _ i: Axis, _ j: Axis, _ last: Axis, near previous: SIMD3<Double>?
  ) -> SIMD3<Double> {
    let proper = i == last
    let k = Axis(rawValue: 3 - i.rawValue - j.rawValue) ?? .z
    let sign: Double = (j.rawValue - i.rawValue + 3) % 3 == 1 ? 1 : -1
    // Row i of the rotation's matrix is the inverse's image of axis i; it is free of the first angle.
    let row = rotation.inverse.act(i.unit)
    let (ri, rj, rk) = (row[i.rawValue], row[j.rawValue], row[k.rawValue])
    let planar = proper ? (rj * rj + rk * rk).squareRoot() : (ri * ri + rj * rj).squareRoot()
    let reference = previous ?? .zero
    var b = proper ? atan2(planar, ri) : atan2(sign * rk, planar)
    var c = proper ? atan2(rj, sign * rk) : atan2(-sign * rj, ri)
    if planar < 1e-7 { c = reference.z }
    let first = SIMD3(firstAngle(of: rotation, i, j, last, b, c), b, c)
    // The other triple of angles that makes the same rotation.
    b = proper ? -b : .pi - b
    if planar >= 1e-7 { c += .pi }
    let second = SIMD3(firstAngle(of: rotation, i, j, last, b, c), b, c)
    let options = [unwrapped(first, near: reference), unwrapped(second, near: reference)]
    guard previous != nil else { return options[0] }
    return distance(options[1], reference) < distance(options[0], reference) - 1e-9 ? options[1] : options[0]
  }

  /// What remains for the first axis once the other two are undone: absorbs their rounding near gimbal lock.
  private static func firstAngle(of rotation: Quaternion, _ i: Axis, _ j: Axis, _ last: Axis, _ b: Double, _ c: Double)
    -> Double
  {
    let rest = rotation * Quaternion(angle: -c, about: last) * Quaternion(angle: -b, about: j)
    return 2 * atan2(rest.imaginary[i.rawValue], rest.w)
  }

  private static func unwrapped(_ angles: SIMD3<Double>, near reference: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(
      wrapped(angles.x, near: reference.x), wrapped(angles.y, near: reference.y), wrapped(angles.z, near: reference.z))
  }

  private static func distance(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { (a - b).squaredLength }

  /// The angles about two different axes whose product comes nearest to `rotation`.
  ///
  /// The product's scalar product with the quaternion is `u M v` with `u`, `v` unit vectors of the half angles; its
  /// largest value is M's first singular value, reached at the singular vectors of the 2x2 matrix.
  private static func nearest(to rotation: Quaternion, _ i: Axis, _ j: Axis) -> (Double, Double) {
    let k = 3 - i.rawValue - j.rawValue
    let sign: Double = (j.rawValue - i.rawValue + 3) % 3 == 1 ? 1 : -1
    let (m00, m01) = (rotation.w, rotation.imaginary[j.rawValue])
    let (m10, m11) = (rotation.imaginary[i.rawValue], sign * rotation.imaginary[k])
    let difference = atan2(m10 - m01, m00 + m11)
    let sum = atan2(m10 + m01, m00 - m11)
    return (sum + difference, sum - difference)
  }
}
