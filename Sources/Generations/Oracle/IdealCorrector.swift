public import Correctors
public import Evaluation
public import Kinematics

/// A corrector that must know what a sample was drawn for.
protocol PromptedCorrector: Corrector {
  /// The corrector of samples drawn for one real window, by its id.
  func drawn(for window: String) -> any Corrector
}

/// Puts the real window in a sample's place that the sample was drawn for: the same action, the same length.
///
/// This is the correction that the theory of Gillman et al. (2024), arXiv:2402.07087, speaks of: of clips corrected so, of
/// strength gamma, a share of gamma / (1 + gamma) follows the real distribution itself. Unlike ``OracleCorrector`` it does
/// not prefer the real windows that most samples are near to. What theory promises of a strength can be measured by it; it
/// is no corrector to use, since it knows the answer.
struct IdealCorrector: PromptedCorrector {
  let name = "ideal"
  private let windows: [String: Motion]
  private let measure: EvaluationSet.Measure
  private var window: String?

  /// The correction towards some real windows.
  init(windows: [TrainingClip], measure: @escaping EvaluationSet.Measure) {
    self.windows = Dictionary(windows.map { ($0.id, $0.motion) }) { first, _ in first }
    self.measure = measure
  }

  func drawn(for window: String) -> any Corrector {
    var copy = self
    copy.window = window
    return copy
  }

  /// Corrects one motion; rejects it if its window is not known or has another length.
  func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
    guard motion.count > 0, let real = window.flatMap({ windows[$0] }), real.count == motion.count else {
      return try .withoutStandIn(
        for: motion, reason: "no real window of \(motion.count) frames is known to be meant", measure: measure)
    }
    return try .standIn(real.facingForward(), for: motion, measure: measure)
  }
}
