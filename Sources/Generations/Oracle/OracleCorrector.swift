public import Correctors
public import Evaluation
public import Kinematics

/// Puts the nearest real motion in a sample's place: the idealised correction of the theory, as far as data can stand in
/// for it. An upper bound, not a corrector to use: it knows the answer.
///
/// Nearest by the joints' mean distance with the first frame's facing and horizontal place taken from both; the real
/// motion is then put where the sample begins. Only windows of the sample's own length are candidates.
public struct OracleCorrector: Corrector {
  /// `oracle` or `nearest`.
  public let name: String
  private let windows: [(motion: Motion, positions: [[SIMD3<Double>]])]
  private let measure: EvaluationSet.Measure

  /// An oracle that knows some real windows.
  public init(name: String = "oracle", windows: [TrainingClip], measure: @escaping EvaluationSet.Measure) {
    self.name = name
    self.windows = windows.filter { $0.motion.count > 0 }.map { window in
      let motion = window.motion.facingForward()
      return (motion, motion.jointPositions)
    }
    self.measure = measure
  }

  /// Corrects one motion; rejects it if no window has its length.
  public func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
    guard motion.count > 0, let nearest = nearest(to: motion) else {
      return try .withoutStandIn(
        for: motion, reason: "no real window has \(motion.count) frames", measure: measure)
    }
    return try .standIn(nearest, for: motion, measure: measure)
  }

  private func nearest(to motion: Motion) -> Motion? {
    let positions = motion.facingForward().jointPositions
    var best: (distance: Double, motion: Motion)?
    for window in windows
    where window.motion.count == motion.count && window.motion.skeleton.count == motion.skeleton.count {
      let distance = distance(positions, window.positions, atMost: best?.distance ?? .infinity)
      if distance < best?.distance ?? .infinity { best = (distance, window.motion) }
    }
    return best?.motion
  }

  /// The sum of the joints' distances, given up where it passes a bound.
  private func distance(_ a: [[SIMD3<Double>]], _ b: [[SIMD3<Double>]], atMost bound: Double) -> Double {
    var sum = 0.0
    for (p, q) in zip(a, b) {
      for joint in p.indices { sum += (p[joint] - q[joint]).length }
      if sum >= bound { return .infinity }
    }
    return sum
  }
}
