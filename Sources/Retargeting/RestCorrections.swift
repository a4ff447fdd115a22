import Foundation
import Kinematics

/// The constant turn of each mapped joint from its canonical rest frame to the source's rest frame.
///
/// Limbs are aligned with the canonical T-pose bone by bone, down from the body's frame, by the shortest turn: splay and
/// A-pose are poses, not anatomy. Trunk, neck and collar bones keep the body's frame unless they point elsewhere
/// altogether, since their lean is anatomy. Feet turn about the vertical only, so that a sole flat at rest is flat.
struct RestCorrections: Sendable {
  private var turns: [CanonicalJoint: Quaternion] = [:]

  /// The correction of a mapped joint.
  subscript(joint: CanonicalJoint) -> Quaternion { turns[joint] ?? .identity }

  init(body: RestBody, frame: Quaternion, motion: Motion?) {
    for joint in CanonicalJoint.allCases where body.joints[joint] != nil {
      turns[joint] = turn(of: joint, body: body, frame: frame, motion: motion)
    }
  }

  private func turn(of joint: CanonicalJoint, body: RestBody, frame: Quaternion, motion: Motion?) -> Quaternion {
    let above = nearestAbove(joint).flatMap { turns[$0] } ?? frame
    switch joint {
    case .leftHip, .rightHip, .leftShoulder, .rightShoulder:
      // A collar's turn is no reason to twist the arm: arms, as legs, start from the body's frame.
      return RestCorrections.limb(joint, body: body, start: frame, frame: frame, motion: motion)
    case .leftKnee, .rightKnee, .leftElbow, .rightElbow:
      return RestCorrections.aligned(joint, to: joint.next, body: body, start: above, beyond: 0)
    case .leftWrist, .rightWrist, .leftFoot, .rightFoot: return above
    case .leftAnkle, .rightAnkle: return RestCorrections.ankle(joint, body: body, frame: frame, above: above)
    case .leftCollar, .rightCollar, .spine1, .spine2, .spine3, .neck:
      return RestCorrections.aligned(joint, to: joint.next, body: body, start: frame, beyond: .pi / 4)
    case .head: return above
    case .pelvis: return frame
    }
  }

  private func nearestAbove(_ joint: CanonicalJoint) -> CanonicalJoint? {
    var above = joint.parent
    while let candidate = above, turns[candidate] == nil { above = candidate.parent }
    return above
  }

  /// `start`, turned the shortest way so that the canonical bone points as the source's, if they differ by more than
  /// `beyond` radians.
  private static func aligned(
    _ joint: CanonicalJoint, to end: CanonicalJoint?, body: RestBody, start: Quaternion, beyond: Double
  ) -> Quaternion {
    guard let end, body.joints[end] != nil else { return start }
    let bone = body.bone(joint, end)
    let resting = Skeleton.canonical.joints[end.rawValue].offset.normalized
    guard bone.length > 1e-6 else { return start }
    let pointing = start.act(resting)
    guard acos(min(1, max(-1, pointing.dot(bone.normalized)))) > beyond else { return start }
    return Quaternion(from: pointing, to: bone.normalized) * start
  }

  private static func limb(
    _ joint: CanonicalJoint, body: RestBody, start: Quaternion, frame: Quaternion, motion: Motion?
  ) -> Quaternion {
    guard let end = joint.next, let tip = end.next, body.joints[end] != nil else { return start }
    let bone = body.bone(joint, end).normalized
    let resting = start.act(Skeleton.canonical.joints[end.rawValue].offset.normalized)
    let angle = acos(min(1, max(-1, resting.dot(bone))))
    if angle < 2 { return aligned(joint, to: end, body: body, start: start, beyond: 0) }
    // Turned right over: the shortest turn is arbitrary. A leg turns about the hips' axis; the bending then tells.
    let over = Quaternion(angle: .pi, axis: frame.act(joint.isLeg ? .unitX : .unitY)) * start
    let turned = aligned(joint, to: end, body: body, start: over, beyond: 0)
    guard let motion, let front = bend(joint, end, tip, body: body, motion: motion) else { return turned }
    // Knees bend the shin backwards, elbows the forearm forwards.
    let expected = turned.act(joint.isLeg ? -.unitZ : .unitZ)
    let (a, b) = ((expected - bone * expected.dot(bone)).normalized, (front - bone * front.dot(bone)).normalized)
    return Quaternion(angle: atan2(bone.dot(a.cross(b)), a.dot(b)), axis: bone) * turned
  }

  /// Where the bone beyond the joint bends to on the average, in the joint's own frame; `nil` if it hardly bends.
  private static func bend(
    _ joint: CanonicalJoint, _ end: CanonicalJoint, _ tip: CanonicalJoint, body: RestBody, motion: Motion
  ) -> SIMD3<Double>? {
    guard let a = body.joints[joint], let b = body.joints[end], let c = body.joints[tip] else { return nil }
    var sum = SIMD3<Double>.zero
    var count = 0.0
    for frame in stride(from: 0, to: motion.count, by: max(1, motion.count / 200)) {
      let frames = motion.skeleton.frames(of: motion.poses[frame])
      let (upper, lower) = (frames.positions[b] - frames.positions[a], frames.positions[c] - frames.positions[b])
      let along = upper.normalized
      sum += frames.rotations[a].inverse.act((lower - along * lower.dot(along)) / max(1e-9, lower.length))
      count += 1
    }
    return sum.length > 0.03 * count ? sum / count : nil
  }

  private static func ankle(
    _ joint: CanonicalJoint, body: RestBody, frame: Quaternion, above: Quaternion
  ) -> Quaternion {
    guard let toe = joint.next, let ankle = body.joints[joint] else { return frame }
    let tip = body.joints[toe] != nil ? body.bone(joint, toe) : body.skeleton.joints[ankle].endSite ?? .zero
    guard tip.length > 1e-6 else { return frame }
    let resting = Skeleton.canonical.joints[toe.rawValue].offset.normalized
    let own = frame.inverse.act(tip.normalized)
    guard own.horizontal.length > 0.5, own.z > 0 else {
      return Quaternion(from: above.act(resting), to: tip.normalized) * above
    }
    return frame * Quaternion(angle: atan2(own.x, own.z), axis: .unitY)
  }
}

extension CanonicalJoint {
  /// The joint at the far end of the bone that it turns.
  var next: CanonicalJoint? {
    switch self {
    case .spine3: .neck
    case .pelvis: .spine1
    default: CanonicalJoint.allCases.first { $0.parent == self }
    }
  }

  var isLeg: Bool {
    switch self {
    case .leftHip, .rightHip, .leftKnee, .rightKnee, .leftAnkle, .rightAnkle, .leftFoot, .rightFoot: true
    default: false
    }
  }
}
