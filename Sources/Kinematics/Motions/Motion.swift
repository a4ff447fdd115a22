/// A skeleton's poses over time, at a frame rate.
///
///     let motion = try BVH.read(contentsOf: file).motion
///     let path = motion.poses.map(\.rootPosition)             // of the pelvis [m]
///     let ankle = motion.jointPositions.map { $0[7] }         // forward kinematics of every frame
///     let slower = motion.resampled(to: 20)                   // frames a second
///
/// Metres, seconds, radians; Y up.
public struct Motion: Sendable, Hashable {
  /// The figure that moves.
  public let skeleton: Skeleton
  /// Seconds from one frame to the next.
  public let frameTime: Double
  /// One pose a frame.
  public var poses: [Pose]

  /// A motion of one pose for each frame.
  ///
  /// - Precondition: `frameTime` is positive and finite; each pose has one rotation a joint.
  public init(skeleton: Skeleton, frameTime: Double, poses: [Pose]) {
    precondition(frameTime > 0 && frameTime.isFinite, "a frame time is positive, not \(frameTime)")
    precondition(poses.allSatisfy { $0.rotations.count == skeleton.count }, "one rotation a joint")
    self.skeleton = skeleton
    self.frameTime = frameTime
    self.poses = poses
  }

  /// The number of frames.
  public var count: Int { poses.count }

  /// Frames a second.
  public var frameRate: Double { 1 / frameTime }

  /// Seconds from the first frame to the last; 0 for fewer than two frames.
  public var duration: Double { Double(max(0, poses.count - 1)) * frameTime }

  /// The pose at a time in seconds from the first frame, interpolated; held before the first and after the last.
  ///
  /// - Precondition: At least one frame.
  public func pose(at time: Double) -> Pose {
    precondition(!poses.isEmpty, "a motion without frames has no pose")
    let frame = min(max(time / frameTime, 0), Double(count - 1))
    let index = min(Int(frame), max(0, count - 2))
    let fraction = frame - Double(index)
    return fraction < 1e-9 || count < 2 ? poses[index] : poses[index].interpolated(to: poses[index + 1], fraction)
  }

  /// The frames of `range` as a motion of their own.
  public func frames(_ range: Range<Int>) -> Motion {
    Motion(skeleton: skeleton, frameTime: frameTime, poses: Array(poses[range]))
  }

  /// Whether no number in it is NaN or infinite.
  public var isFinite: Bool { poses.allSatisfy(\.isFinite) }
}

/// The joint rotations and root position of a skeleton at one instant.
public struct Pose: Sendable, Hashable {
  /// The root joint's position in the world [m].
  public var rootPosition: SIMD3<Double>
  /// One local rotation for each joint, in the parent's frame; the root's is in the world.
  public var rotations: [Quaternion]
  /// Local translations that replace the offset of joints that have position channels and are not the root [m].
  /// Empty for nearly every file.
  public var translations: [Int: SIMD3<Double>]

  /// A pose with one rotation for each joint of its skeleton.
  public init(rootPosition: SIMD3<Double>, rotations: [Quaternion], translations: [Int: SIMD3<Double>] = [:]) {
    self.rootPosition = rootPosition
    self.rotations = rotations
    self.translations = translations
  }

  /// The rest pose with the root at `rootPosition`.
  public init(resting skeleton: Skeleton, rootPosition: SIMD3<Double> = .zero) {
    self.init(rootPosition: rootPosition, rotations: Array(repeating: .identity, count: skeleton.count))
  }

  /// Whether no number in it is NaN or infinite.
  public var isFinite: Bool {
    rootPosition.isFinite && rotations.allSatisfy(\.isFinite) && translations.values.allSatisfy(\.isFinite)
  }

  /// The pose between this one and `other`: this at 0, `other` at 1. Rotations take the shorter arc.
  public func interpolated(to other: Pose, _ t: Double) -> Pose {
    var result = self
    result.rootPosition += (other.rootPosition - rootPosition) * t
    for joint in rotations.indices {
      result.rotations[joint] = rotations[joint].interpolated(to: other.rotations[joint], t)
    }
    for (joint, value) in translations {
      result.translations[joint] = value + ((other.translations[joint] ?? value) - value) * t
    }
    return result
  }
}
