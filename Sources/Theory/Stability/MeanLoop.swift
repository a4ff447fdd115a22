public import Randomness

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
public struct MeanLoop: Sendable, Hashable {
  /// Synthetic : real.
  public var lambda: Double
  /// Correction strength.
  public var gamma: Double
  /// Real points; the synthetic ones are `lambda` times as many, at least one.
  public var realCount = 2000
  /// Generations of a run.
  public var generations = 8

  /// A loop with a ratio and a correction strength.
  public init(lambda: Double, gamma: Double = 0) {
    precondition(lambda >= 0 && gamma >= 0, "lambda and gamma are not negative")
    self.lambda = lambda
    self.gamma = gamma
  }

  /// The theory's figures for this loop.
  public var calculator: StabilityCalculator { StabilityCalculator(lambda: lambda, gamma: gamma) }

  /// The geometric mean, over a run, of the factor by which two coupled loops approach each other a generation.
  public func measuredContraction(seed: UInt64) -> Double {
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
    return power((second - first).magnitude / start, 1 / Double(generations))
  }
}
