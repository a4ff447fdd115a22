public import Kinematics
public import Retargeting
public import Support

/// A skeleton's rigid body: up to thirteen segments with masses, inertias and solids, and two calibrated soles.
///
///     let clip = try BVH.read(contentsOf: url)
///     let map = try BipedMap.understanding(clip.motion.skeleton)
///     let body = try BodyModel(skeleton: clip.motion.skeleton, map: map, calibratedOn: [clip.motion])
///
///     let state = body.state(of: clip.motion.poses[0])      // every segment's position and orientation
///     body.lowestPoint(in: state)                           // height above the floor [m]
///     PlausibilityMetrics.measure(clip.motion, body: body)  // Penetrate, Float, Skate, residual wrench
///
/// Build one for each skeleton and share it: it is an immutable value. Measure, correct and draw a motion with the same
/// model, so that the figures are comparable.
///
/// The segments' sizes come from the skeleton's limbs, their masses from anthropometric tables (Winter, de Leva and
/// Dempster, cited at `Anthropometry`). The rest pose sets the soles. If motions are given to calibrate on, their standing
/// feet correct the soles: a captured ankle joint may lie 1 cm off the anatomical one, and a sole that is 1 cm off adds
/// 1 cm of penetration to every figure.
///
/// Only pelvis, hips, knees and ankles are indispensable. A part that the skeleton has no joints for (head, arms,
/// forearms) is no segment of its own: its mass stands at its usual place on the part that would bear it.
///
/// Not modelled: toes, fingers, hands apart from the forearm, collar bones, bends inside the trunk. The joints in
/// them keep their motion relative to their parents.
public struct BodyModel: Sendable, Hashable {
  /// The skeleton whose bones carry the segments.
  public let skeleton: Skeleton
  /// The skeleton's joint for each canonical joint that it has.
  public let joints: [CanonicalJoint: Int]
  /// One body for each ``Segment`` that the skeleton has joints for, in the order of `Segment`; ``index(of:)`` finds one.
  public let bodies: [Body]
  /// The left foot, then the right.
  public let feet: [Foot]
  /// The sum of the segments' masses [kg].
  public let mass: Double
  /// Thigh and shank [m], the mean of both legs: torques are divided by it to compare them with forces.
  public let legLength: Double
  /// The trunk's axes as the figure stands (X left, Y up along the spine, Z forward) in the frame of each body.
  package let standingAxes: [Quaternion]
  /// Whether the figure stands upright in the pose that stands for standing, so that joint angles can be measured from it.
  package let restStands: Bool
  /// What the body stands on: the floor at height 0, and what a scene adds to it.
  public var ground = Ground.flat
  /// The place of each segment in ``bodies``, by its raw value.
  private let indices: [Int?]

  /// The body whose first driven joint is the key.
  let bodyStarting: [Int: Int]

  /// Acceleration of gravity [m/s^2].
  public static let gravity = 9.81

  /// The body's weight [N].
  public var weight: Double { mass * BodyModel.gravity }

  /// The segments of the feet, left then right.
  package static let footSegments: [Segment] = [.leftFoot, .rightFoot]

  /// The place of a segment in ``bodies``; `nil` where the skeleton has no joints for it.
  public func index(of segment: Segment) -> Int? { indices[segment.rawValue] }

  /// The place in ``bodies`` of a segment that every body has: the pelvis or a part of a leg.
  package func legIndex(_ segment: Segment) -> Int {
    guard let index = indices[segment.rawValue] else { preconditionFailure("every body has \(segment)") }
    return index
  }

  /// The segments' positions and orientations in a pose, by forward kinematics.
  public func state(of pose: Pose) -> BodyState {
    let frames = skeleton.frames(of: pose)
    return state(of: frames)
  }

  /// The segments' positions and orientations from joint frames that are already computed.
  public func state(of frames: JointFrames) -> BodyState {
    BodyState(
      positions: bodies.map { frames.positions[$0.carrier] }, rotations: bodies.map { frames.rotations[$0.carrier] })
  }

