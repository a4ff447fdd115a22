import Foundation
import Kinematics

/// What can be measured on a short motion and said in words.
struct MotionFacts: Sendable, Hashable {
  /// The length of the root's way over the floor [m].
  var distance = 0.0
  /// That by the time it took [m/s].
  var speed = 0.0
  /// How far the root went ahead, against where the body faces [m]; negative for backwards.
  var ahead = 0.0
  /// How far the root went to the body's left [m]; negative for right.
  var aside = 0.0
  /// How far the body turned [degrees], to the left if positive; more than 360 for several turns.
  var turn = 0.0
  /// How often a foot came to rest on the floor.
  var steps = 0
  /// How often both feet left the floor for longer than a running step.
  var jumps = 0
  /// Whether the left ankle was the faster one, against the root.
  var isLeftLegFaster = false
  /// Whether the left wrist was the faster one, against the root.
  var isLeftHandFaster = false
  /// Whether a wrist came above the head.
  var raisesHand = false

  /// The facts of a motion on the canonical skeleton and a floor at height 0.
  init(_ motion: Motion) {
    guard motion.count > 1 else { return }
    let positions = motion.jointPositions
    for (pose, next) in zip(motion.poses, motion.poses.dropFirst()) {
      let step = (next.rootPosition - pose.rootPosition).horizontal
      let facing = pose.rotations[0].heading
      let own = facing.inverse.act(step)
      distance += step.length
      ahead += own.z
      aside += own.x
      let change = (facing.inverse * next.rotations[0].heading).rotationVector.y
      turn += change * 180 / .pi
    }
    speed = distance / motion.duration
    let feet = FootContacts(canonical: motion)
    let thresholds = ContactThresholds(speed: 0.6, height: 0.06, shortest: 0.1)
    for side in [1..<3, 4..<6] {
      steps += feet.contacts(anyOf: side, thresholds).runs(of: true).count { $0.lowerBound > 0 }
    }
    let airborne = feet.positions.map { points in (points.map(\.y).min() ?? 0) > 0.08 }
    jumps = airborne.runs(of: true).count { Double($0.count) * motion.frameTime >= 0.2 }
    let joint = { (which: CanonicalJoint) in CanonicalJoint.allCases.firstIndex(of: which) ?? 0 }
    func fastest(_ which: CanonicalJoint) -> Double {
      let index = joint(which)
      let way = positions.map { $0[index] - $0[0] }
      return zip(way, way.dropFirst()).map { ($1 - $0).length }.max() ?? 0
    }
    isLeftLegFaster = fastest(.leftAnkle) > fastest(.rightAnkle)
    isLeftHandFaster = fastest(.leftWrist) > fastest(.rightWrist)
    raisesHand = positions.contains { frame in
      max(frame[joint(.leftWrist)].y, frame[joint(.rightWrist)].y) > frame[joint(.head)].y + 0.15
    }
  }
}
