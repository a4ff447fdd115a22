public import Kinematics
import Randomness

/// Another corrector at strength gamma, as the papers define it: each clip is corrected with probability
/// gamma / (1 + gamma), and left as it is otherwise.
///
///     let half = GammaCorrector(TrackingCorrector(), gamma: 1)         // every other clip, in the mean
///
/// Over many clips that draws from `(p + gamma p*) / (1 + gamma)`, the mixture of the clips that came in and their
/// corrections: Gillman et al., "Self-correcting self-consuming loops for generative model training" (2024),
/// arXiv:2402.07087, definition of the corrected law. gamma 0 corrects nothing, infinity everything. The draw depends on
/// the seed alone. It never corrects half a clip; that is ``BlendedCorrector``.
public struct GammaCorrector: Corrector {
  /// The other corrector.
  public let base: any Corrector
  /// The strength, 0 or more; infinity corrects every clip.
  public let gamma: Double
  /// On whose body a clip that is left as it is is measured.
  public let body: CorrectorBody

  /// The other's name and the strength.
  public var name: String { "\(base.name)-gamma-\(gamma)" }

  /// The probability that a clip is corrected.
  public var share: Double { CorrectionStrength(gamma).share }

  /// A corrector at strength `gamma`.
  ///
  /// - Precondition: `gamma` is at least 0.
  public init(_ base: any Corrector, gamma: Double, body: CorrectorBody = CorrectorBody()) {
    precondition(gamma >= 0, "gamma is at least 0, not \(gamma)")
    self.base = base
    self.gamma = gamma
    self.body = body
  }

  /// Corrects the motion or leaves it, by the seed; see ``Corrector/correct(_:seed:)``.
  public func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
    var random = SeededGenerator(seed: Seed.derive(seed, "gamma"))
    guard random.uniform() >= share else { return try await base.correct(motion, seed: seed) }
    let body = try body.body(for: motion)
    let percent = (1000 * share).rounded() / 10
    return .measured(
      from: motion, to: motion, body: body,
      notes: ["Left as it was: at gamma \(gamma) \(percent) % of all clips are corrected, and this one was not drawn."])
  }
}
