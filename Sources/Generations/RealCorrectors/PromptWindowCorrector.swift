import Correctors
import Evaluation
import Kinematics

/// Replaces a sample by the real window that its prompt was taken from: the same action and length.
///
/// This is the correction that the theory of Gillman et al. (2024), arXiv:2402.07087, assumes: at strength gamma, a share
/// of gamma / (1 + gamma) of the clips follows the real distribution itself. Unlike ``NearestRealCorrector`` it does not
/// prefer the real windows that many samples are near to. It serves to measure the theory's bounds and is not a usable
/// corrector, since it needs the answer.
struct PromptWindowCorrector: SetCorrector {
  let name = "ideal"
  private let windows: [String: Motion]
  private let measure: EvaluationSet.Measure
  private var window: String?

  init(windows: [TrainingClip], measure: @escaping EvaluationSet.Measure) {
    self.windows = Dictionary(windows.map { ($0.id, $0.motion) }) { first, _ in first }
    self.measure = measure
  }

  /// The corrector for samples whose prompt was taken from one real window.
  func prompted(by window: String) -> any Corrector {
    var copy = self
    copy.window = window
    return copy
  }

  func correctors(for samples: [SetSample], jobs: Int) async throws -> [any Corrector] {
    samples.map { $0.window.map(prompted(by:)) ?? self }
  }

  /// Rejects a motion if its window is not known or has another length.
  func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
    guard motion.count > 0, let real = window.flatMap({ windows[$0] }), real.count == motion.count else {
      return try .noRealMotion(
        for: motion, reason: "no real window of \(motion.count) frames is known to be meant", measure: measure)
    }
    return try .replacement(of: motion, by: real.facingForward(), measure: measure)
  }
}
