import Kinematics
import Retargeting
import Support

/// The measurements of a skeleton's rest pose from which a ``BodyModel`` is built.
struct BodyPlan {
  let skeleton: Skeleton
  let joints: [CanonicalJoint: Int]
  let rest: JointFrames
  let axes: Quaternion
  let legLength: Double
  let stands: Bool

  var scale: Double { legLength / Anthropometry.Size.referenceLeg }

  init(skeleton: Skeleton, joints: [CanonicalJoint: Int]) throws(SurefootError) {
    let needed: [CanonicalJoint] = [
      .pelvis, .leftHip, .rightHip, .leftKnee, .rightKnee, .leftAnkle, .rightAnkle, .leftShoulder, .rightShoulder,
      .leftElbow, .rightElbow,
    ]
    let missing =
      needed.filter { joints[$0] == nil }.map { "\($0)" } + (joints[.neck] ?? joints[.head] == nil ? ["neck"] : [])
    guard missing.isEmpty else {
      throw SurefootError(
        .unsupportedSkeleton,
        message: "the skeleton has no joint for \(missing.joined(separator: ", "))",
        suggestion: "map the skeleton's joints to a biped's")
    }
    guard joints.values.allSatisfy(skeleton.joints.indices.contains) else {
      throw SurefootError(.unsupportedSkeleton, message: "the joint map names joints that the skeleton does not have")
    }
    self.skeleton = skeleton
    self.joints = joints
    rest = skeleton.frames(of: Pose(resting: skeleton))
    let position = { [rest] (joint: CanonicalJoint) in joints[joint].map { rest.positions[$0] } ?? .zero }
    legLength =
      ((position(.leftKnee) - position(.leftHip)).length + (position(.rightKnee) - position(.rightHip)).length
        + (position(.leftAnkle) - position(.leftKnee)).length + (position(.rightAnkle) - position(.rightKnee)).length)
      / 2
    guard legLength > 0.1, legLength < 10 else {
      throw SurefootError(
        .unsupportedSkeleton,
        message: "the legs are \(legLength) m long", suggestion: "check the unit of length that the file is read with")
    }
    let hips = (position(.leftHip) + position(.rightHip)) / 2
    let up = ((position(.leftShoulder) + position(.rightShoulder)) / 2 - hips).normalized
    let across = position(.leftHip) - position(.rightHip)
    let left = (across - up * across.dot(up)).normalized
    guard up.length > 0.5, left.length > 0.5 else {
      throw SurefootError(
        .unsupportedSkeleton, message: "the hips and shoulders lie on one line",
        suggestion: "check the map of the joints")
    }
    axes = Quaternion(columns: left, up, left.cross(up))
    let feet = (position(.leftAnkle) + position(.rightAnkle)) / 2
    stands = up.y > 0.8 && (hips.y - feet.y) > 0.8 * legLength
    try checkTree()
  }

  /// The trunk must have a joint between the pelvis and the shoulders, and each limb's joints must follow in order.
  private func checkTree() throws(SurefootError) {
    for segment in Segment.allCases {
      let carrier = carrier(of: segment)
      guard let parent = segment.parent.map(carrier(of:)) else { continue }
      guard carrier != parent, path(from: parent, to: carrier) != nil else {
        throw SurefootError(
          .unsupportedSkeleton,
          message:
            "the joint of \(segment), \(skeleton.joints[carrier].name), does not descend from that of its parent",
          suggestion: "check the map of the joints")
      }
    }
  }

  /// Refuses a segment that has no inertia, which ODE would end the process over: a bone without length, or one so long
  /// that its inertia overflows.
  func check(_ body: Body) throws(SurefootError) {
    let least = 1e-15 * body.mass * legLength * legLength
    let inertias = [body.longitudinalInertia, body.transverseInertia]
    guard inertias.allSatisfy({ $0 > least && $0.isFinite }), body.centreOfMass.isFinite, body.anchor.isFinite,
      body.shape.boundingRadius.isFinite
    else {
      throw SurefootError(
        .unsupportedSkeleton,
        message: "the bone of \(body.segment), below the joint \(skeleton.joints[body.carrier].name), has no possible "
          + "length", suggestion: "give the bone a length in the skeleton, or map the body to other joints")
    }
  }

  /// The joints after `ancestor` down to `joint`; `nil` if `joint` does not descend from it.
  func path(from ancestor: Int, to joint: Int) -> [Int]? {
    var path: [Int] = []
    var current = joint
    while current != ancestor {
      path.append(current)
      guard let parent = skeleton.joints[current].parent else { return nil }
      current = parent
    }
    return path.reversed()
  }

  /// The joint in whose frame the segment is rigid: the last one before its far end.
  func carrier(of segment: Segment) -> Int {
    let index = { (joint: CanonicalJoint) in joints[joint] ?? 0 }
    switch segment {
    case .pelvis: return index(.pelvis)
    case .chest: return commonAncestor(index(.leftShoulder), commonAncestor(index(.rightShoulder), headBase))
    case .head: return joints[.head] ?? headBase
    case .leftFoot, .rightFoot: return index(segment.joints.proximal)
    default:
      let proximal = index(segment.joints.proximal)
      guard let distal = segment.joints.distal.flatMap({ joints[$0] }), let last = skeleton.joints[distal].parent,
        path(from: proximal, to: last) != nil
      else { return proximal }
      return last
    }
  }

  /// The joint about which the head moves.
  var headBase: Int { joints[.neck] ?? joints[.head] ?? 0 }

  private func commonAncestor(_ a: Int, _ b: Int) -> Int {
    var ancestors: Set<Int> = []
    var current: Int? = skeleton.joints[a].parent
    while let joint = current {
      ancestors.insert(joint)
      current = skeleton.joints[joint].parent
    }
    current = b
    while let joint = current, !ancestors.contains(joint), joint != 0 { current = skeleton.joints[joint].parent }
    return current ?? 0
  }

  /// Up to about 200 evenly spaced samples of each motion that is finite and on this skeleton.
  func samples(of motions: [Motion]) -> [MotionSample] {
    motions.filter { $0.count > 2 && $0.isFinite && $0.skeleton == skeleton }.map { motion in
      let step = max(1, motion.count / 200)
      let indices = stride(from: 1, to: motion.count - 1, by: step)
      return MotionSample(
        frames: indices.map { index in
          (-1...1).map { skeleton.frames(of: motion.poses[index + $0]) }
        }, frameTime: motion.frameTime)
    }
  }
}

/// Joint frames sampled from a motion, each with the frames before and after it for speeds.
struct MotionSample {
  var frames: [[JointFrames]]
  var frameTime: Double
}
