import Dynamics
import Foundation
import Kinematics

/// Two-bone inverse kinematics of a leg: the knee bends about its own axis until the ankle is as far from the hip as its
/// goal, then the leg swings about the hip by the shortest turn.
struct LegReach {
  let body: BodyModel
  /// 0 left, 1 right.
  let side: Int

  private var thigh: Int { body.legIndex(side == 0 ? .leftThigh : .rightThigh) }
  private var shank: Int { body.legIndex(side == 0 ? .leftShank : .rightShank) }
  private var foot: Int { body.legIndex(BodyModel.footSegments[side]) }
  private var hipJoint: Int { body.joints[side == 0 ? .leftHip : .rightHip] ?? 0 }
  private var kneeJoint: Int { body.joints[side == 0 ? .leftKnee : .rightKnee] ?? 0 }
  private var ankleJoint: Int { body.joints[side == 0 ? .leftAnkle : .rightAnkle] ?? 0 }

  /// The leg is never stretched further than this share of its length.
  static let straightest = 0.9995

  /// Hip, knee and ankle in the world.
  func joints(_ frames: JointFrames) -> (hip: SIMD3<Double>, knee: SIMD3<Double>, ankle: SIMD3<Double>) {
    (frames.positions[hipJoint], frames.positions[kneeJoint], frames.positions[ankleJoint])
  }

  /// How far the pelvis must sink for the ankle to reach `goal` [m].
  func drop(toReach goal: SIMD3<Double>, from frames: JointFrames) -> Double {
    let (hip, knee, ankle) = joints(frames)
    let reach = 0.998 * ((knee - hip).length + (ankle - knee).length)
    let gap = hip - goal
    guard gap.length > reach, gap.y > 0 else { return 0 }
    let height = max(0, reach * reach - gap.horizontal.squaredLength).squareRoot()
    return max(0, gap.y - height)
  }

  /// Turns `rotations` of thigh, shank and foot (in the world) so that the ankle comes as near to `ankle` as the leg
  /// allows, with the foot turned as given.
  func reach(
    ankle goal: SIMD3<Double>, foot turn: Quaternion, from frames: JointFrames, _ rotations: inout [Quaternion]
  ) {
    let (hip, knee, ankle) = joints(frames)
    let (upper, lower) = (knee - hip, ankle - knee)
    let (a, b) = (upper.length, lower.length)
    guard a > 1e-6, b > 1e-6, goal.isFinite else { return }
    let wanted = min(max((goal - hip).length, abs(a - b) + 0.02 * a), LegReach.straightest * (a + b))
    let axis = kneeAxis(upper, lower, rotations[thigh])
    let now = atan2(upper.cross(lower).dot(axis), upper.dot(lower))
    let cosine = (wanted * wanted - a * a - b * b) / (2 * a * b)
    let bend = Quaternion(angle: acos(min(max(cosine, -1), 1)) - now, axis: axis)
    let reached = knee + bend.act(lower)
    let swing = Quaternion(from: (reached - hip).normalized, to: (goal - hip).normalized)
    rotations[thigh] = (swing * rotations[thigh]).normalized
    rotations[shank] = (swing * bend * rotations[shank]).normalized
    rotations[foot] = turn
  }

  /// The axis about which the knee bends: the leg's own plane's normal, or the thigh's lateral axis where the leg is
  /// straight and has none.
  private func kneeAxis(_ upper: SIMD3<Double>, _ lower: SIMD3<Double>, _ thigh: Quaternion) -> SIMD3<Double> {
    let lateral = thigh.act(body.standingAxes[self.thigh].act(.unitX))
    let normal = upper.cross(lower)
    let size = normal.length / (upper.length * lower.length)
    let legAxis = size > 1e-9 ? normal.normalized : lateral
    guard body.restStands else { return legAxis }
    // Below about 6 degrees of bend the plane is noise.
    let trust = min(1, size / 0.1)
    let across = (lateral - upper * (lateral.dot(upper) / upper.squaredLength)).normalized
    let mixed = across * (1 - trust) + legAxis * (legAxis.dot(across) < -0.5 && size < 0.1 ? -trust : trust)
    return mixed.length > 0.1 ? mixed.normalized : legAxis
  }
}
