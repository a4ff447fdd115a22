import Kinematics
import Retargeting
import Support

/// The measurements of a standing skeleton from which a ``BodyModel`` is built.
struct BodyPlan {
  let skeleton: Skeleton
  let joints: [CanonicalJoint: Int]
  /// The joints in the pose that stands for standing: the rest pose, or one that was found in a motion.
  let rest: JointFrames
  /// The trunk's axes in the world in that pose: X left, Y up along the spine, Z forward.
  let axes: Quaternion
  let legLength: Double
  let stands: Bool
  /// The segments for which the skeleton has joints, parents first.
  let segments: [Segment]

  var scale: Double { legLength / Anthropometry.Size.referenceLeg }

  /// - Parameter standing: How the figure stands; `nil` for the rest pose.
  init(skeleton: Skeleton, joints: [CanonicalJoint: Int], standing: Pose?) throws(SurefootError) {
    let missing = BipedMap.required.filter { joints[$0] == nil }.map { "\($0)" }
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
    rest = skeleton.frames(of: standing ?? Pose(resting: skeleton))
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
    let up = BodyPlan.trunk(of: rest, joints, from: hips, legLength: legLength)
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
    segments = BodySegments(skeleton: skeleton, joints: joints).present
    try checkTree()
  }

  /// The way up the trunk: to the shoulders, or as far up as there are joints.
  private static func trunk(
    of rest: JointFrames, _ joints: [CanonicalJoint: Int], from hips: SIMD3<Double>, legLength: Double
  ) -> SIMD3<Double> {
    let position = { (joint: CanonicalJoint) in joints[joint].map { rest.positions[$0] } }
    if let left = position(.leftShoulder), let right = position(.rightShoulder) {
      return ((left + right) / 2 - hips).normalized
    }
    let tops: [CanonicalJoint] = [.neck, .head, .spine3, .spine2, .spine1]
    let ways = tops.compactMap(position).map { $0 - hips }
    return (ways.first { $0.length > 0.15 * legLength } ?? .unitY).normalized
  }

  /// Each limb's joints must follow in order.
  private func checkTree() throws(SurefootError) {
    for segment in segments {
      let carrier = carrier(of: segment)
      guard let parent = parent(of: segment).map(carrier(of:)) else { continue }
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
    BodySegments(skeleton: skeleton, joints: joints).path(from: ancestor, to: joint)
  }

  /// The joint in whose frame the segment is rigid: the last one before its far end.
  func carrier(of segment: Segment) -> Int {
    BodySegments(skeleton: skeleton, joints: joints).carrier(of: segment) ?? 0
  }

  /// The nearest segment above that the body has; `nil` for the pelvis.
  func parent(of segment: Segment) -> Segment? { segment.ancestors.first(where: segments.contains) }

  /// The joint about which the head moves.
  var headBase: Int { joints[.neck] ?? joints[.head] ?? 0 }

  /// A direction or rotation in the world of ``rest``, in the frame of a joint.
  func inward(_ joint: Int) -> Quaternion { rest.rotations[joint].inverse }

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
