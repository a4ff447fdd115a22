import Correctors
import Evaluation
import Kinematics

/// Replaces a sample by the nearest real motion: the idealised correction of the theory, as far as a finite data set
/// allows it. An upper bound for experiments, not a usable corrector, since it needs the answer.
///
/// The distance is the joints' mean distance after both motions are moved to the origin and faced forward in the first
/// frame; the real motion is then placed where the sample begins. Only windows of the sample's length are candidates.
struct NearestRealCorrector: Corrector {
  /// `oracle` (all training windows of the dataset) or `nearest` (the run's n windows).
  let name: String
  private let windows: [(motion: Motion, positions: [[SIMD3<Double>]])]
  private let measure: EvaluationSet.Measure

  init(name: String, windows: [TrainingClip], measure: @escaping EvaluationSet.Measure) {
    self.name = name
    self.windows = windows.filter { $0.motion.count > 0 }.map { window in
      let motion = window.motion.facingForward()
      return (motion, motion.jointPositions)
    }
    self.measure = measure
  }

  /// Rejects a motion if no window has its length.
  func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
    guard motion.count > 0, let nearest = nearest(to: motion) else {
      return try .noRealMotion(
        for: motion, reason: "no real window has \(motion.count) frames", measure: measure)
    }
    return try .replacement(of: motion, by: nearest, measure: measure)
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

  /// The sum of the joints' distances, or infinity as soon as it reaches a bound.
  private func distance(_ a: [[SIMD3<Double>]], _ b: [[SIMD3<Double>]], atMost bound: Double) -> Double {
    var sum = 0.0
    for (p, q) in zip(a, b) {
      for joint in p.indices { sum += (p[joint] - q[joint]).length }
      if sum >= bound { return .infinity }
    }
    return sum
  }
}
