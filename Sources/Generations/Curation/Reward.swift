public import Dynamics
public import Kinematics

/// A clip that may enter training, as a ``Reward`` receives it.
public struct Candidate: Sendable {
  /// The motion as its file will hold it.
  public var motion: Motion
  /// The action label of its prompt.
  public var action: String
  /// Its physics.
  public var metrics: PlausibilityMetrics
  /// A seed for this candidate alone.
  public var seed: UInt64

  /// A candidate. The loop makes them; make your own to test a reward.
  public init(motion: Motion, action: String, metrics: PlausibilityMetrics, seed: UInt64) {
    self.motion = motion
    self.action = action
    self.metrics = metrics
    self.seed = seed
  }
}

/// The reward r(x) of curated loops: the higher, the more likely a candidate is chosen.
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
/// Add it to `rewards` of ``Loop/Parts``; `curation.reward: upright` in a specification then selects it. A candidate's
/// reward must not depend on the other candidates of the call.
public protocol Reward: Sendable {
  /// Its name in `curation.reward`.
  var name: String { get }

  /// One finite number for each candidate, in order.
  func rewards(of candidates: [Candidate]) async throws -> [Double]
}

/// Less Phys-Err is better: - (Penetrate + Float + Skate) / 10 mm.
struct PhysicsReward: Reward {
  let name = "physics"

  func rewards(of candidates: [Candidate]) async throws -> [Double] {
    candidates.map { -$0.metrics.physErr / 10 }
  }
}

/// Less jerk is better: - mean jerk / 100 m/s^3, which is about the jerk of calm walking.
struct SmoothnessReward: Reward {
  let name = "smoothness"

  func rewards(of candidates: [Candidate]) async throws -> [Double] { candidates.map { -$0.metrics.jerk / 100 } }
}

/// Faster is better: the root's mean horizontal speed [m/s].
struct SpeedReward: Reward {
  let name = "speed"

  func rewards(of candidates: [Candidate]) async throws -> [Double] {
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
