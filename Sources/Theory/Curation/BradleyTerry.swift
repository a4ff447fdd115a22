public import Randomness

/// A choice of one among K candidates with probability proportional to the exponential of its reward.
///
///     let choice = BradleyTerry(candidates: 4)
///     let next = choice.curated([0.2, 0.2, 0.2, 0.2, 0.2], rewards: [0, 0.25, 0.5, 0.75, 1])
///     var random = SeededGenerator(seed: 1)
///     let winner = choice.choose(among: [0.3, 2.0, 1.1, 0.9], using: &random)
///
/// The Plackett form of Bradley and Terry's model, as in Ferbach et al., arXiv 2407.09499. Not guaranteed: that the
/// best candidate wins; only that it wins most often.
public struct BradleyTerry: Sendable, Hashable {
  /// How many candidates are shown; one means no curation.
  public let candidates: Int

  /// A choice among `candidates` samples.
  public init(candidates: Int) {
    precondition(candidates >= 1, "a choice needs a candidate")
    self.candidates = candidates
  }

  /// The law of the chosen atom when the candidates are drawn from `law`, by exact enumeration.
  ///
  /// Atom j is chosen with probability `K p_j e^{r_j} E[1 / (e^{r_j} + sum of the others)]`, the expectation over the
  /// K - 1 other candidates.
  /// - Complexity: O(atoms^K).
  public func curated(_ law: [Double], rewards: [Double]) -> [Double] {
    precondition(law.count == rewards.count && !law.isEmpty, "every atom has a probability and a reward")
    let weights = rewards.map(exponential)
    let others = sums(of: candidates - 1, law: law, weights: weights)
    return law.indices.map { atom in
      let expectation = others.reduce(0) { $0 + $1.probability / (weights[atom] + $1.sum) }
      return Double(candidates) * law[atom] * weights[atom] * expectation
    }
  }

  /// The index of the chosen reward, drawn at random.
  public func choose(among rewards: [Double], using random: inout SeededGenerator) -> Int {
    precondition(!rewards.isEmpty, "a choice needs a candidate")
    let highest = rewards.max() ?? 0
    // Subtracting the highest reward changes no probability and keeps the exponentials in range.
    let weights = rewards.map { exponential($0 - highest) }
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
