import Foundation
import Randomness

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
struct CuratedLoop: Sendable, Hashable {
  /// The reward of each atom.
  let rewards: [Double]
  /// The reference ("real") law, also the first model.
  let reference: [Double]
  /// The choice among samples.
  let choice: BradleyTerry
  /// Synthetic : real; infinite for curated samples alone.
  let lambda: Double

  /// A loop that starts from the reference law, uniform unless given.
  init(rewards: [Double], reference: [Double]? = nil, candidates: Int, lambda: Double) {
    precondition(!rewards.isEmpty && lambda >= 0, "a loop has atoms and a ratio of at least zero")
    self.rewards = rewards
    self.reference = reference ?? [Double](repeating: 1 / Double(rewards.count), count: rewards.count)
    precondition(self.reference.count == rewards.count, "every atom has a probability and a reward")
    choice = BradleyTerry(candidates: candidates)
    self.lambda = lambda
  }

  /// The law of the next generation.
  func next(_ law: [Double]) -> [Double] {
    let curated = choice.curated(law, rewards: rewards)
    // The map scales a law's total mass by its K-th power: without normalisation, rounding errors grow without bound.
    let mass = curated.reduce(0, +)
    guard lambda.isFinite else { return curated.map { $0 / mass } }
    return zip(reference, curated).map { ($0 + lambda * $1 / mass) / (1 + lambda) }
  }

  /// The laws of generations `0 ... generations`.
  func run(generations: Int) -> [[Double]] {
    var laws = [reference]
    for t in 0..<generations { laws.append(next(laws[t])) }
    return laws
  }

  /// E[e^r] under a law.
  func expectedExponential(_ law: [Double]) -> Double {
    zip(law, rewards).reduce(0) { $0 + $1.0 * exp($1.1) }
  }

  /// Var[e^r] under a law.
  func varianceOfExponential(_ law: [Double]) -> Double {
    let mean = expectedExponential(law)
    return zip(law, rewards).reduce(0) { $0 + $1.0 * (exp($1.1) - mean) * (exp($1.1) - mean) }
  }

  /// The mass of the atoms whose reward is the greatest.
  func massOnBest(_ law: [Double]) -> Double {
    let best = rewards.max() ?? 0
    return zip(law, rewards).reduce(0) { $1.1 == best ? $0 + $1.0 : $0 }
  }

  /// D_KL(law || reference).
  func divergenceFromReference(_ law: [Double]) -> Double {
    zip(law, reference).reduce(0) { $1.0 > 0 ? $0 + $1.0 * log($1.0 / $1.1) : $0 }
  }
}

/// A choice of one among K candidates with probability proportional to the exponential of its reward.
///
///     let choice = BradleyTerry(candidates: 4)
///     let next = choice.curated([0.2, 0.2, 0.2, 0.2, 0.2], rewards: [0, 0.25, 0.5, 0.75, 1])
///     var random = SeededGenerator(seed: 1)
///     let winner = choice.choose(among: [0.3, 2.0, 1.1, 0.9], using: &random)
///
/// The Plackett form of Bradley and Terry's model, as in Ferbach et al., arXiv 2407.09499. Not guaranteed: that the
/// best candidate wins; only that it wins most often.
struct BradleyTerry: Sendable, Hashable {
  /// The candidates a curator chooses from; one means no curation.
  let candidates: Int

  /// A choice among `candidates` samples.
  init(candidates: Int) {
    precondition(candidates >= 1, "a choice needs a candidate")
    self.candidates = candidates
  }

  /// The law of the chosen atom when the candidates are drawn from `law`, by exact enumeration.
  ///
  /// Atom j is chosen with probability `K p_j e^{r_j} E[1 / (e^{r_j} + sum of the others)]`, the expectation over the
  /// K - 1 other candidates.
  /// - Complexity: O(atoms^K).
  func curated(_ law: [Double], rewards: [Double]) -> [Double] {
    precondition(law.count == rewards.count && !law.isEmpty, "every atom has a probability and a reward")
    let weights = rewards.map { exp($0) }
    let others = sums(of: candidates - 1, law: law, weights: weights)
    return law.indices.map { atom in
      let expectation = others.reduce(0) { $0 + $1.probability / (weights[atom] + $1.sum) }
      return Double(candidates) * law[atom] * weights[atom] * expectation
    }
  }

  /// The index of the chosen reward, drawn at random.
  func choose(among rewards: [Double], using random: inout SeededGenerator) -> Int {
    precondition(!rewards.isEmpty, "a choice needs a candidate")
    let highest = rewards.max() ?? 0
    // Subtracting the highest reward changes no probability and keeps the exponentials in range.
    let weights = rewards.map { exp($0 - highest) }
    var mark = random.uniform() * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      mark -= weight
      if mark < 0 { return index }
    }
    return weights.count - 1
  }

  private func sums(of count: Int, law: [Double], weights: [Double]) -> [(probability: Double, sum: Double)] {
    var list = [(probability: 1.0, sum: 0.0)]
    for _ in 0..<count {
      list = list.flatMap { item in
        law.indices.map { (item.probability * law[$0], item.sum + weights[$0]) }
      }
    }
    return list
  }
}

/// The inequalities of Ferbach et al. (arXiv 2407.09499) for a curated loop, to compare with its measured values.
///
///     let bounds = CurationBounds(loop)
///     let slack = bounds.improvementSlack(from: laws[3], to: laws[4])     // lemma 2.2 holds where this is >= 0
///     let floor = bounds.rewardFloor                                      // theorem 2.3
///     let ceiling = bounds.divergenceCeiling                              // theorem 2.4; nil where it says nothing
///
/// Not guaranteed: tightness. On small examples the bounds are loose.
struct CurationBounds: Sendable {
  private let loop: CuratedLoop

  /// The bounds of a loop.
  init(_ loop: CuratedLoop) { self.loop = loop }

  private var candidates: Double { Double(loop.choice.candidates) }
  private var greatest: Double { exp(loop.rewards.max() ?? 0) }

  /// Lemma 2.2 of the pure loop: E'[e^r] - E[e^r] - (K - 1) / K Var[e^r] / e^{r*}.
  func improvementSlack(from law: [Double], to next: [Double]) -> Double {
    let gain = loop.expectedExponential(next) - loop.expectedExponential(law)
    return gain - (candidates - 1) / candidates * loop.varianceOfExponential(law) / greatest
  }

  /// Theorem 2.3: a lower bound on E[e^r] of every generation of the mixed loop after the first.
  var rewardFloor: Double {
    let lambda = loop.lambda
    let share = lambda.isFinite ? lambda / pow(1 + lambda, 3) : 0
    let reference = loop.reference
    return loop.expectedExponential(reference)
      + share * (candidates - 1) * loop.varianceOfExponential(reference) / (candidates * greatest)
  }

  /// Theorem 2.4: an upper bound on D_KL(p_t || reference), if lambda < 1 / (K - 1).
  var divergenceCeiling: Double? {
    StabilityCalculator.curatedDivergenceBound(lambda: loop.lambda, candidates: loop.choice.candidates)
  }
}
