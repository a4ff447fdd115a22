public import Kinematics
public import Support

/// Carries motions of the canonical joints over to a character's own skeleton: the way back of ``Retargeter``.
///
///     let map = try BipedMap.understanding(character)
///     let motion = CharacterRetargeter(to: character, map: map).retarget(sampled)
///
/// A mapped joint turns in the world as the canonical one does, from its own rest pose; joints that are not mapped
/// (fingers, face, twist bones) keep their rest pose. The way walked is scaled by how high the hips stand over the
/// soles, so that feet that stood on the floor stand on it again.
public struct CharacterRetargeter: Sendable {
  /// The character's skeleton.
  public let skeleton: Skeleton

  private let map: BipedMap
  private let corrections: RestCorrections
  /// The canonical joint that drives each of the character's.
  private let drivers: [Int: CanonicalJoint]

  /// Prepares the way to a skeleton.
  ///
  /// - Parameter motion: A motion of the character, used only where its rest pose does not stand.
  public init(to skeleton: Skeleton, map: BipedMap, calibratedOn motion: Motion? = nil) {
    self.skeleton = skeleton
    self.map = map
    let body = RestBody(skeleton: skeleton, joints: map.joints)
    corrections = RestCorrections(body: body, frame: map.bodyFrame, motion: motion)
    drivers = Dictionary(uniqueKeysWithValues: map.joints.map { ($1, $0) })
  }

  /// The motion on the character's skeleton: as many frames, at the same rate.
  ///
  /// - Precondition: The motion's skeleton ``Skeleton/isCanonical``.
  public func retarget(_ motion: Motion) -> Motion {
    precondition(motion.skeleton.isCanonical, "a canonical motion")
    let scale = scale(from: motion.skeleton)
    return Motion(
      skeleton: skeleton, frameTime: motion.frameTime,
      poses: motion.poses.map { retarget(motion.skeleton.frames(of: $0), scale) })
  }

  private func retarget(_ frames: JointFrames, _ scale: Double) -> Pose {
    var world = [Quaternion](repeating: .identity, count: skeleton.count)
    var pose = Pose(resting: skeleton)
    for (index, joint) in skeleton.joints.enumerated() {
      let parent = joint.parent.map { world[$0] } ?? .identity
      if let driver = drivers[index] {
        world[index] = (frames.rotations[driver.rawValue] * corrections[driver].inverse).normalized
        pose.rotations[index] = (parent.inverse * world[index]).normalized
      } else {
        world[index] = parent
      }
    }
    let wanted =
      (frames.positions[CanonicalJoint.leftHip.rawValue] + frames.positions[CanonicalJoint.rightHip.rawValue]) / 2
    pose.rootPosition = wanted * scale - hipsCentre(skeleton.frames(of: pose).positions)
    return pose
  }

  private func hipsCentre(_ positions: [SIMD3<Double>]) -> SIMD3<Double> {
    let hips = [CanonicalJoint.leftHip, .rightHip].compactMap { map[$0] }.map { positions[$0] }
    return hips.reduce(.zero, +) / Double(max(1, hips.count))
  }

  /// The character's metres for one of the motion's.
  private func scale(from source: Skeleton) -> Double {
    let (from, to) = (RestBody(skeleton: source, joints: .identity), RestBody(skeleton: skeleton, joints: map.joints))
    guard let high = to.standingHeight, let canonical = from.standingHeight else {
      return to.legLength / from.legLength
    }
    return high / canonical
  }
}

extension RestBody {
  /// From the soles, the lowest joint or tip, to the hips [m]; `nil` for a rest pose that does not stand.
  fileprivate var standingHeight: Double? {
    guard let left = position(.leftHip), let right = position(.rightHip), let ankle = position(.leftAnkle) else {
      return nil
    }
    let tips = skeleton.joints.enumerated().compactMap { index, joint in joint.endSite.map { positions[index] + $0 } }
    let lowest = (positions + tips).map(\.y).min() ?? 0
    let height = (left.y + right.y) / 2 - lowest
    // Legs straight down, and a foot below them that is no rod down to somewhere.
    return left.y - ankle.y > 0.9 * legLength && height < 1.4 * legLength ? height : nil
  }
}

extension Motion {
  /// The motion on the 22 canonical joints; itself, reordered, if it has them already.
  ///
  /// - Parameters:
  ///   - file: Stands in errors.
  ///   - joints: The map of a skeleton that names and shape do not tell.
  ///   - limbs: Whose limbs the figure has.
  public func retargetedToCanonical(
    file: String, joints own: JointMap? = nil, limbs: LimbLengths = .canonical
  ) throws(SurefootError) -> Motion {
    if let same = ordered(like: .canonical) { return same }
    let map = try skeleton.bipedMap(file: file, own)
    do {
      try FourLegs.check(self, joints: map.joints)
    } catch {
      throw SurefootError(file: file, message: error.message, suggestion: error.suggestion)
    }
    return Retargeter(from: skeleton, map: map, limbLengths: limbs, calibratedOn: self).retarget(self)
  }

  /// The motion on a character's skeleton; itself if it is on it already.
  ///
  /// - Parameters:
  ///   - file: Stands in errors.
  ///   - own: The map of a skeleton, this or the character's, that names and shape do not tell.
  public func retargeted(to character: Skeleton, file: String, joints own: JointMap? = nil) throws(SurefootError)
    -> Motion
  {
    if let same = ordered(like: character), same.skeleton == character { return same }
    if character == .canonical, ordered(like: .canonical) == nil {
      return try retargetedToCanonical(file: file, joints: own)
    }
    let canonical = try retargetedToCanonical(file: file, joints: own, limbs: .source)
    let map = try character.bipedMap(file: file, own)
    return CharacterRetargeter(to: character, map: map).retarget(canonical)
  }
}

extension Skeleton {
  fileprivate func bipedMap(file: String, _ own: JointMap?) throws(SurefootError) -> BipedMap {
    // The user's map names joints of one skeleton; the other's joints are identified as usual.
    if let own, own.matches(in: self).count >= BipedMap.required.count,
      let map = try? BipedMap.understanding(self, own: own)
    {
      return map
    }
    do {
      return try BipedMap.understanding(self)
    } catch {
      throw SurefootError(
        file: file, message: error.message, suggestion: "name the joints in a joint map (--skeleton FILE.yaml)")
    }
  }
}
