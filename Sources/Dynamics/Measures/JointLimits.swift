import Foundation
package import Kinematics

/// The excess of a pose over the human ranges of motion.
///
/// Ranges are the means of D. C. Boone and S. P. Azen, "Normal range of motion of joints in male subjects", J. Bone and
/// Joint Surgery 61-A (1979), 756-759, for knee (0 to 142), elbow (0 to 143), hip (flexion 122, extension 10, abduction
/// 46, adduction 27) and ankle (plantar flexion 56, dorsiflexion 13), widened by 15 degrees: captured joint centres and
/// soles are not a goniometer's, and weight-bearing ankles bend further. The angles are those of the
/// segments' directions against the resting trunk's axes, so that the axes of a skeleton's joints do not matter. Rotations
/// about a segment's long axis, shoulder, neck and spine are not measured. If the rest pose does not stand upright, only
/// knees and elbows are measured, by the angle between the bones.
public struct JointLimits: Sendable {
  private let body: BodyModel
  private let bones: [SIMD3<Double>]
  /// The angles that are measured.
  package let limits: [Limit]

  /// The widening of every range [degrees].
  public static let tolerance = 15.0

  /// The limits of one body.
  public init(body: BodyModel) {
    self.body = body
    bones = body.bodies.map(\.axis)
    limits = JointLimits.limits(of: body)
  }

  /// A joint that is beyond its range.
  public struct Excess: Sendable, Hashable {
    /// The segment below the joint.
    public var segment: Segment
    /// The excess over the widened range [degrees].
    public var degrees: Double
  }

  /// The joints beyond their ranges.
  public func excesses(in state: BodyState) -> [Excess] {
    var excesses: [Excess] = []
    for limit in limits {
      let beyond = degrees(limit, state.rotations)
      if beyond > 0 { excesses.append(Excess(segment: limit.segment, degrees: beyond)) }
    }
    return excesses
  }

  /// One measured angle and its range.
  package struct Limit: Sendable {
    /// The kinds of angle.
    package enum Angle: Sendable { case knee, elbow, abduction, flexion, ankle }
    /// The segment below the joint.
    package var segment: Segment
    /// The kind of angle.
    package var angle: Angle
    /// The human range, not widened [degrees].
    package var range: ClosedRange<Double>
  }

  /// The excess of an angle over its widened range [degrees]: negative inside the range.
  ///
  /// It depends on the limit's segment and its parent alone, and not on a common rotation of all segments.
  package func degrees(_ limit: Limit, _ rotations: [Quaternion]) -> Double {
    guard let angle = angle(limit, rotations) else { return -180 }
    let degrees = angle * 180 / .pi
    return max(limit.range.lowerBound - degrees, degrees - limit.range.upperBound) - JointLimits.tolerance
  }

  /// The derivative of ``degrees(_:_:)`` by a rotation of the limit's segment in the world, in radians per radian. The
  /// derivative by its parent's rotation is the opposite.
  package func gradient(_ limit: Limit, _ rotations: [Quaternion]) -> SIMD3<Double> {
    let here = degrees(limit, rotations)
    guard let i = body.index(of: limit.segment) else { return .zero }
    var gradient = SIMD3<Double>.zero
    for axis in 0..<3 {
      var small = SIMD3<Double>.zero
      small[axis] = 1e-5
      var rotated = rotations
      rotated[i] = Quaternion(rotationVector: small) * rotated[i]
      gradient[axis] = (degrees(limit, rotated) - here) / 1e-5 * .pi / 180
    }
    return gradient
  }

  private static func limits(of body: BodyModel) -> [Limit] {
    var limits = [Segment.leftShank, .rightShank].map { Limit(segment: $0, angle: .knee, range: 0...142) }
    let forearms = [Segment.leftForearm, .rightForearm].filter { body.index(of: $0) != nil }
    limits += forearms.map { Limit(segment: $0, angle: .elbow, range: 0...143) }
    guard body.restStands else { return limits }
    for segment in [Segment.leftThigh, .rightThigh] {
      limits.append(Limit(segment: segment, angle: .abduction, range: -27...46))
      limits.append(Limit(segment: segment, angle: .flexion, range: -10...122))
    }
    return limits + BodyModel.footSegments.map { Limit(segment: $0, angle: .ankle, range: -56...13) }
  }

  private func angle(_ limit: Limit, _ rotations: [Quaternion]) -> Double? {
    let segment = limit.segment
    switch limit.angle {
    case .knee: return bend(segment, rotations)
    case .elbow: return unsignedBend(segment, rotations)
    case .abduction, .flexion:
      let down = body.standingAxes[0].inverse.act(rotations[0].inverse.act(direction(segment, rotations)))
      let flexion = atan2(down.z, -down.y)
      if limit.angle == .flexion { return abs(down.x) < 0.8 ? flexion : nil }
      // Abduction means little when the thigh points forward and up.
      let side: Double = segment == .leftThigh ? 1 : -1
      return abs(flexion) < 1.2 ? asin(min(max(side * down.x, -1), 1)) : nil
    case .ankle:
      let foot = body.feet[segment == .leftFoot ? 0 : 1]
      let shank = direction(segment == .leftFoot ? .leftShank : .rightShank, rotations)
      let rotated = rotations[body.legIndex(segment)]
      let forward = rotated.act(foot.axes.act(.unitZ))
      let up = rotated.act(foot.axes.act(.unitY))
      return atan2(-shank.dot(forward), -shank.dot(up))
    }
  }

  private func direction(_ segment: Segment, _ rotations: [Quaternion]) -> SIMD3<Double> {
    guard let index = body.index(of: segment) else { return .zero }
    return rotations[index].act(bones[index])
  }

  private func unsignedBend(_ segment: Segment, _ rotations: [Quaternion]) -> Double {
    guard let parent = segment.parent else { return 0 }
    let cosine = direction(segment, rotations).dot(direction(parent, rotations))
    return acos(min(max(cosine, -1), 1))
  }

  /// The bend of a knee, negative if it bends the wrong way: about the thigh's lateral axis.
  private func bend(_ segment: Segment, _ rotations: [Quaternion]) -> Double {
    let angle = unsignedBend(segment, rotations)
    guard body.restStands, let parent = segment.parent else { return angle }
    let thigh = body.legIndex(parent)
    let left = rotations[thigh].act(body.standingAxes[thigh].act(.unitX))
    let turn = direction(parent, rotations).cross(direction(segment, rotations)).dot(left)
    return turn < -0.3 * sin(angle) ? -angle : angle
  }
}
