extension Motion {
  /// Left and right exchanged: the motion seen in a mirror, on the mirrored skeleton.
  ///
  /// - Parameter partners: Each joint's partner of the other side, itself on the midline.
  /// - Precondition: One partner a joint; partners of joints under a common parent's partner hang alike.
  public func mirrored(partners: [Int]) -> Motion {
    precondition(partners.count == skeleton.count, "one partner a joint")
    func mirror(_ v: SIMD3<Double>) -> SIMD3<Double> { SIMD3(-v.x, v.y, v.z) }
    func mirror(_ q: Quaternion) -> Quaternion {
      Quaternion(w: q.w, x: q.imaginary.x, y: -q.imaginary.y, z: -q.imaginary.z)
    }
    let joints = skeleton.joints.indices.map { index in
      let partner = skeleton.joints[partners[index]]
      var joint = skeleton.joints[index]
      joint.offset = mirror(partner.offset)
      joint.endSite = partner.endSite.map(mirror)
      return joint
    }
    let mirroredPoses = poses.map { pose in
      Pose(
        rootPosition: mirror(pose.rootPosition), rotations: partners.map { mirror(pose.rotations[$0]) },
        translations: Dictionary(uniqueKeysWithValues: pose.translations.map { (partners[$0.key], mirror($0.value)) }))
    }
    return Motion(skeleton: Skeleton(joints: joints), frameTime: frameTime, poses: mirroredPoses)
  }

  /// Left and right of a canonical motion exchanged.
  ///
  /// - Precondition: The skeleton ``Skeleton/isCanonical``.
  public func mirrored() -> Motion {
    precondition(skeleton.isCanonical, "a canonical skeleton")
    return mirrored(partners: CanonicalJoint.allCases.map(\.mirrored.rawValue))
  }

  /// Every pose turned about the world's origin by `rotation`, then moved by `displacement`.
  public func placed(rotation: Quaternion = .identity, displacement: SIMD3<Double> = .zero) -> Motion {
    var result = self
    for index in poses.indices {
      result.poses[index].rootPosition = rotation.act(poses[index].rootPosition) + displacement
      result.poses[index].rotations[0] = (rotation * poses[index].rotations[0]).normalized
    }
    return result
  }

  /// Starts above the origin facing +Z: the first frame's yaw and horizontal place are taken from every frame.
  ///
  /// - Precondition: At least one frame; the root's +Z is the way the figure faces, as in a canonical motion.
  public func facingForward() -> Motion {
    precondition(!poses.isEmpty, "at least one frame")
    let turn = poses[0].rotations[0].heading.inverse
    return placed(rotation: turn, displacement: -turn.act(poses[0].rootPosition.horizontal))
  }

  /// The motion's ``capturedFrames`` alone.
  public func withoutArtificialFrames() -> Motion { frames(capturedFrames) }

  /// The frames that were captured: without an artificial T-pose at the head (cgspeed's conversion of CMU) and frames of
  /// zeros at either end.
  ///
  /// The first frame goes if all its joints but the root are unturned, or if the step from it to the second is nobody's:
  /// the five joints that turn most turn by 50 rad/s in the mean, or by 0.35 rad and four times as far as in any of the
  /// next steps.
  public var capturedFrames: Range<Int> {
    var range = 0..<count
    func isResting(_ frame: Int) -> Bool {
      skeleton.count > 1 && poses[frame].rotations.dropFirst().allSatisfy { $0.angle < 1e-4 }
    }
    while range.count > 1, isResting(range.lowerBound) { range = range.lowerBound + 1..<range.upperBound }
    while range.count > 1, isResting(range.upperBound - 1) { range = range.lowerBound..<range.upperBound - 1 }
    if range.lowerBound == 0, range.count > 4 {
      let (first, next) = (step(0, 1), (1...3).map { step($0, $0 + 1) }.max() ?? 0)
      if first > max(0.35, 50 * frameTime) || (first > 0.35 && first > 4 * next) { range = 1..<range.upperBound }
    }
    return range
  }

  private func step(_ a: Int, _ b: Int) -> Double {
    let angles = zip(poses[a].rotations, poses[b].rotations).dropFirst().map { $0.angle(to: $1) }
    return angles.sorted(by: >).prefix(5).reduce(0, +) / 5
  }
}
