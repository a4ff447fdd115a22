public import Kinematics
public import Support

/// What a sampled motion must do: places of joints and whole poses at some frames.
///
///     var constraints = MotionConstraints()
///     constraints.hold(walk.frames(0..<10), from: 0)                     // begins as the walk does
///     constraints.points.append(.init(frame: 40, joint: 20, position: SIMD3(0.3, 1.4, 2)))
///     let motions = try await sampler.sample([prompt], constraints: [constraints], seed: 1)
///
/// Positions are in the world, in metres, Y up, with the floor at height 0. Without poses at frame 0 the motion starts
/// where it fits the constraints best.
public struct MotionConstraints: Sendable, Hashable {
  /// A place where a joint is at a frame.
  public struct Point: Sendable, Hashable {
    /// The frame, from 0.
    public var frame: Int
    /// The joint's index in the skeleton; 0 is the root.
    public var joint: Int
    /// The place in the world [m].
    public var position: SIMD3<Double>
    /// Whether any height will do: the place is meant on the floor's plane only.
    public var isOnFloor: Bool
    /// How far from the place is near enough [m]; 0 for as near as can be. Points with a tolerance only guide.
    var tolerance = 0.0

    /// A place for a joint.
    public init(frame: Int, joint: Int, position: SIMD3<Double>, isOnFloor: Bool = false) {
      self.frame = frame
      self.joint = joint
      self.position = position
      self.isOnFloor = isOnFloor
    }

    /// The distance of a joint's place from this one [m].
    func distance(to place: SIMD3<Double>) -> Double {
      let gap = place - position
      return isOnFloor ? gap.horizontal.length : gap.length
    }
  }

  /// The whole body's pose at some frames.
  public var poses: [Int: Pose] = [:]
  /// The places of joints.
  public var points: [Point] = []

  /// No constraints.
  public init() {}

  /// Whether nothing is asked for.
  public var isEmpty: Bool { poses.isEmpty && points.isEmpty }

  /// Asks for the poses of a motion from a frame on.
  public mutating func hold(_ motion: Motion, from frame: Int) {
    for (index, pose) in motion.poses.enumerated() { poses[frame + index] = pose }
  }

  /// The largest distance of a joint from where it should be [m]; of held poses every joint counts.
  ///
  /// - Precondition: The motion holds every constrained frame and joint.
  public func error(of motion: Motion) -> Double {
    let byFrame = Dictionary(grouping: points.filter { $0.tolerance == 0 }, by: \.frame)
    var worst = 0.0
    for frame in Set(byFrame.keys).union(poses.keys) {
      let positions = motion.skeleton.frames(of: motion.poses[frame]).positions
      for point in byFrame[frame] ?? [] { worst = max(worst, point.distance(to: positions[point.joint])) }
      guard let pose = poses[frame] else { continue }
      let held = motion.skeleton.frames(of: pose).positions
      for (a, b) in zip(positions, held) { worst = max(worst, (a - b).length) }
    }
    return worst
  }

  /// The constraints of a part of the motion, whose first frame counts as 0.
  func frames(_ range: Range<Int>) -> MotionConstraints {
    var part = MotionConstraints()
    for (frame, pose) in poses where range.contains(frame) { part.poses[frame - range.lowerBound] = pose }
    for var point in points where range.contains(point.frame) {
      point.frame -= range.lowerBound
      part.points.append(point)
    }
    return part
  }
}
