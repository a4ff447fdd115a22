/// Where the joints of a posed skeleton are in the world.
public struct JointFrames: Sendable, Hashable {
  /// Every joint's origin [m].
  public var positions: [SIMD3<Double>]
  /// Every joint's orientation in the world.
  public var rotations: [Quaternion]

  package init(positions: [SIMD3<Double>], rotations: [Quaternion]) {
    self.positions = positions
    self.rotations = rotations
  }
}

extension Skeleton {
  /// Forward kinematics: every joint's position and orientation in the world.
  ///
  /// - Complexity: O(joints).
  public func frames(of pose: Pose) -> JointFrames {
    precondition(pose.rotations.count == count, "one rotation a joint")
    var frames = JointFrames(
      positions: [SIMD3<Double>](repeating: .zero, count: count), rotations: pose.rotations)
    for index in 1..<max(1, count) {
      guard let parent = joints[index].parent else { continue }
      frames.rotations[index] = frames.rotations[parent] * pose.rotations[index]
    }
    place(&frames, pose: pose)
    return frames
  }

  /// Computes the joints' positions from a pose's root and the orientations that are there.
  func place(_ frames: inout JointFrames, pose: Pose) {
    frames.positions[0] = pose.rootPosition
    let moved = !pose.translations.isEmpty
    for index in 1..<max(1, count) {
      guard let parent = joints[index].parent else { continue }
      let offset = moved ? pose.translations[index] ?? joints[index].offset : joints[index].offset
      frames.positions[index] = frames.positions[parent] + frames.rotations[parent].act(offset)
    }
  }
}

extension Motion {
  /// Forward kinematics of every frame.
  public var jointFrames: [JointFrames] { poses.map(skeleton.frames(of:)) }

  /// The world positions of every joint, by frame.
  public var jointPositions: [[SIMD3<Double>]] { poses.map { skeleton.frames(of: $0).positions } }
}