  /// The state in which rigid segments meet at their joints: the pelvis at `pelvis` [m], every segment rotated as given.
  ///
  /// It differs from ``state(of:)-(Pose)`` where collar bones and the trunk bend between the segments.
  package func assembled(pelvis: SIMD3<Double>, rotations: [Quaternion]) -> BodyState {
    var positions = [SIMD3<Double>](repeating: pelvis, count: bodies.count)
    for (index, body) in bodies.enumerated() {
      guard let parent = body.parent else { continue }
      positions[index] = positions[parent] + rotations[parent].act(body.anchor) - rotations[index].act(body.pivot)
    }
    return BodyState(positions: positions, rotations: rotations)
  }

  /// The pose in which the pelvis is at `pelvis` [m] and every segment is rotated as given, all else as in `pose`.
  ///
  /// Use it to turn a simulated or corrected state into a pose of the skeleton. A chain of joints that one segment spans
  /// (the spine, the neck) shares the segment's rotation equally; joints that belong to no segment keep their rotation
  /// relative to their parents. The state of `pose` itself returns `pose`, up to rounding.
  public func pose(_ pose: Pose, pelvis: SIMD3<Double>, rotations: [Quaternion]) -> Pose {
    var result = pose
    var world = [Quaternion](repeating: .identity, count: skeleton.count)
    var turned = [Quaternion?](repeating: nil, count: skeleton.count)
    for joint in skeleton.joints.indices {
      let above = skeleton.joints[joint].parent.map { world[$0] } ?? .identity
      if let index = bodyStarting[joint] {
        share(bodies[index], above: above, to: rotations[index], in: pose, &turned)
      }
      if let rotation = turned[joint] {
        world[joint] = rotation
        result.rotations[joint] = (above.inverse * rotation).normalized
      } else {
        world[joint] = above * pose.rotations[joint]
      }
    }
    let carrier = bodies[0].carrier
    let reached = carrier == 0 ? result.rootPosition : skeleton.frames(of: result).positions[carrier]
    result.rootPosition += pelvis - reached
    return result
  }

  /// Shares the rotation that brings a segment's carrier to `rotation` among its driven joints: joint k of n takes k/n of
  /// it in the world, so that the last one takes all of it.
  private func share(
    _ body: Body, above: Quaternion, to rotation: Quaternion, in pose: Pose, _ turned: inout [Quaternion?]
  ) {
    var chain = above
    var unrotated: [Quaternion] = []
    for joint in body.driven {
      chain = chain * pose.rotations[joint]
      unrotated.append(chain)
    }
    let end = body.followers.reduce(chain) { $0 * pose.rotations[$1] }
    let turn = (rotation * end.inverse).rotationVector
    guard turn.length > 1e-12 else { return }
    for (k, joint) in body.driven.enumerated() {
      let share = turn * (Double(k + 1) / Double(body.driven.count))
      turned[joint] = (Quaternion(rotationVector: share) * unrotated[k]).normalized
    }
  }
}

