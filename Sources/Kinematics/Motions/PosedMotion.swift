/// A motion with its forward kinematics, computed once and shared by all who need it.
///
///     var posed = PosedMotion(motion)
///     let hips = posed.frames(at: 0).positions[0]
///     posed.setPose(pose, at: 10)                    // computes frame 10 again, and no other
///
/// Use it where several steps look at the same frames: the clean-up of a motion, its figures, and its distance from
/// another motion. The frames equal those of ``Skeleton/frames(of:)`` in every bit.
///
/// Memory: 64 bytes a joint and frame. A motion of more than ``cachedFrames`` frames is not cached, and each call
/// computes its frame again, so that a long recording needs no more memory than a short one.
public struct PosedMotion: Sendable {
  /// The motion itself.
  public private(set) var motion: Motion
  /// One entry a frame; empty for a motion that is not cached.
  private var cache: [JointFrames]

  /// The largest number of frames that are cached.
  public static let cachedFrames = 16_384

  /// Computes the frames of a motion.
  ///
  /// - Complexity: O(joints · frames).
  public init(_ motion: Motion) {
    self.motion = motion
    cache = motion.count <= PosedMotion.cachedFrames ? motion.jointFrames : []
  }

  /// A motion whose frames are asked for once each: nothing is computed in advance, and nothing kept.
  package init(uncached motion: Motion) {
    self.motion = motion
    cache = []
  }

  /// The number of frames.
  public var count: Int { motion.count }

  /// The poses, one a frame.
  public var poses: [Pose] { motion.poses }

  /// Where the joints of one frame are in the world.
  public func frames(at index: Int) -> JointFrames {
    cache.isEmpty ? motion.skeleton.frames(of: motion.poses[index]) : cache[index]
  }

  /// Replaces the pose of one frame.
  public mutating func setPose(_ pose: Pose, at index: Int) {
    motion.poses[index] = pose
    if !cache.isEmpty { cache[index] = motion.skeleton.frames(of: pose) }
  }

  /// Moves the root of one frame; the joints' orientations stay.
  public mutating func setRootPosition(_ position: SIMD3<Double>, at index: Int) {
    let moves = position != motion.poses[index].rootPosition
    motion.poses[index].rootPosition = position
    guard moves, !cache.isEmpty else { return }
    // Not a shift of the old positions: that would round differently.
    motion.skeleton.place(&cache[index], pose: motion.poses[index])
  }

  /// The whole motion moved [m].
  package func moved(by shift: SIMD3<Double>) -> PosedMotion {
    var result = self
    for index in motion.poses.indices {
      result.setRootPosition(motion.poses[index].rootPosition + shift, at: index)
    }
    return result
  }

  /// The motion with every frame's root raised by a height [m].
  package func raised(by height: (Int) -> Double) -> PosedMotion {
    var result = self
    for index in motion.poses.indices {
      var position = motion.poses[index].rootPosition
      position.y += height(index)
      result.setRootPosition(position, at: index)
    }
    return result
  }
}
