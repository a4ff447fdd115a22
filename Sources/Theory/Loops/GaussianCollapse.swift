import Foundation
import Randomness

/// The shrinking of a one-dimensional Gaussian that is refitted only to samples of itself.
///
///     let collapse = GaussianCollapse(sampleCount: 100)
///     print(collapse.contraction)                          // 0.997478...
///     print(collapse.expectedDeviation(after: 50))         // 0.881...
///
/// Bertrand et al., "On the Stability of Iterative Retraining of Generative Models on their own Data", arXiv
/// 2310.00429, proposition 1. The refit takes the mean and the unbiased variance, so E[variance] never changes while
/// E[deviation] shrinks by alpha_n each generation. Not guaranteed: a typical path stays near its expectation; the
/// variance grows heavy tails, and for small n most paths collapse far sooner.
struct GaussianCollapse: Sendable, Hashable {
  /// Samples of each generation, at least two.
  let sampleCount: Int

  /// The loop that draws `sampleCount` samples each generation.
  init(sampleCount: Int) {
    precondition(sampleCount >= 2, "a variance needs two samples")
    self.sampleCount = sampleCount
  }

  /// alpha_n = sqrt(2 / (n - 1)) Gamma(n / 2) / Gamma((n - 1) / 2), the factor of E[deviation] a generation.
  var contraction: Double {
    let n = Double(sampleCount)
    return (2 / (n - 1)).squareRoot() * exp(lgamma(n / 2) - lgamma((n - 1) / 2))
  }

  /// The expected deviation after a number of generations, from 1.
  func expectedDeviation(after generations: Int) -> Double {
    pow(contraction, Double(generations))
  }

  /// One run: the deviations at generations `0 ... generations`, from a standard normal.
  func run(generations: Int, seed: UInt64) -> [Double] {
    var random = SeededGenerator(seed: Seed.derive(seed, "gaussian-collapse"))
    var (mean, deviation) = (0.0, 1.0)
    var deviations = [deviation]
    for _ in 0..<generations {
      var (sum, squares) = (0.0, 0.0)
      for _ in 0..<sampleCount {
        let z = random.normal()
        sum += z
        squares += z * z
      }
      // The moments of standard draws; the model's mean and deviation carry them over exactly.
      let n = Double(sampleCount)
      let variance = max(0, squares - sum * sum / n) / (n - 1)
      mean += deviation * sum / n
      deviation *= variance.squareRoot()
      deviations.append(deviation)
    }
    return deviations
  }
}