extension BodyModel {
  /// Builds the body of a biped's skeleton.
  ///
  /// - Parameters:
  ///   - skeleton: Metres, Y up. Its legs must be between 0.1 m and 10 m long.
  ///   - joints: The skeleton's joint for each canonical joint. Needed: pelvis, hips, knees and ankles.
  ///   - mass: The body's whole mass [kg].
  ///   - motions: Motions on this skeleton with the floor at height 0, from which the soles and the mean place of the
  ///     shoulders are calibrated. Without any, the rest pose sets both.
  ///   - standing: How the figure stands, where the rest pose does not say it; ``StandingPose`` finds it in a motion.
  /// - Throws: ``SurefootError`` with the code `unsupportedSkeleton` if a joint is missing, the skeleton is no biped of a
  ///   possible size, or a bone has no length; `invalidSettings` if the mass is not positive.
  public init(
    skeleton: Skeleton, joints: [CanonicalJoint: Int], mass: Double = 70, calibratedOn motions: [Motion] = [],
    standing: Pose? = nil
  ) throws(SurefootError) {
    guard mass > 0, mass.isFinite else {
      throw SurefootError(
        .invalidSettings, message: "a body cannot have a mass of \(mass) kg", suggestion: "give a mass above 0")
    }
    let plan = try BodyPlan(skeleton: skeleton, joints: joints, standing: standing)
    let samples = plan.samples(of: motions)
    let feet = [CanonicalJoint.leftAnkle, .rightAnkle].map { ankle in
      SoleCalibration(plan: plan, ankle: ankle).foot(samples: samples)
    }
    let bodies = plan.segments.map { plan.body($0, mass: mass, feet: feet, samples: samples) }
    for body in bodies { try plan.check(body) }
    self.skeleton = skeleton
    self.joints = joints
    self.bodies = bodies
    self.feet = feet
    self.mass = mass
    legLength = plan.legLength
    standingAxes = bodies.map { plan.inward($0.carrier) * plan.axes }
    restStands = plan.stands
    indices = Segment.allCases.map(plan.segments.firstIndex)
    bodyStarting = Dictionary(
      uniqueKeysWithValues: bodies.enumerated().compactMap { index, body in body.driven.first.map { ($0, index) } })
  }

  /// Builds the body of a biped from a map of its joints; see ``init(skeleton:joints:mass:calibratedOn:)``.
  public init(
    skeleton: Skeleton, map: BipedMap, mass: Double = 70, calibratedOn motions: [Motion] = [], standing: Pose? = nil
  ) throws(SurefootError) {
    try self.init(
      skeleton: skeleton, joints: map.joints, mass: mass, calibratedOn: motions, standing: standing)
  }
}

extension BodyModel {
  /// What the skeleton has no joints for, in a sentence for the user; `nil` if it has joints for all of the body.
  public var missingParts: String? {
    var parts: [String] = []
    let lacks = { (segment: Segment) in self.index(of: segment) == nil }
    if lacks(.chest) { parts.append("trunk above the pelvis") }
    if lacks(.head) { parts.append("head") }
    let limbs: [(String, Segment, Segment)] = [
      ("arm", .leftUpperArm, .rightUpperArm), ("forearm", .leftForearm, .rightForearm),
    ]
    for (part, left, right) in limbs {
      // The forearm of an arm that is missing goes without saying.
      let isLost = { (segment: Segment) in
        lacks(segment) && (part == "arm" || segment.parent.map(lacks) != true)
      }
      switch (isLost(left), isLost(right)) {
      case (true, true): parts.append(part + "s")
      case (true, false): parts.append("left " + part)
      case (false, true): parts.append("right " + part)
      case (false, false): break
      }
    }
    guard let last = parts.popLast() else { return nil }
    let list = parts.isEmpty ? last : parts.joined(separator: ", ") + " and " + last
    return "The skeleton has no joints for \(list): the mass is on the part of the body that is there."
  }
}

extension BodyModel {
  /// How far from the origin a body can be simulated [m].
  package static let simulatedRange = 1e5

  /// Refuses a motion whose numbers no simulation can hold.
  ///
  /// ODE ends the process on numbers that overflow, so call this before simulating a motion that comes from a file.
  ///
  /// - Throws: ``SurefootError`` with the code `invalidMotion` if a number is not finite, or the root moves more than
  ///   100 km from where it starts or from the floor, or a joint from its parent.
  package static func checkRange(of motion: Motion) throws(SurefootError) {
    guard let start = motion.poses.first?.rootPosition.horizontal else { return }
    for (frame, pose) in motion.poses.enumerated() {
      let distances = pose.translations.values.map(\.length) + [(pose.rootPosition - start).length]
      guard pose.isFinite, let distance = distances.max(), distance < simulatedRange else {
        throw SurefootError(
          .invalidMotion,
          message: "frame \(frame) lies more than \(Int(simulatedRange / 1000)) km away, or is not a number",
          suggestion: "check the unit of length that the file is read with, and repair or leave out the frame")
      }
    }
  }
}
