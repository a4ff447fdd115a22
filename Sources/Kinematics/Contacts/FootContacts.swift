/// The points of a foot that may touch the floor, frame by frame, and when they rest on it.
///
///     let feet = FootContacts(canonical: motion)
///     let standing = feet.contacts()                 // (left, right) a frame
///
/// The points are joints of the feet, or any others, such as the corners of a body model's soles.
public struct FootContacts: Sendable {
  /// Ankle, ball of the foot and its tip, left, then right: the points of ``init(canonical:)``.
  public static let pointNames = ["left ankle", "left ball", "left tip", "right ankle", "right ball", "right tip"]

  /// The points' world positions by frame [m]. Of a canonical motion they are in the order of ``pointNames``; the tip of
  /// a missing toe is the ankle's.
  public let positions: [[SIMD3<Double>]]
  /// The points' heights above what is under them, by frame [m].
  public let heights: [[Double]]
  /// Seconds from one frame to the next.
  public let frameTime: Double

  /// Any points, by frame.
  ///
  /// - Parameters:
  ///   - positions: By frame and point [m].
  ///   - frameTime: Seconds from one frame to the next.
  ///   - ground: What the points may rest on.
  /// - Precondition: Every frame has the same points.
  public init(positions: [[SIMD3<Double>]], frameTime: Double, on ground: Ground = .flat) {
    self.positions = positions
    heights = positions.map { $0.map(ground.clearance(of:)) }
    self.frameTime = frameTime
  }

  /// The feet of a canonical motion.
  ///
  /// - Precondition: The skeleton ``Skeleton/isCanonical``.
  public init(canonical motion: Motion) {
    precondition(motion.skeleton.isCanonical, "a canonical skeleton")
    self.init(motion, joints: .identity)
  }

  package init(_ motion: Motion, joints: [CanonicalJoint: Int]) {
    let feet: [(CanonicalJoint, CanonicalJoint)] = [(.leftAnkle, .leftFoot), (.rightAnkle, .rightFoot)]
    let positions = motion.poses.map { pose in
      let frames = motion.skeleton.frames(of: pose)
      return feet.flatMap { ankle, toe -> [SIMD3<Double>] in
        let joint = joints[ankle] ?? 0
        let ball = joints[toe] ?? joint
        let tip = motion.skeleton.joints[ball].endSite ?? .zero
        let end = frames.positions[ball] + frames.rotations[ball].act(tip)
        return [frames.positions[joint], joints[toe] == nil ? end : frames.positions[ball], end]
      }
    }
    self.init(positions: positions, frameTime: motion.frameTime)
  }

  /// How far a point moves from the frame before to the frame after, where there are both [m], and in what time [s].
  private func displacement(of point: Int, at frame: Int) -> (SIMD3<Double>, time: Double) {
    let (before, after) = (max(0, frame - 1), min(positions.count - 1, frame + 1))
    return (positions[after][point] - positions[before][point], Double(max(1, after - before)) * frameTime)
  }

  /// A point's velocity, by central differences [m/s].
  public func velocity(of point: Int, at frame: Int) -> SIMD3<Double> {
    let (moved, time) = displacement(of: point, at: frame)
    return moved / time
  }

  /// A point's speed, by central differences [m/s].
  public func speed(of point: Int, at frame: Int) -> Double {
    let (moved, time) = displacement(of: point, at: frame)
    return moved.length / time
  }

  /// Each point's speed by frame [m/s], by central differences.
  public var speeds: [[Double]] {
    positions.indices.map { frame in positions[frame].indices.map { speed(of: $0, at: frame) } }
  }

  /// Whether one of some points rests on a floor at height 0 in a frame.
  public func rests(anyOf points: Range<Int>, at frame: Int, _ thresholds: ContactThresholds) -> Bool {
    points.contains { thresholds.areMet(height: heights[frame][$0], speed: speed(of: $0, at: frame)) }
  }

  /// Whether one of some points rests on a floor at height 0, by frame, without what is too short to be a contact or a
  /// gap in one.
  public func contacts(anyOf points: Range<Int>, _ thresholds: ContactThresholds) -> [Bool] {
    let contacts = positions.indices.map { rests(anyOf: points, at: $0, thresholds) }
    let brief = Int((thresholds.shortest / frameTime).rounded(.down))
    return brief > 0 ? contacts.withoutRuns(of: false, upTo: brief).withoutRuns(of: true, upTo: brief) : contacts
  }

  /// Whether ball or tip of the left and of the right foot of a canonical motion rest on a floor at height 0, by frame.
  ///
  /// `thresholds.height` holds for the lower of the two points.
  public func contacts(_ thresholds: ContactThresholds = .footJoints) -> [(left: Bool, right: Bool)] {
    zip(contacts(anyOf: 1..<3, thresholds), contacts(anyOf: 4..<6, thresholds)).map { ($0, $1) }
  }
}

extension [Bool] {
  /// Flips runs of `value` of at most `length` entries that have neighbours on both sides.
  package func withoutRuns(of value: Bool, upTo length: Int) -> [Bool] {
    var result = self
    for run in runs(of: value) where run.count <= length && run.lowerBound > 0 && run.upperBound < count {
      for i in run { result[i] = !value }
    }
    return result
  }

  /// The ranges in which the entries are `value`.
  package func runs(of value: Bool) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start: Int?
    for i in indices {
      if self[i] == value {
        start = start ?? i
      } else if let from = start {
        ranges.append(from..<i)
        start = nil
      }
    }
    if let from = start { ranges.append(from..<count) }
    return ranges
  }
}
