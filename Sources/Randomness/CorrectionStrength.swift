/// The correction strength gamma of the papers: a clip is corrected with probability gamma / (1 + gamma).
///
///     if random.uniform() < CorrectionStrength(gamma).share { ... }
///
/// Over many clips that draws from `(p + gamma p*) / (1 + gamma)`, the mixture of the law `p` that came in and the
/// corrected law `p*`: Gillman et al., "Self-correcting self-consuming loops for generative model training" (2024),
/// arXiv:2402.07087. 0 corrects nothing, infinity everything.
package struct CorrectionStrength: Sendable, Hashable {
  /// Gamma, 0 or more.
  package let gamma: Double

  /// - Precondition: `gamma` is at least 0.
  package init(_ gamma: Double) {
    precondition(gamma >= 0, "gamma is at least 0, not \(gamma)")
    self.gamma = gamma
  }

  /// The probability that a clip is corrected.
  package var share: Double { gamma.isInfinite ? 1 : gamma / (1 + gamma) }
}
