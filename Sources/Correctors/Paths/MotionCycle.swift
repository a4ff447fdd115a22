public import Kinematics
public import Support

/// A motion whose end is its beginning: what a game plays over and over.
///
///     let cycle = try MotionCycle(of: motion)
///     let closed = cycle.closed(motion)            // the last pose and velocity are the first ones, a cycle's path further
///
/// Each cycle moves the body on by the clip's path and turn. Small paths and turns (an idle pose, a straight walk that
/// sways) count as none. What else differs between the ends is taken out over a third of the cycle on either side.
public struct MotionCycle: Sendable {
  /// How far a cycle moves the body on, after its turn [m].
  public let displacement: SIMD3<Double>
  /// How far a cycle turns the body, about the vertical.
  public let turn: Quaternion

  /// The mean distance of the joints of the last pose from the first one up to which a clip can cycle [m].
  static let largestGap = 0.1
  /// Paths shorter than this end where they begin [m], and turns smaller than this are straight [rad].
  static let least = (path: 0.1, turn: 0.26)
  /// The longest window at either end over which the ends are brought together [s].
  static let window = 0.4
  /// Each pass leaves a fifth of the difference of velocities, or less.
  static let passes = 5
  /// A cycle is no shorter than this [s].
  static let shortest = 0.25

  /// The cycle of a clip.
  ///
  /// - Parameters:
  ///   - motion: From the beginning of a cycle to the beginning of the next.
  ///   - displacement: How far a cycle moves the body on, where that is known; else the root's way along the floor.
  /// - Throws: ``SurefootError`` for a clip that is too short or whose ends are too far apart, with the frames between which
  ///   it comes nearest to a cycle.
  public init(of motion: Motion, displacement: SIMD3<Double>? = nil) throws(SurefootError) {
    let captured = motion.measuredFrames
    guard captured.count == motion.count else {
      throw SurefootError(
        .invalidMotion, message: "the clip cannot cycle: it begins or ends with a rest pose, which is no motion",
        suggestion: "keep frames \(captured.lowerBound + 1) to \(captured.upperBound)")
    }
    guard motion.count >= 8, motion.duration >= Self.shortest else {
      throw SurefootError(
        .invalidMotion, message: "the clip cannot cycle: it has \(motion.count) frames",
        suggestion: "give a whole cycle of at least 8 frames and \(Self.shortest) s")
    }
    let (first, last) = (motion.poses[0], motion.poses[motion.count - 1])
    let turned = (last.rotations[0] * first.rotations[0].inverse).normalized.heading
    turn = turned.angle < Self.least.turn ? .identity : turned
    let way = (last.rootPosition - turn.act(first.rootPosition)).horizontal
    let isStill = turn == .identity && way.length < Self.least.path
    self.displacement = displacement ?? (isStill ? .zero : way)
    let gap = Self.gap(motion, 0, motion.count - 1)
    guard gap <= Self.largestGap else {
      let (a, b, least) = Self.nearest(motion)
      throw SurefootError(
        .invalidMotion,
        message: "the clip cannot cycle: its last pose is \(Int(1000 * gap)) mm from its first in the mean of the "
          + "joints, more than \(Int(1000 * Self.largestGap)) mm",
        suggestion: least <= Self.largestGap
          ? "cut it to frames \(a + 1) to \(b + 1), which come nearest to a cycle (\(Int(1000 * least)) mm)"
          : "give a clip that ends as it begins")
    }
  }

  /// The pose a cycle later.
  private func next(_ pose: Pose) -> Pose {
    var pose = pose
    pose.rootPosition = turn.act(pose.rootPosition) + displacement
    pose.rotations[0] = (turn * pose.rotations[0]).normalized
    return pose
  }

  private func before(_ pose: Pose) -> Pose {
    var pose = pose
    pose.rootPosition = turn.inverse.act(pose.rootPosition - displacement)
    pose.rotations[0] = (turn.inverse * pose.rotations[0]).normalized
    return pose
  }

  // MARK: Closing

  /// The motion with its last pose and velocity brought to the first ones, half of the way from either end.
  public func closed(_ motion: Motion) -> Motion {
    (0..<Self.passes).reduce(motion) { motion, _ in nearlyClosed(motion) }
  }

