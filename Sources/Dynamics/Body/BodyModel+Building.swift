public import Kinematics
public import Retargeting
public import Support

extension BodyModel {
  /// Builds the body of a biped's skeleton.
  ///
  /// - Parameters:
  ///   - skeleton: Metres, Y up. Its legs must be between 0.1 m and 10 m long.
  ///   - joints: The skeleton's joint for each canonical joint. Needed: pelvis, hips, knees, ankles, shoulders,
  ///     elbows, and neck or head.
  ///   - mass: The body's whole mass [kg].
  ///   - motions: Motions on this skeleton with the floor at height 0, from which the soles and the mean place of the
  ///     shoulders are calibrated; none takes both from the rest pose.
  /// - Throws: ``SurefootError`` if a joint is missing or the skeleton is no biped of a possible size.
  public init(
    skeleton: Skeleton, joints: [CanonicalJoint: Int], mass: Double = 70, calibratedOn motions: [Motion] = []
  ) throws(SurefootError) {
    let plan = try BodyPlan(skeleton: skeleton, joints: joints)
    let samples = plan.samples(of: motions)
    let feet = [CanonicalJoint.leftAnkle, .rightAnkle].map { ankle in
      SoleCalibration(plan: plan, ankle: ankle).foot(samples: samples)
    }
    let bodies = Segment.allCases.map { plan.body($0, mass: mass, feet: feet, samples: samples) }
    self.skeleton = skeleton
    self.joints = joints
    self.bodies = bodies
    self.feet = feet
    self.mass = mass
    legLength = plan.legLength
    restAxes = plan.axes
    restStands = plan.stands
    bodyStarting = Dictionary(
      uniqueKeysWithValues: bodies.enumerated().compactMap { index, body in body.driven.first.map { ($0, index) } })
  }
}

extension BodyModel {
  /// Builds the body of a biped whose joints are known; see ``init(skeleton:joints:mass:calibratedOn:)``.
  public init(
    skeleton: Skeleton, map: BipedMap, mass: Double = 70, calibratedOn motions: [Motion] = []
  ) throws(SurefootError) {
    try self.init(skeleton: skeleton, joints: map.joints, mass: mass, calibratedOn: motions)
  }
}

/// What a skeleton's rest pose says about the body in it.
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
        .unsupportedSkeleton, message: "the hips and shoulders lie in one line",
        suggestion: "check the map of the joints")
    }
    axes = Quaternion(columns: left, up, left.cross(up))
    let feet = (position(.leftAnkle) + position(.rightAnkle)) / 2
    stands = up.y > 0.8 && (hips.y - feet.y) > 0.8 * legLength
    try checkTree()
  }

  /// The trunk must bend somewhere between the pelvis and the shoulders, and limbs must hang in their order.
  private func checkTree() throws(SurefootError) {
    for segment in Segment.allCases {
      let carrier = carrier(of: segment)
      guard let parent = segment.parent.map(carrier(of:)) else { continue }
      guard carrier != parent, path(from: parent, to: carrier) != nil else {
        throw SurefootError(
          .unsupportedSkeleton,
          message: "the joint of \(segment), \(skeleton.joints[carrier].name), does not hang below that of its parent",
          suggestion: "check the map of the joints")
      }
    }
  }

  /// The joints after `ancestor` down to `joint`; `nil` if `joint` does not hang below it.
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

  /// The joint about which the head is held.
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

  /// Up to 200 poses' joint frames of each motion, evenly spaced, with the motion's frames at hand for speeds.
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

/// Frames of a motion, each with the ones before and after it.
struct MotionSample {
  var frames: [[JointFrames]]
  var frameTime: Double
}
