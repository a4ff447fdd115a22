import Foundation
import Kinematics

/// The body's axes and proportions in a skeleton's rest pose.
struct RestBody {
  let skeleton: Skeleton
  let joints: [CanonicalJoint: Int]
  let positions: [SIMD3<Double>]

  init(skeleton: Skeleton, joints: [CanonicalJoint: Int]) {
    self.skeleton = skeleton
    self.joints = joints
    positions = skeleton.restPositions
  }

  func position(_ joint: CanonicalJoint) -> SIMD3<Double>? { joints[joint].map { positions[$0] } }

  /// From one joint to another, zero if either is missing.
  func bone(_ from: CanonicalJoint, _ to: CanonicalJoint) -> SIMD3<Double> {
    guard let start = position(from), let end = position(to) else { return .zero }
    return end - start
  }

  /// Hip to knee to ankle, the mean of both legs [m].
  var legLength: Double {
    let left = bone(.leftHip, .leftKnee).length + bone(.leftKnee, .leftAnkle).length
    let right = bone(.rightHip, .rightKnee).length + bone(.rightKnee, .rightAnkle).length
    return (left + right) / 2
  }

  /// From the pelvis up the trunk to the highest joint that is known.
  private var trunk: SIMD3<Double> {
    let tops: [CanonicalJoint] = [.neck, .spine3, .head, .spine2, .spine1]
    let vectors = tops.map { bone(.pelvis, $0) }
    return vectors.first { $0.length > 0.05 * legLength } ?? .zero
  }

  private var legs: SIMD3<Double> { bone(.leftHip, .leftAnkle) + bone(.rightHip, .rightAnkle) }

  private var up: SIMD3<Double> {
    let stands = legs.normalized.y < -0.5
    if stands, trunk == .zero || trunk.normalized.y > 0.5 { return .unitY }
    // Every bone along one axis, as in LAFAN1: the rest pose is nobody's pose, but the trunk still points up.
    return trunk == .zero ? .unitY : trunk.normalized
  }

  /// Whether the trunk lies and arms and legs stand under it at rest, the hands about as low as the feet: dogs and
  /// horses are captured under a person's joint names.
  var standsOnFour: Bool {
    let arms = [(CanonicalJoint.leftShoulder, CanonicalJoint.leftWrist), (.rightShoulder, .rightWrist)]
      .map { bone($0.0, joints[$0.1] == nil ? ($0.0 == .leftShoulder ? .leftElbow : .rightElbow) : $0.1) }
    guard arms.allSatisfy({ $0.length > 1e-3 * legLength }), trunk.length > 0 else { return false }
    return abs(trunk.normalized.y) < 0.5 && legs.normalized.y < -0.7 && arms.allSatisfy { $0.normalized.y < -0.7 }
  }

  private var across: SIMD3<Double> {
    let hips = bone(.rightHip, .leftHip)
    if hips.length > 1e-3 * legLength { return hips }
    return bone(.rightShoulder, .leftShoulder)
  }

  /// From canonical axes to those of the rest pose.
  var frame: Quaternion {
    let up = self.up
    let left = (across - up * across.dot(up)).normalized
    guard left.length > 0.5 else { return .identity }
    let frame = Quaternion(columns: left, up, left.cross(up))
    // A rest pose that faces straight along an axis gets that axis, whatever hips of unequal height or depth say.
    let heading = frame.rotationVector
    let quarter = (heading / (.pi / 2)).rounded(.toNearestOrEven) * (.pi / 2)
    let snapped = Quaternion(rotationVector: quarter)
    let axes = [abs(heading.x), abs(heading.y), abs(heading.z)].filter { $0 > 0.3 }.count
    return axes <= 1 && snapped.angle(to: frame) < 0.15 ? snapped : frame
  }

  /// Where the toes point, zero if unknown.
  var toes: SIMD3<Double> {
    let feet: [(CanonicalJoint, CanonicalJoint)] = [(.leftAnkle, .leftFoot), (.rightAnkle, .rightFoot)]
    return feet.reduce(.zero) { sum, foot in
      if joints[foot.1] != nil { return sum + bone(foot.0, foot.1) }
      guard let ankle = joints[foot.0], let tip = skeleton.joints[ankle].endSite else { return sum }
      return sum + tip
    }
  }

  var notes: [String] {
    var notes: [String] = []
    let forward = frame.act(.unitZ)
    if legs.normalized.dot(up) < -0.5, toes.length > 0.1 * legLength, toes.normalized.dot(forward) < -0.5 {
      notes.append("the toes point backwards: left and right may be exchanged in the joints' names")
    }
    if legs.normalized.dot(up) > -0.5 {
      notes.append("the rest pose does not stand; limbs' axes are taken from how the joints bend")
    }
    return notes
  }
}
