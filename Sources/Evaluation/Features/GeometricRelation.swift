import Foundation
public import Kinematics

/// The three lengths that scale thresholds [m].
struct BodyLengths {
  let upperArm: Double
  let shoulderWidth: Double
  let hipWidth: Double

  init(_ skeleton: Skeleton) {
    let rest = skeleton.frames(of: Pose(resting: skeleton)).positions
    func distance(_ a: CanonicalJoint, _ b: CanonicalJoint) -> Double { (rest[a.rawValue] - rest[b.rawValue]).length }
    upperArm =
      (distance(.leftShoulder, .leftElbow) + distance(.rightShoulder, .rightElbow)) / 2
    shoulderWidth = distance(.leftShoulder, .rightShoulder)
    hipWidth = distance(.leftHip, .rightHip)
  }
}

/// A threshold as a multiple of a body length, or of that length a second for a speed.
enum BodyMultiple: Sendable {
  case upperArm(Double)
  case shoulderWidth(Double)
  case hipWidth(Double)

  func metres(_ lengths: BodyLengths) -> Double {
    switch self {
    case .upperArm(let factor): factor * lengths.upperArm
    case .shoulderWidth(let factor): factor * lengths.shoulderWidth
    case .hipWidth(let factor): factor * lengths.hipWidth
    }
  }
}

/// One yes-or-no relation between joints at a frame.
enum GeometricRelation: Sendable {
  /// Moves along the normal of the plane through three joints, relative to the first, faster than a threshold.
  case movesAlongNormal(CanonicalJoint, CanonicalJoint, CanonicalJoint, of: CanonicalJoint, BodyMultiple)
  /// Moves along a direction, relative to another joint, faster than a threshold.
  case moves(
    from: CanonicalJoint, to: CanonicalJoint, of: CanonicalJoint, against: CanonicalJoint, BodyMultiple)
  /// Lies beyond the plane whose normal is a direction and which holds a joint.
  case beyond(
    from: CanonicalJoint, to: CanonicalJoint, through: CanonicalJoint, of: CanonicalJoint, by: BodyMultiple)
  /// Lies beyond the plane through three joints, on the side of its normal.
  case beyondPlane(CanonicalJoint, CanonicalJoint, CanonicalJoint, of: CanonicalJoint, by: BodyMultiple)
  /// Is higher above the lowest joint than a threshold.
  case above(CanonicalJoint, by: BodyMultiple)
  /// Is no higher above the lowest joint than a threshold.
  case below(CanonicalJoint, by: BodyMultiple)
  /// The angle between the directions from the first joint to the second and from the third to the fourth.
  case angle(CanonicalJoint, CanonicalJoint, CanonicalJoint, CanonicalJoint, degrees: ClosedRange<Double>)
  /// The angle of a direction against the vertical.
  case inclined(CanonicalJoint, CanonicalJoint, degrees: ClosedRange<Double>)
  /// Is faster than a threshold.
  case fast(CanonicalJoint, BodyMultiple)

  func holds(at frame: Int, in trajectory: CanonicalTrajectory, _ lengths: BodyLengths) -> Bool {
    func at(_ joint: CanonicalJoint) -> SIMD3<Double> { trajectory.position(joint, frame) }
    func speed(of joint: CanonicalJoint, against other: CanonicalJoint) -> SIMD3<Double> {
      trajectory.velocity(joint, frame) - trajectory.velocity(other, frame)
    }
    func normal(_ a: CanonicalJoint, _ b: CanonicalJoint, _ c: CanonicalJoint) -> SIMD3<Double> {
      (at(b) - at(a)).cross(at(c) - at(a)).normalized
    }
    switch self {
    case .movesAlongNormal(let a, let b, let c, let joint, let threshold):
      return speed(of: joint, against: a).dot(normal(a, b, c)) > threshold.metres(lengths)
    case .moves(let from, let to, let joint, let other, let threshold):
      return speed(of: joint, against: other).dot((at(to) - at(from)).normalized) > threshold.metres(lengths)
    case .beyond(let from, let to, let through, let joint, let threshold):
      return (at(joint) - at(through)).dot((at(to) - at(from)).normalized) >= threshold.metres(lengths)
    case .beyondPlane(let a, let b, let c, let joint, let threshold):
      return (at(joint) - at(a)).dot(normal(a, b, c)) >= threshold.metres(lengths)
    case .above(let joint, let threshold):
      return at(joint).y - lowest(frame, trajectory) >= threshold.metres(lengths)
    case .below(let joint, let threshold):
      return at(joint).y - lowest(frame, trajectory) <= threshold.metres(lengths)
    case .angle(let a, let b, let c, let d, let degrees):
      return degrees.contains(angle(at(b) - at(a), at(d) - at(c)))
    case .inclined(let a, let b, let degrees):
      return degrees.contains(angle(at(b) - at(a), .unitY))
    case .fast(let joint, let threshold):
      return trajectory.velocity(joint, frame).length > threshold.metres(lengths)
    }
  }

  private func lowest(_ frame: Int, _ trajectory: CanonicalTrajectory) -> Double {
    trajectory.positions[frame].reduce(.infinity) { min($0, $1.y) }
  }

  private func angle(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
    atan2(a.cross(b).length, a.dot(b)) * 180 / .pi
  }
}
