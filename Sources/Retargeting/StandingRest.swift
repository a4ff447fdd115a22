import Foundation
public import Kinematics

/// The same figure with a T-pose as its rest pose: for skeletons whose rest pose no person can take, such as LAFAN1's,
/// in which every bone lies along one axis.
///
///     let standing = StandingRest(of: motion, map: map)
///     let same = standing.applied(to: motion)      // the same positions in the world, on standing.skeleton
///     let back = standing.undone(from: same)       // the original motion, up to rounding
///
/// Joints' axes are turned so that the rest pose is a T-pose that faces +Z; every joint of every frame is where it was.
/// Those turns are found as for retargeting (`RestCorrections`), from the bones' directions and from how the
/// limbs bend in the motion.
public struct StandingRest: Sendable {
  /// The skeleton with the same names, tree, channels and bones' lengths that stands at rest.
  public let skeleton: Skeleton

  private let original: Skeleton
  /// How each joint is turned in the world when the original figure stands in a T-pose.
  private let turns: [Quaternion]

  /// How the figure stands at rest; the motion tells which way its limbs bend.
  public init(of motion: Motion, map: BipedMap) {
    original = motion.skeleton
    let body = RestBody(skeleton: original, joints: map.joints)
    let corrections = RestCorrections(body: body, frame: map.bodyFrame, motion: motion)
    var own: [Int: CanonicalJoint] = [:]
    for (canonical, joint) in map.joints { own[joint] = canonical }
    let twists = StandingRest.twists(of: motion, joints: map.joints, corrections: corrections)
    let feet = StandingRest.feet(of: motion, body: body)
    var turns: [Quaternion] = []
    var joints: [Joint] = []
    for (index, joint) in original.joints.enumerated() {
      let above = joint.parent.map { turns[$0] } ?? .identity
      switch own[index] {
      case .leftFoot, .rightFoot, nil: turns.append(above)
      case .some(let part): turns.append(feet[part] ?? (twists[part] ?? .identity) * corrections[part].inverse)
      }
      var standing = joint
      standing.offset = above.act(joint.offset)
      standing.endSite = joint.endSite.map(turns[index].act)
      joints.append(standing)
    }
    self.turns = turns
    skeleton = Skeleton(joints: joints)
  }

  /// What turns thighs and shins about the upright legs so that the knees bend straight backwards in the mean: a rest pose
  /// that is nobody's says little about that.
  private static func twists(
    of motion: Motion, joints: [CanonicalJoint: Int], corrections: RestCorrections
  ) -> [CanonicalJoint: Quaternion] {
    var found: [CanonicalJoint: Quaternion] = [:]
    let legs: [[CanonicalJoint]] = [[.leftHip, .leftKnee, .leftAnkle], [.rightHip, .rightKnee, .rightAnkle]]
    for leg in legs {
      let chain = leg.compactMap { joints[$0] }
      guard chain.count == 3 else { continue }
      var sum = SIMD3<Double>.zero
      var bone = SIMD3<Double>.zero
      var count = 0.0
      for frame in stride(from: 0, to: motion.count, by: max(1, motion.count / 200)) {
        let frames = motion.skeleton.frames(of: motion.poses[frame])
        let upper = frames.positions[chain[1]] - frames.positions[chain[0]]
        let lower = frames.positions[chain[2]] - frames.positions[chain[1]]
        let along = upper.normalized
        let inward = frames.rotations[chain[0]].inverse
        sum += inward.act((lower - along * lower.dot(along)) / max(1e-9, lower.length))
        bone += inward.act(along)
        count += 1
      }
      guard sum.length > 0.05 * count, bone.length > 0.5 * count else { continue }
      let inward = corrections[leg[0]].inverse
      let (back, down) = (inward.act(sum), inward.act(bone).normalized)
      let wanted = -SIMD3<Double>.unitZ
      let (a, b) = (back - down * back.dot(down), wanted - down * wanted.dot(down))
      let twist = Quaternion(angle: atan2(down.dot(a.cross(b)), a.dot(b)), axis: down)
      (found[leg[0]], found[leg[1]]) = (twist, twist)
    }
    return found
  }

  /// How the ankles are turned when the feet stand flat and point forward, by how they are turned where they are lowest.
  private static func feet(of motion: Motion, body: RestBody) -> [CanonicalJoint: Quaternion] {
    var found: [CanonicalJoint: Quaternion] = [:]
    for (ankle, toe) in [(CanonicalJoint.leftAnkle, CanonicalJoint.leftFoot), (.rightAnkle, .rightFoot)] {
      guard let joint = body.joints[ankle] else { continue }
      let tip = body.joints[toe] != nil ? body.bone(ankle, toe) : motion.skeleton.joints[joint].endSite ?? .zero
      var heights: [Double] = []
      var ups: [SIMD3<Double>] = []
      for frame in stride(from: 0, to: motion.count, by: max(1, motion.count / 200)) {
        let frames = motion.skeleton.frames(of: motion.poses[frame])
        heights.append(frames.positions[joint].y)
        ups.append(frames.rotations[joint].inverse.act(.unitY))
      }
      guard !heights.isEmpty else { continue }
      let low = heights.sorted()[heights.count / 3]
      let up = heights.indices.filter { heights[$0] <= low }.reduce(SIMD3<Double>.zero) { $0 + ups[$1] }.normalized
      let forward = (tip - up * tip.dot(up)).normalized
      guard up.length > 0.5, forward.length > 0.5 else { continue }
      found[ankle] = Quaternion(columns: up.cross(forward), up, forward).inverse
    }
    return found
  }

  /// The motion on ``skeleton``.
  ///
  /// - Precondition: The motion is on the original skeleton.
  public func applied(to motion: Motion) -> Motion {
    precondition(motion.skeleton == original, "a motion of the original skeleton")
    return Motion(skeleton: skeleton, frameTime: motion.frameTime, poses: motion.poses.map { turned($0, back: false) })
  }

  /// The motion on the original skeleton.
  ///
  /// - Precondition: The motion is on ``skeleton``.
  public func undone(from motion: Motion) -> Motion {
    precondition(motion.skeleton == skeleton, "a motion of the standing skeleton")
    return Motion(skeleton: original, frameTime: motion.frameTime, poses: motion.poses.map { turned($0, back: true) })
  }

  private func turned(_ pose: Pose, back: Bool) -> Pose {
    var result = pose
    for (index, joint) in original.joints.enumerated() {
      let above = joint.parent.map { turns[$0] } ?? .identity
      let (before, after) = back ? (above.inverse, turns[index]) : (above, turns[index].inverse)
      result.rotations[index] = (before * pose.rotations[index] * after).normalized
    }
    for (index, place) in pose.translations {
      guard let parent = original.joints[index].parent else { continue }
      result.translations[index] = back ? turns[parent].inverse.act(place) : turns[parent].act(place)
    }
    return result
  }
}
