/// The points of a foot that may touch the floor, and when they rest on it.
///
/// A point is in contact when it is slow and low: both are needed, since a foot at the top of its swing is slow for an
/// instant, and a sliding foot is low.
public struct FootContacts: Sendable {
  /// What counts as contact.
  public struct Thresholds: Sendable, Hashable {
    /// The largest speed [m/s].
    public var speed: Double
    /// The largest height above the floor [m].
    public var height: Double

    /// Thresholds by their parts.
    public init(speed: Double = 0.4, height: Double = 0.06) {
      self.speed = speed
      self.height = height
    }
  }

  /// Ankle, ball of the foot and its tip, left, then right.
  public static let pointNames = ["left ankle", "left ball", "left tip", "right ankle", "right ball", "right tip"]

  /// The points' world positions by frame, in the order of ``pointNames``; a missing toe stands at the ankle's tip.
  public let positions: [[SIMD3<Double>]]
  /// Seconds from one frame to the next.
  public let frameTime: Double

  /// The feet of a canonical motion.
  ///
  /// - Precondition: The skeleton ``Skeleton/isCanonical``.
  public init(canonical motion: Motion) {
    precondition(motion.skeleton.isCanonical, "a canonical skeleton")
    self.init(motion, joints: .identity)
  }

  package init(_ motion: Motion, joints: [CanonicalJoint: Int]) {
    frameTime = motion.frameTime
    let feet: [(CanonicalJoint, CanonicalJoint)] = [(.leftAnkle, .leftFoot), (.rightAnkle, .rightFoot)]
    positions = motion.poses.map { pose in
      let frames = motion.skeleton.frames(of: pose)
      return feet.flatMap { ankle, toe -> [SIMD3<Double>] in
        let joint = joints[ankle] ?? 0
        let ball = joints[toe] ?? joint
        let tip = motion.skeleton.joints[ball].endSite ?? .zero
        let end = frames.positions[ball] + frames.rotations[ball].act(tip)
        return [frames.positions[joint], joints[toe] == nil ? end : frames.positions[ball], end]
      }
    }
  }

  /// Each point's speed by frame [m/s], by central differences.
  public var speeds: [[Double]] {
    guard positions.count > 1 else { return positions.map { $0.map { _ in 0 } } }
    return positions.indices.map { frame in
      let (a, b) = (max(0, frame - 1), min(positions.count - 1, frame + 1))
      return zip(positions[a], positions[b]).map { ($1 - $0).length / (Double(b - a) * frameTime) }
    }
  }

  /// Whether ball or tip of the left and of the right foot rest on a floor at height 0, by frame.
  ///
  /// `thresholds.height` holds for the lower of the two points.
  public func contacts(_ thresholds: Thresholds = Thresholds()) -> [(left: Bool, right: Bool)] {
    zip(positions, speeds).map { points, speeds in
      func touches(_ first: Int) -> Bool {
        (first...first + 1).contains { points[$0].y < thresholds.height && speeds[$0] < thresholds.speed }
      }
      return (touches(1), touches(4))
    }
  }
}