  /// The same for a window of many frames; of few frames, the slopes of the curves over the window are not those of steps.
  private func nearlyClosed(_ motion: Motion) -> Motion {
    let count = motion.count
    let length = Double(max(2, min(count / 3, Int((Self.window / motion.frameTime).rounded()))))
    let (first, second) = (next(motion.poses[0]), next(motion.poses[1]))
    let (last, previous) = (motion.poses[count - 1], motion.poses[count - 2])
    // Differences of places and of velocities a frame; rotations in the joints' own frames.
    let place = first.rootPosition - last.rootPosition
    let speed = (second.rootPosition - first.rootPosition) - (last.rootPosition - previous.rootPosition)
    let turns = last.rotations.indices.map { joint in
      (last.rotations[joint].inverse * first.rotations[joint]).rotationVector
    }
    let spins = last.rotations.indices.map { joint in
      (first.rotations[joint].inverse * second.rotations[joint]).rotationVector
        - (previous.rotations[joint].inverse * last.rotations[joint]).rotationVector
    }
    var result = motion
    for i in 0..<count {
      for (isEnd, distance) in [(false, Double(i)), (true, Double(count - 1 - i))] where distance < length {
        let weights = CubicWeights(1 - distance / length)
        // The window's slope is against time at the beginning, and along it at the end.
        let (value, slope) = ((isEnd ? 0.5 : -0.5) * weights.change, 0.5 * length * weights.last)
        let shift = value * place + slope * speed
        result.poses[i].rootPosition += isEnd ? shift : turn.inverse.act(shift)
        for joint in turns.indices {
          let change = Quaternion(rotationVector: value * turns[joint] + slope * spins[joint])
          result.poses[i].rotations[joint] = (result.poses[i].rotations[joint] * change).normalized
        }
      }
    }
    return result
  }

  // MARK: Several cycles

  /// Three cycles, one after another: a corrector sees what comes before and after the middle one.
  public func thrice(_ motion: Motion) -> Motion {
    var result = motion
    result.poses = motion.poses.dropLast().map(before) + motion.poses + motion.poses.dropFirst().map(next)
    return result
  }

  /// The frames of the middle one of ``thrice(_:)``'s cycles of `count` frames.
  public static func middle(_ count: Int) -> Range<Int> { count - 1..<2 * count - 1 }

  // MARK: Ends

  /// The mean distance of two frames' joints, with the roots above each other and facing the same way [m].
  private static func gap(_ motion: Motion, _ a: Int, _ b: Int) -> Double {
    let turn = (motion.poses[b].rotations[0] * motion.poses[a].rotations[0].inverse).normalized.heading
    let places = [a, b].map { frame in
      let pose = motion.poses[frame]
      return motion.skeleton.frames(of: pose).positions.map { $0 - pose.rootPosition.horizontal }
    }
    let sum = zip(places[0], places[1]).reduce(0) { $0 + (turn.act($1.0) - $1.1).length }
    return sum / Double(max(1, places[0].count))
  }

  /// The frames in the first and last third between which a clip comes nearest to a cycle.
  private static func nearest(_ motion: Motion) -> (Int, Int, Double) {
    let third = motion.count / 3
    let step = max(1, third / 24)
    var best = (0, motion.count - 1, Double.infinity)
    for a in stride(from: 0, to: third, by: step) {
      for b in stride(from: motion.count - third, to: motion.count, by: step) {
        let gap = gap(motion, a, b)
        if gap < best.2 { best = (a, b, gap) }
      }
    }
    return best
  }
}

extension Motion {
  /// The greatest speed at which a root drifts; faster is a walk [m/s].
  private static let fastestDrift = 0.5

  /// The motion without the drift that leads its root away from where it began: the way along the floor from the first to
  /// the last frame is taken out evenly.
  ///
  /// - Throws: ``SurefootError`` for a motion that travels too fast to drift.
  public func endingAtStart() throws(SurefootError) -> Motion {
    let range = measuredFrames
    let way = (poses[range.upperBound - 1].rootPosition - poses[range.lowerBound].rootPosition).horizontal
    let duration = Double(range.count - 1) * frameTime
    guard range.count > 1, way.length <= Self.fastestDrift * duration else {
      throw SurefootError(
        .invalidMotion,
        message: "the clip's root travels \(Numbers.fixed(way.length, digits: 2)) m in "
          + "\(Numbers.fixed(duration, digits: 1)) s, which is no drift",
        suggestion: "leave --end-at-start out; --cycle makes a loop of a walk")
    }
    var result = self
    for i in range {
      result.poses[i].rootPosition -= way * (Double(i - range.lowerBound) / Double(range.count - 1))
    }
    return result
  }
}
