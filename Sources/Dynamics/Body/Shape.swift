public import Kinematics

/// A segment's solid, in the segment's frame [m].
public enum Shape: Sendable, Hashable {
  /// All points nearer than `radius` to the line from `from` to `to`; a sphere where the two are one.
  case capsule(from: SIMD3<Double>, to: SIMD3<Double>, radius: Double)
  /// A box about `centre` whose axes are turned by `rotation`.
  case box(centre: SIMD3<Double>, rotation: Quaternion, halfExtents: SIMD3<Double>)

  /// The middle of the shape.
  public var centre: SIMD3<Double> {
    switch self {
    case .capsule(let from, let to, _): (from + to) / 2
    case .box(let centre, _, _): centre
    }
  }

  /// The distance from the segment's origin below which the whole shape lies.
  public var boundingRadius: Double {
    switch self {
    case .capsule(let from, let to, let radius): max(from.length, to.length) + radius
    case .box(let centre, _, let half): centre.length + half.length
    }
  }

  /// The points and radius that decide the lowest height: a capsule's ends, a box's corners.
  var extremes: (points: [SIMD3<Double>], radius: Double) {
    switch self {
    case .capsule(let from, let to, let radius): return ([from, to], radius)
    case .box(let centre, let rotation, let half):
      let corners = (0..<8).map { i in
        centre
          + rotation.act(
            SIMD3(i & 1 == 0 ? -half.x : half.x, i & 2 == 0 ? -half.y : half.y, i & 4 == 0 ? -half.z : half.z))
      }
      return (corners, 0)
    }
  }
}
