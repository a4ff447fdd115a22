import Foundation
public import Randomness

/// Which of several candidates for a prompt enters training, by their rewards.
///
///     struct AboveAll: Curator {
///       let name = "above-all"
///       func choose(_ rewards: [Double], temperature: Double, using random: inout SeededGenerator) -> Int? {
///         rewards.indices.first { rewards[$0] > 0 }  // none is good enough: the prompt goes without a clip
///       }
///     }
///
/// Hand it to ``Loop/Parts`` in `curators`; `curation.curator: above-all` in a specification then means it.
public protocol Curator: Sendable {
  /// What `curation.curator` in a specification calls it.
  var name: String { get }

  /// The place of the candidate that enters; `nil` if none does.
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
public struct BradleyTerry: Curator {
  /// `bradley-terry`.
  public let name = "bradley-terry"
  /// The one way to choose so.
  public init() {}

  /// Draws one number, whatever the rewards.
  public func choose(_ rewards: [Double], temperature: Double, using random: inout SeededGenerator) -> Int? {
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
