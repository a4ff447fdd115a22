import Foundation
import Mocap

/// How far a pose goes beyond the human ranges of motion.
///
/// Ranges are the means of D. C. Boone and S. P. Azen, "Normal range of motion of joints in male subjects", J. Bone and
/// Joint Surgery 61-A (1979), 756-759, for knee (0 to 142), elbow (0 to 143), hip (flexion 122, extension 10, abduction
/// 46, adduction 27) and ankle (plantar flexion 56, dorsiflexion 13), widened by 15 degrees: captured joint centres and
/// soles are not a goniometer's, and weight-bearing ankles bend further. Counted are directions of segments against the
/// resting trunk's axes, so that no skeleton's own axes matter; turns about a segment's long axis, shoulder, neck and
/// spine are not judged. A skeleton whose rest pose does not stand upright is judged at the knees and elbows only, by
/// the angle between the bones.
public struct JointLimits: Sendable {
  private let body: BodyModel
  private let bones: [Segment: SIMD3<Double>]

  /// Widens every range [degrees].
  public static let tolerance = 15.0

  /// Limits for one body.
  public init(body: BodyModel) {
    self.body = body
    bones = Dictionary(
      uniqueKeysWithValues: Segment.allCases.map { ($0, body.bodies[$0.rawValue].axis) })
  }

  /// One joint beyond its range.
  public struct Excess: Sendable, Hashable {
    /// The segment that hangs from the joint.
    public var segment: Segment
    /// How far beyond the widened range [degrees].
    public var degrees: Double
  }

  /// The joints beyond their ranges.
  public func excesses(in state: BodyState) -> [Excess] {
    var found: [Excess] = []
    func check(_ segment: Segment, _ angle: Double, _ range: ClosedRange<Double>) {
      let degrees = angle * 180 / .pi
      let beyond =
        max(range.lowerBound - degrees, degrees - range.upperBound) - JointLimits.tolerance
      if beyond > 0 { found.append(Excess(segment: segment, degrees: beyond)) }
    }
    for segment in [Segment.leftShank, .rightShank] { check(segment, bend(segment, in: state), 0...142) }
    for segment in [Segment.leftForearm, .rightForearm] { check(segment, unsignedBend(segment, in: state), 0...143) }
    guard body.restStands else { return found }
    for (segment, side) in [(Segment.leftThigh, 1.0), (.rightThigh, -1.0)] {
      let down = body.restAxes.inverse.act(
        state.rotations[Segment.pelvis.rawValue].inverse.act(direction(segment, state)))
      let flexion = atan2(down.z, -down.y)
      // Abduction means little when the thigh points forward and up.
      if abs(flexion) < 1.2 { check(segment, asin(min(max(side * down.x, -1), 1)), -27...46) }
      if abs(down.x) < 0.8 { check(segment, flexion, -10...122) }
    }
    for (foot, segment) in zip(body.feet, BodyModel.footSegments) {
      let shank = direction(segment == .leftFoot ? .leftShank : .rightShank, state)
      let turned = state.rotations[segment.rawValue]
      let forward = turned.act(foot.axes.act(.unitZ))
      let up = turned.act(foot.axes.act(.unitY))
      check(segment, atan2(-shank.dot(forward), -shank.dot(up)), -56...13)
    }
    return found
  }

  private func direction(_ segment: Segment, _ state: BodyState) -> SIMD3<Double> {
    state.rotations[segment.rawValue].act(bones[segment] ?? .unitY)
  }

  private func unsignedBend(_ segment: Segment, in state: BodyState) -> Double {
    guard let parent = segment.parent else { return 0 }
    let cosine = direction(segment, state).dot(direction(parent, state))
    return acos(min(max(cosine, -1), 1))
  }

  /// The bend of a knee, negative if it bends the wrong way: about the thigh's lateral axis.
  private func bend(_ segment: Segment, in state: BodyState) -> Double {
    let angle = unsignedBend(segment, in: state)
    guard body.restStands, let parent = segment.parent else { return angle }
    let left = state.rotations[parent.rawValue].act(body.restAxes.act(.unitX))
    let turn = direction(parent, state).cross(direction(segment, state)).dot(left)
    return turn < -0.3 * sin(angle) ? -angle : angle
  }
}
