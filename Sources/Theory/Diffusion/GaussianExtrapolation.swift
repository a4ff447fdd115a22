import Foundation

/// Self-improvement with a negative model on one-dimensional Gaussians, in closed form.
///
///     let example = GaussianExtrapolation(baseVariance: 0.9, auxiliaryVariance: 0.81)
///     print(example.scoreVariance(weight: 1))                    // 1.0125: the truth's variance is 1
///     print(example.bestScoreWeight())                           // 0.9
///     print(example.sampledVariance(weight: 1))                  // 1: what the probability flow draws
///
/// Alemohammad et al., "Self-Improving Diffusion Models with Synthetic Data" (SIMS), arXiv 2408.16333: the score
/// (1 + w) s_base - w s_auxiliary. Neon applies the same extrapolation to the weights. Not guaranteed: a normalisable
/// law; past ``greatestWeight`` the extrapolated score has none, and the variances are infinite.
struct GaussianExtrapolation: Sendable, Hashable {
  /// The base model's variance.
  let baseVariance: Double
  /// The variance of the auxiliary model, trained on the base's samples.
  let auxiliaryVariance: Double

  /// A pair of zero-mean Gaussians by their variances, both positive.
  init(baseVariance: Double, auxiliaryVariance: Double) {
    precondition(baseVariance > 0 && auxiliaryVariance > 0, "variances are positive")
    self.baseVariance = baseVariance
    self.auxiliaryVariance = auxiliaryVariance
  }

  private func precision(_ weight: Double) -> Double { (1 + weight) / baseVariance - weight / auxiliaryVariance }

  /// SIMS at noise zero: 1 / ((1 + w) / v_base - w / v_auxiliary).
  func scoreVariance(weight: Double) -> Double {
    let precision = precision(weight)
    return precision > 0 ? 1 / precision : .infinity
  }

  /// The weight at which ``scoreVariance(weight:)`` is `target`, zero if no weight changes anything.
  func bestScoreWeight(target: Double = 1) -> Double {
    let slope = 1 / baseVariance - 1 / auxiliaryVariance
    return slope == 0 ? 0 : (1 / target - 1 / baseVariance) / slope
  }

  /// Where the extrapolated score stops being that of a law; infinite if it never does.
  var greatestWeight: Double {
    let slope = 1 / baseVariance - 1 / auxiliaryVariance
    return slope < 0 ? -1 / (baseVariance * slope) : .infinity
  }

  /// The variance of what the probability flow draws under the extrapolated score: v_base (v_base / v_auxiliary)^w.
  ///
  /// Integrating dx/ds = -s score from very strong noise multiplies the deviation by
  /// `sqrt(v_base)^(1 + w) / sqrt(v_auxiliary)^w`, which differs from the variance that the score has at noise zero.
  func sampledVariance(weight: Double) -> Double {
    baseVariance * pow(baseVariance / auxiliaryVariance, weight)
  }

  /// Neon where the model's weight is the variance: (1 + w) v_base - w v_auxiliary, not below zero.
  func neonVariance(weight: Double) -> Double {
    max(0, (1 + weight) * baseVariance - weight * auxiliaryVariance)
  }

  /// Neon where the model's weight is the deviation, as the variance it gives.
  func neonVarianceByDeviation(weight: Double) -> Double {
    let deviation = (1 + weight) * baseVariance.squareRoot() - weight * auxiliaryVariance.squareRoot()
    return deviation > 0 ? deviation * deviation : 0
  }
}
