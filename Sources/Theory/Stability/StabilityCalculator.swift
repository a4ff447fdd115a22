/// The stability conditions and contraction factors of the theory, from a loop's constants.
///
///     let calculator = StabilityCalculator(lambda: 0.4, alpha: 1, epsilon: 0.1, lipschitz: 0.5, gamma: 1)
///     print(calculator.isStable, calculator.contraction)
///     print(calculator.greatestStableLambda)
///     print(StabilityCalculator.curatedDivergenceBound(lambda: 0.25, candidates: 4) ?? .infinity)
///
/// Bertrand et al., arXiv 2310.00429, theorem 1 (gamma = 0); Gillman et al., arXiv 2402.07087, theorem 4.3; Ferbach et
/// al., arXiv 2407.09499, theorems 2.2 and 2.4. Not guaranteed: anything beyond a neighbourhood of the optimum, nor that
/// an unmet condition means collapse: the conditions are sufficient, and for a network alpha, epsilon and L are unknown.
public struct StabilityCalculator: Sendable, Hashable {
  /// Synthetic : real.
  public var lambda: Double
  /// Strong concavity of the expected log-likelihood at the optimum.
  public var alpha: Double
  /// Wasserstein distance of the best model to the data.
  public var epsilon: Double
  /// Lipschitz constant, in the sample, of the log-likelihood's Hessian.
  public var lipschitz: Double
  /// Correction strength: 0 for none, infinite for a perfect correction.
  public var gamma: Double

  /// A calculator by its constants; alpha is positive and the others are not negative.
  public init(lambda: Double, alpha: Double = 1, epsilon: Double = 0, lipschitz: Double = 0, gamma: Double = 0) {
    precondition(
      lambda >= 0 && alpha > 0 && epsilon >= 0 && lipschitz >= 0 && gamma >= 0,
      "alpha is positive; lambda, epsilon, L and gamma are not negative")
    self.lambda = lambda
    self.alpha = alpha
    self.epsilon = epsilon
    self.lipschitz = lipschitz
    self.gamma = gamma
  }

  private var coupling: Double { lambda * (alpha + epsilon * lipschitz) }

  /// Bertrand's rho(lambda) = lambda (alpha + epsilon L) / (alpha - lambda (alpha + epsilon L)); infinite beyond its pole.
  public var uncorrectedContraction: Double {
    coupling < alpha ? coupling / (alpha - coupling) : .infinity
  }

  /// Gillman's factor rho(lambda) / (1 + gamma).
  public var contraction: Double {
    uncorrectedContraction.isFinite ? uncorrectedContraction / (1 + gamma) : .infinity
  }

  /// Whether lambda (1 + epsilon L / alpha) < (1 + gamma) / (2 + gamma), which makes the factor less than one.
  public var isStable: Bool { lambda < greatestStableLambda }

  /// The ratio at which the sufficient condition ends.
  public var greatestStableLambda: Double {
    let share = gamma.isInfinite ? 1 : (1 + gamma) / (2 + gamma)
    return share / (1 + epsilon * lipschitz / alpha)
  }

  /// Ferbach's sharper rate of the parameters, lambda (alpha + epsilon L) / (alpha + lambda (alpha - epsilon L)); D_KL
  /// shrinks by its square. `nil` where its condition (L epsilon < alpha, lambda < alpha / (2 L epsilon)) fails.
  public var refinedContraction: Double? {
    let product = epsilon * lipschitz
    guard product < alpha, lambda * 2 * product < alpha else { return nil }
    guard lambda.isFinite else { return 1 }
    return coupling / (alpha + lambda * (alpha - product))
  }

  /// Theorem 2.4 of the curated loop: -log(1 - lambda (K - 1)), or `nil` unless lambda < 1 / (K - 1).
  public static func curatedDivergenceBound(lambda: Double, candidates: Int) -> Double? {
    precondition(candidates >= 1, "a choice needs a candidate")
    if candidates == 1 { return 0 }
    let drift = lambda * Double(candidates - 1)
    return drift < 1 ? -naturalLogarithm(1 - drift) : nil
  }
}
