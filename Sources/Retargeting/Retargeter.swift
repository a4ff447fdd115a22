public import Kinematics

/// Whose limbs a retargeted figure has.
public enum LimbLengths: String, Sendable, Hashable, Codable, CaseIterable {
  /// The canonical body, 1.70 m tall; the way walked is scaled by the legs' lengths.
  case canonical
  /// The source's own: joints that both skeletons have stay where they were in the world.
  case source
}

/// Carries motions of one skeleton over to the canonical 22 joints.
///
///     let map = try BipedMap.infer(from: clip.motion.skeleton)
///     let retargeter = Retargeter(from: clip.motion.skeleton, map: map, calibratedOn: clip.motion)
///     let motion = retargeter.retarget(clip.motion)          // 22 joints, a T-pose at rest, facing +Z
///
/// Each mapped joint has a constant correction C from its canonical rest frame to the source's: a pose turns the
/// canonical joint by `R · C`, R the source joint's turn in the world, so that rest poses may differ (splayed legs,
/// hanging arms, LAFAN1's bones all along X). Rotations of source joints between two mapped ones are multiplied in.
/// With ``LimbLengths/source`` a joint's world position is the source's wherever no joint between moves it.
public struct Retargeter: Sendable {
  /// The source's joints.
  public let map: BipedMap
  /// The skeleton of retargeted motions: canonical names, order and axes.
  public let skeleton: Skeleton
  /// Metres of the result for one metre of the source: 1 with the source's limbs.
  public let scale: Double

  private let source: Skeleton
  private let corrections: RestCorrections
  private let aims: [CanonicalJoint: CanonicalJoint]
  private let hipsCentre: SIMD3<Double>

  /// A retargeter for motions of one skeleton.
  ///
  /// - Parameter motion: A motion of the source, used only where the rest pose does not stand: how knees and elbows bend
  ///   distinguishes the limbs' front from their back.
  public init(
    from source: Skeleton, map: BipedMap, limbLengths: LimbLengths = .source, calibratedOn motion: Motion? = nil
  ) {
    self.source = source
    self.map = map
    let body = RestBody(skeleton: source, joints: map.joints)
    let corrections = RestCorrections(body: body, frame: map.bodyFrame, motion: motion)
    self.corrections = corrections
    switch limbLengths {
    case .canonical:
      skeleton = .canonical
      scale = RestBody(skeleton: .canonical, joints: .identity).legLength / body.legLength
    case .source:
      skeleton = SourceLimbs(body: body, corrections: corrections).skeleton
      scale = 1
    }
    aims = Retargeter.aims(source, map)
    hipsCentre =
      (skeleton.joints[CanonicalJoint.leftHip.rawValue].offset
        + skeleton.joints[CanonicalJoint.rightHip.rawValue].offset) / 2
  }

  /// The motion on ``skeleton``, frame by frame; frames of the source's length at the source's rate.
  ///
  /// - Precondition: The motion is of the skeleton that the retargeter was made for.
  public func retarget(_ motion: Motion) -> Motion {
    precondition(motion.skeleton.count == source.count, "the motion's skeleton is the retargeter's")
    return Motion(skeleton: skeleton, frameTime: motion.frameTime, poses: motion.poses.map(retarget))
  }

  /// One pose on ``skeleton``.
  public func retarget(_ pose: Pose) -> Pose {
    let frames = source.frames(of: pose)
    var world = [Quaternion](repeating: .identity, count: CanonicalJoint.allCases.count)
    var local = world
    for joint in CanonicalJoint.allCases {
      let parent = joint.parent.map { world[$0.rawValue] } ?? .identity
      if let index = map[joint] {
        let turned = frames.rotations[index] * corrections[joint]
        world[joint.rawValue] = aim(joint, turned, frames)
        local[joint.rawValue] = (parent.inverse * world[joint.rawValue]).normalized
      } else {
        world[joint.rawValue] = parent
      }
    }
    // The hips' centre is the anchor: pelvis joints sit at different heights in different skeletons.
    let hips = [CanonicalJoint.leftHip, .rightHip].compactMap { map[$0] }.map { frames.positions[$0] }
    let centre = hips.reduce(.zero, +) / Double(max(1, hips.count))
    return Pose(rootPosition: centre * scale - world[0].act(hipsCentre), rotations: local)
  }

  /// Turns a bone that bends inside (a neck of two joints, say) to point where the source's does from end to end.
  private func aim(_ joint: CanonicalJoint, _ rotation: Quaternion, _ frames: JointFrames) -> Quaternion {
    guard let end = aims[joint], let from = map[joint], let to = map[end] else { return rotation }
    let wanted = frames.positions[to] - frames.positions[from]
    let resting = skeleton.joints[end.rawValue].offset
    guard wanted.length > 1e-6, resting.length > 1e-6 else { return rotation }
    return Quaternion(from: rotation.act(resting.normalized), to: wanted.normalized) * rotation
  }

  /// Bones from a mapped joint to its only canonical child with unmapped source joints between.
  private static func aims(_ source: Skeleton, _ map: BipedMap) -> [CanonicalJoint: CanonicalJoint] {
    var aims: [CanonicalJoint: CanonicalJoint] = [:]
    for joint in CanonicalJoint.allCases {
      let children = CanonicalJoint.allCases.filter { $0.parent == joint }
      guard children.count == 1, let from = map[joint], let to = map[children[0]] else { continue }
      if source.joints[to].parent != from { aims[joint] = children[0] }
    }
    return aims
  }
}
