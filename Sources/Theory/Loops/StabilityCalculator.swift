import Foundation
import Randomness

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

  /// A calculator for a loop with these constants; alpha is positive and the others are not negative.
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
    return drift < 1 ? -log(1 - drift) : nil
  }
}

/// A loop whose model is the mean of a Gaussian with a known covariance: the one case where all constants are known.
///
///     let loop = MeanLoop(lambda: 0.4, gamma: 1)
///     print(loop.measuredContraction(seed: 3))                         // lambda / (1 + lambda) / (1 + gamma)
///     print(loop.calculator.contraction)                               // the bound it stays below
///
/// The log-likelihood's Hessian is -1 everywhere, so alpha = 1, L = 0, and epsilon = 0. Two loops that share every
/// random number but start apart differ only by the contraction (synchronous coupling), so that few samples measure the
/// rate well. A corrected sample is, with probability gamma / (1 + gamma), a draw from the truth. Bertrand et al.,
/// arXiv 2310.00429; Gillman et al., arXiv 2402.07087. Not guaranteed: these constants for any other model.
struct MeanLoop: Sendable, Hashable {
  /// Synthetic : real.
  var lambda: Double
  /// Correction strength.
  var gamma: Double
  /// Real points; the synthetic ones are `lambda` times as many, at least one.
  var realCount = 2000
  /// Generations of a run.
  var generations = 8

  /// A loop with a ratio and a correction strength.
  init(lambda: Double, gamma: Double = 0) {
    precondition(lambda >= 0 && gamma >= 0, "lambda and gamma are not negative")
    self.lambda = lambda
    self.gamma = gamma
  }

  /// The theory's figures for this loop.
  var calculator: StabilityCalculator { StabilityCalculator(lambda: lambda, gamma: gamma) }

  /// The geometric mean, over a run, of the factor by which two coupled loops approach each other a generation.
  func measuredContraction(seed: UInt64) -> Double {
    var random = SeededGenerator(seed: Seed.derive(seed, "mean-loop"))
    let realMean = (0..<realCount).reduce(0.0) { sum, _ in sum + random.normal() } / Double(realCount)
    let syntheticCount = Int((lambda * Double(realCount)).rounded())
    guard syntheticCount > 0 else { return 0 }
    let share = CorrectionStrength(gamma).share
    let start = 4.0
    var (first, second) = (realMean, realMean + start)
    for _ in 0..<generations {
      var (noise, kept) = (0.0, 0.0)
      for _ in 0..<syntheticCount {
        noise += random.normal()
        // A corrected sample forgets the model's mean.
        if random.uniform() >= share { kept += 1 }
      }
      let total = Double(realCount + syntheticCount)
      first = (Double(realCount) * realMean + kept * first + noise) / total
      second = (Double(realCount) * realMean + kept * second + noise) / total
    }
    return pow((second - first).magnitude / start, 1 / Double(generations))
  }
}
