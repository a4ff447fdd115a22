/// The inequalities of Ferbach et al. (arXiv 2407.09499) for a curated loop, as numbers beside the loop's own.
///
///     let bounds = CurationBounds(loop)
///     let slack = bounds.improvementSlack(from: laws[3], to: laws[4])     // lemma 2.2 holds where this is >= 0
///     let floor = bounds.rewardFloor                                      // theorem 2.3
///     let ceiling = bounds.divergenceCeiling                              // theorem 2.4; nil where it says nothing
///
/// Not guaranteed: tightness. On small examples the bounds hold with much room.
public struct CurationBounds: Sendable {
  private let loop: CuratedLoop

  /// The bounds of a loop.
  public init(_ loop: CuratedLoop) { self.loop = loop }

  private var candidates: Double { Double(loop.choice.candidates) }
  private var greatest: Double { exponential(loop.rewards.max() ?? 0) }

  /// Lemma 2.2 of the pure loop: E'[e^r] - E[e^r] - (K - 1) / K Var[e^r] / e^{r*}.
  public func improvementSlack(from law: [Double], to next: [Double]) -> Double {
    let gain = loop.expectedExponential(next) - loop.expectedExponential(law)
    return gain - (candidates - 1) / candidates * loop.varianceOfExponential(law) / greatest
  }

  /// Theorem 2.3: what E[e^r] of every generation after the first of the mixed loop exceeds.
  public var rewardFloor: Double {
    let lambda = loop.lambda
    let share = lambda.isFinite ? lambda / power(1 + lambda, 3) : 0
    let reference = loop.reference
    return loop.expectedExponential(reference)
      + share * (candidates - 1) * loop.varianceOfExponential(reference) / (candidates * greatest)
  }

  /// Theorem 2.4: what D_KL(p_t || reference) never exceeds, if lambda < 1 / (K - 1).
  public var divergenceCeiling: Double? {
    StabilityCalculator.curatedDivergenceBound(lambda: loop.lambda, candidates: loop.choice.candidates)
  }
}
