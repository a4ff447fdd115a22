/// A loop on a finite set of atoms that retrains on curated samples, alone or mixed with a reference law.
///
///     let loop = CuratedLoop(rewards: [0, 0.25, 0.5, 0.75, 1], candidates: 2, lambda: .infinity)
///     let laws = loop.run(generations: 50)
///     print(loop.expectedExponential(laws[50]))        // 2.71728..., nearly e
///
/// Ferbach et al., "Self-Consuming Generative Models with Curated Data Provably Optimize Human Preferences", arXiv
/// 2407.09499. The maximum-likelihood update of an unrestricted model is the training law itself:
/// `p' = (reference + lambda curated(p)) / (1 + lambda)`. Not guaranteed: anything about models that cannot represent
/// that law, or about finite samples.
public struct CuratedLoop: Sendable, Hashable {
  /// The reward of each atom.
  public let rewards: [Double]
  /// The reference ("real") law, also the first model.
  public let reference: [Double]
  /// The choice among samples.
  public let choice: BradleyTerry
  /// Synthetic : real; infinite for curated samples alone.
  public let lambda: Double

  /// A loop that starts from the reference law, uniform unless given.
  public init(rewards: [Double], reference: [Double]? = nil, candidates: Int, lambda: Double) {
    precondition(!rewards.isEmpty && lambda >= 0, "a loop has atoms and a ratio of at least zero")
    self.rewards = rewards
    self.reference = reference ?? [Double](repeating: 1 / Double(rewards.count), count: rewards.count)
    precondition(self.reference.count == rewards.count, "every atom has a probability and a reward")
    choice = BradleyTerry(candidates: candidates)
    self.lambda = lambda
  }

  /// The law of the next generation.
  public func next(_ law: [Double]) -> [Double] {
    let curated = choice.curated(law, rewards: rewards)
    // The map scales a law's total mass by its K-th power: unless it is made one again, rounding grows without bound.
    let mass = curated.reduce(0, +)
    guard lambda.isFinite else { return curated.map { $0 / mass } }
    return zip(reference, curated).map { ($0 + lambda * $1 / mass) / (1 + lambda) }
  }

  /// The laws of generations `0 ... generations`.
  public func run(generations: Int) -> [[Double]] {
    var laws = [reference]
    for t in 0..<generations { laws.append(next(laws[t])) }
    return laws
  }

  /// E[e^r] under a law.
  public func expectedExponential(_ law: [Double]) -> Double {
    zip(law, rewards).reduce(0) { $0 + $1.0 * exponential($1.1) }
  }

  /// Var[e^r] under a law.
  public func varianceOfExponential(_ law: [Double]) -> Double {
    let mean = expectedExponential(law)
    return zip(law, rewards).reduce(0) { $0 + $1.0 * (exponential($1.1) - mean) * (exponential($1.1) - mean) }
  }

  /// The mass of the atoms whose reward is the greatest.
  public func massOnBest(_ law: [Double]) -> Double {
    let best = rewards.max() ?? 0
    return zip(law, rewards).reduce(0) { $1.1 == best ? $0 + $1.0 : $0 }
  }

  /// D_KL(law || reference).
  public func divergenceFromReference(_ law: [Double]) -> Double {
    zip(law, reference).reduce(0) { $1.0 > 0 ? $0 + $1.0 * naturalLogarithm($1.0 / $1.1) : $0 }
  }
}
