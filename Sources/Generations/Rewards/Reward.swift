public import Dynamics
public import Kinematics

/// A clip that may enter training, as rewards see it.
public struct Candidate: Sendable {
  /// What moves, as its file will say it.
  public var motion: Motion
  /// The action that it was asked to be.
  public var action: String
  /// Its physics.
  public var metrics: PlausibilityMetrics
  /// A seed of its own.
  public var seed: UInt64

  /// A candidate by its parts.
  public init(motion: Motion, action: String, metrics: PlausibilityMetrics, seed: UInt64) {
    self.motion = motion
    self.action = action
    self.metrics = metrics
    self.seed = seed
  }
}

/// How much a clip is wanted: the r(x) of curated loops. The higher, the more likely it is chosen.
///
///     struct Upright: Reward {
///       let name = "upright"
///       func rewards(of candidates: [Candidate]) async throws -> [Double] {
///         candidates.map { candidate in
///           let heights = candidate.motion.poses.map(\.rootPosition.y)
///           return heights.reduce(0, +) / Double(heights.count)
///         }
///       }
///     }
///
/// Hand it to ``Loop/Parts`` in `rewards`; `curation.reward: upright` in a specification then means it. The same
/// candidate has the same reward, whatever stands beside it.
public protocol Reward: Sendable {
  /// What `curation.reward` in a specification calls it.
  var name: String { get }

  /// One finite number a candidate, in order.
  func rewards(of candidates: [Candidate]) async throws -> [Double]
}

/// Less Phys-Err is better: - (Penetrate + Float + Skate) / 10 mm.
public struct PhysicsReward: Reward {
  /// `physics`.
  public let name = "physics"
  /// The one such reward.
  public init() {}
  /// 10 mm of Phys-Err are one unit.
  public func rewards(of candidates: [Candidate]) async throws -> [Double] {
    candidates.map { -$0.metrics.physErr / 10 }
  }
}

/// Less jerk is better: - mean jerk / 100 m/s^3.
public struct SmoothnessReward: Reward {
  /// `smoothness`.
  public let name = "smoothness"
  /// The one such reward.
  public init() {}
  /// 100 m/s^3 are one unit; calm walking has about that much.
  public func rewards(of candidates: [Candidate]) async throws -> [Double] { candidates.map { -$0.metrics.jerk / 100 } }
}

/// Faster is better: the root's mean horizontal speed [m/s].
public struct SpeedReward: Reward {
  /// `speed`.
  public let name = "speed"
  /// The one such reward.
  public init() {}
  /// 1 m/s is one unit.
  public func rewards(of candidates: [Candidate]) async throws -> [Double] {
    candidates.map { candidate in
      let roots = candidate.motion.poses.map { SIMD2($0.rootPosition.x, $0.rootPosition.z) }
      guard roots.count > 1 else { return 0 }
      let path = zip(roots, roots.dropFirst()).reduce(0.0) { sum, pair in
        let step = pair.1 - pair.0
        return sum + (step * step).sum().squareRoot()
      }
      return path / candidate.motion.duration
    }
  }
}
