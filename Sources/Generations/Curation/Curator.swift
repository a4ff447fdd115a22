import Foundation
public import Randomness

/// Chooses one of several candidates for a prompt by their rewards.
///
///     struct AboveAll: Curator {
///       let name = "above-all"
///       func choose(_ rewards: [Double], temperature: Double, using random: inout SeededGenerator) -> Int? {
///         rewards.indices.first { rewards[$0] > 0 }  // none is good enough: the prompt goes without a clip
///       }
///     }
///
/// Add it to `curators` of ``Loop/Parts``; `curation.curator: above-all` in a specification then selects it.
public protocol Curator: Sendable {
  /// Its name in `curation.curator`.
  var name: String { get }

  /// The index of the candidate that enters training; `nil` for none.
  ///
  /// - Parameters:
  ///   - rewards: The candidates' rewards, finite, in the order in which they were drawn.
  ///   - temperature: `curation.temperature`.
  ///   - random: The only source of randomness.
  func choose(_ rewards: [Double], temperature: Double, using random: inout SeededGenerator) -> Int?
}

/// K-choice Bradley-Terry: candidate k is taken with probability exp(r_k / tau) / sum_j exp(r_j / tau).
///
/// Ferbach et al., "Self-consuming generative models with curated data provably optimize human preferences" (NeurIPS
/// 2024), arXiv:2407.09499. Temperature 0 takes the best, the first of equals.
struct BradleyTerryCurator: Curator {
  let name = "bradley-terry"

  /// Draws one number, whatever the rewards, so that a choice changes no later random number.
  func choose(_ rewards: [Double], temperature: Double, using random: inout SeededGenerator) -> Int? {
    guard let best = rewards.max() else { return nil }
    let roll = random.uniform()
    guard temperature > 0 else { return rewards.firstIndex(of: best) }
    let weights = rewards.map { exp(($0 - best) / temperature) }
    var left = roll * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      left -= weight
      if left < 0 { return index }
    }
    return rewards.firstIndex(of: best)
  }
}
