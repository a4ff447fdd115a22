public import Correctors
public import Diffusion
import Kinematics
import Randomness
import Support

extension Projection {
  /// A corrector inside sampling: PhysDiff's physics projection.
  ///
  ///     let sampler = try Sampler(model, projection: Projection(by: PredictiveCorrector(), steps: 4, seed: 1))
  ///
  /// A motion that the corrector rejects, or cannot read, stays as it is for that step. Motions are corrected on all
  /// processors, each with a seed of its own, so that the batch changes nothing.
  ///
  /// - Parameters:
  ///   - steps: In how many denoising steps.
  ///   - from: The share of the steps after which they begin; see ``Projection/from``.
  public init(by corrector: any Corrector, steps: Int = 4, from: Double = 1, seed: UInt64) {
    self.init(lastSteps: steps, from: from) { clean, stepsLeft, first in
      try await concurrentMap(Array(clean.enumerated())) { index, motion in
        do {
          let seed = Seed.derive(seed, "projection", first + index, stepsLeft)
          let correction = try await corrector.correct(motion, seed: seed)
          return correction.verdict.isUsable ? correction.motion : motion
        } catch is SurefootError {
          return motion
        }
      }
    }
  }
}
