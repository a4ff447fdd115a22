package import Kinematics

extension Motion {
  /// Without frames at either end in which a limb has no data.
  ///
  /// A marker that the cameras lost leaves zeros in the file: hip and knee, or shoulder and elbow, unturned at once, to
  /// the last digit, in some frames and not in others.
  package func withoutDropouts(at map: BipedMap) -> Motion {
    let missing = Set(dropouts(at: map).flatMap(\.frames))
    let present = poses.indices.filter { !missing.contains($0) }
    guard !missing.isEmpty, let first = present.first, let last = present.last else { return self }
    return frames(first..<last + 1)
  }

  /// A limb without data in some frame, and the first such frame.
  package func dropout(of map: BipedMap) -> (limb: String, frame: Int)? {
    for (limb, frames) in dropouts(at: map) {
      if let first = frames.first { return (limb, first) }
    }
    return nil
  }

  private func dropouts(at map: BipedMap) -> [(limb: String, frames: [Int])] {
    let limbs: [(String, CanonicalJoint, CanonicalJoint)] = [
      ("left leg", .leftHip, .leftKnee), ("right leg", .rightHip, .rightKnee),
      ("left arm", .leftShoulder, .leftElbow), ("right arm", .rightShoulder, .rightElbow),
    ]
    return limbs.compactMap { name, upper, lower in
      guard let a = map[upper], let b = map[lower] else { return nil }
      let frames = poses.indices.filter { poses[$0].rotations[a].angle < 1e-7 && poses[$0].rotations[b].angle < 1e-7 }
      // A limb that never turns is a choice, not a loss.
      return frames.count == count ? nil : (name, frames)
    }
  }

  /// The first joint of a canonical motion that moves faster than anybody can [m/s].
  package func jump(fasterThan speed: Double) -> (joint: CanonicalJoint, frame: Int, distance: Double)? {
    guard var before = poses.first.map({ skeleton.frames(of: $0).positions }) else { return nil }
    for frame in 1..<max(1, count) {
      let after = skeleton.frames(of: poses[frame]).positions
      for joint in CanonicalJoint.allCases {
        let distance = (after[joint.rawValue] - before[joint.rawValue]).length
        // Less than 10 cm is the noise of a marker, however short the frame.
        if distance > max(0.1, speed * frameTime) { return (joint, frame - 1, distance) }
      }
      before = after
    }
    return nil
  }
}
