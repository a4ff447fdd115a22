public import Kinematics

/// A skeleton's rigid body: thirteen segments with masses, inertias and solids, and two calibrated soles.
///
///     let body = try BodyModel(skeleton: motion.skeleton, joints: map, calibratedOn: [motion])
///     let states = motion.poses.map(body.state(of:))
///
/// The segments' sizes come from the skeleton's own limbs, their masses from anthropometric tables (see
/// `Anthropometry`). Soles are set by the rest pose, and by the standing feet of `calibratedOn` where motions are given:
/// captured joints are not where an atlas has them, and a sole 1 cm off is 1 cm of penetration in every figure.
///
/// Not modelled: toes, fingers, hands apart from the forearm, collar bones, bends inside the trunk. The joints in
/// them keep their motion relative to their parents.
public struct BodyModel: Sendable, Hashable {
  /// The figure that the model stands for.
  public let skeleton: Skeleton
  /// The skeleton's joint for each canonical joint that it has.
  public let joints: [CanonicalJoint: Int]
  /// One body a ``Segment``, in that order: `bodies[segment.rawValue]`.
  public let bodies: [Body]
  /// The left foot, then the right.
  public let feet: [Foot]
  /// The sum of the segments' masses [kg].
  public let mass: Double
  /// Thigh and shank [m]: the length that turns the residual torque into a force.
  public let legLength: Double
  /// The resting trunk's axes in the world: X left, Y up along the spine, Z forward.
  public let restAxes: Quaternion
  /// Whether the rest pose stands upright, so that angles can be counted from it.
  public let restStands: Bool

  /// The body whose first driven joint is the key.
  let bodyStarting: [Int: Int]

  /// Acceleration of gravity [m/s^2].
  public static let gravity = 9.81

  /// The weight [N].
  public var weight: Double { mass * BodyModel.gravity }

  /// The segments of the feet, left then right.
  public static let footSegments: [Segment] = [.leftFoot, .rightFoot]

  /// Where the segments are in a pose: by forward kinematics, exactly.
  public func state(of pose: Pose) -> BodyState {
    let frames = skeleton.frames(of: pose)
    return state(of: frames)
  }

  /// The same from joint frames already at hand.
  public func state(of frames: JointFrames) -> BodyState {
    BodyState(
      positions: bodies.map { frames.positions[$0.carrier] }, rotations: bodies.map { frames.rotations[$0.carrier] })
  }

  /// The state of rigid segments jointed without play: the pelvis at `pelvis`, every segment turned as given.
  ///
  /// It differs from ``state(of:)-(Pose)`` where collar bones and the trunk bend between the segments.
  public func assembled(pelvis: SIMD3<Double>, rotations: [Quaternion]) -> BodyState {
    var positions = [SIMD3<Double>](repeating: pelvis, count: bodies.count)
    for (index, body) in bodies.enumerated() {
      guard let parent = body.parent else { continue }
      positions[index] = positions[parent] + rotations[parent].act(body.anchor) - rotations[index].act(body.pivot)
    }
    return BodyState(positions: positions, rotations: rotations)
  }

  /// The pose in which the pelvis is at `pelvis` and every segment is turned as given, all else as in `pose`.
  ///
  /// A chain of joints that one segment spans (the spine, the neck) shares the segment's turn equally; joints that no
  /// segment owns keep their rotation relative to their parents. Given `pose`'s own state it gives back `pose`, but for
  /// rounding.
  public func pose(_ pose: Pose, pelvis: SIMD3<Double>, rotations: [Quaternion]) -> Pose {
    var result = pose
    var world = [Quaternion](repeating: .identity, count: skeleton.count)
    var turned = [Quaternion?](repeating: nil, count: skeleton.count)
    for joint in skeleton.joints.indices {
      let above = skeleton.joints[joint].parent.map { world[$0] } ?? .identity
      if let index = bodyStarting[joint] {
        turn(bodies[index], above: above, to: rotations[index], in: pose, &turned)
      }
      if let rotation = turned[joint] {
        world[joint] = rotation
        result.rotations[joint] = (above.inverse * rotation).normalized
      } else {
        world[joint] = above * pose.rotations[joint]
      }
    }
    let carrier = bodies[Segment.pelvis.rawValue].carrier
    let reached = carrier == 0 ? result.rootPosition : skeleton.frames(of: result).positions[carrier]
    result.rootPosition += pelvis - reached
    return result
  }

  /// Shares the turn that brings a segment's carrier to `rotation` among its driven joints: joint k of n takes the
  /// k-th n-th part of the turn in the world, so that the last one takes it all.
  private func turn(
    _ body: Body, above: Quaternion, to rotation: Quaternion, in pose: Pose, _ turned: inout [Quaternion?]
  ) {
    var chain = above
    var unturned: [Quaternion] = []
    for joint in body.driven {
      chain = chain * pose.rotations[joint]
      unturned.append(chain)
    }
    let end = body.followers.reduce(chain) { $0 * pose.rotations[$1] }
    let turn = (rotation * end.inverse).rotationVector
    guard turn.length > 1e-12 else { return }
    for (k, joint) in body.driven.enumerated() {
      let share = turn * (Double(k + 1) / Double(body.driven.count))
      turned[joint] = (Quaternion(rotationVector: share) * unturned[k]).normalized
    }
  }
}
