/// A skeleton's poses over time, at a frame rate.
///
///     let hips = motion.poses.map(\.rootPosition)
///     let seconds = motion.duration
///
/// Metres, seconds, radians; Y up.
public struct Motion: Sendable, Hashable {
  /// The figure that moves.
  public let skeleton: Skeleton
  /// Seconds from one frame to the next.
  public let frameTime: Double
  /// One pose a frame.
  public var poses: [Pose]

  /// A motion by its parts.
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
