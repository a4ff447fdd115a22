import Foundation
import Linear

/// A sample as it was drawn, and what the corrector made of it.
struct DrawnClip: Sendable {
  let sample: ClipRecord
  let correction: ClipRecord?
  let isUsable: Bool
}

/// What of a generation's samples enters the next training set.
protocol SyntheticSource: Sendable {
  /// The clip that enters for a drawn one; `nil` if none does.
  func choose(_ clip: DrawnClip, seed: UInt64) -> ClipRecord?
}

/// Samples as they are.
struct RawSamples: SyntheticSource {
  func choose(_ clip: DrawnClip, seed: UInt64) -> ClipRecord? { clip.sample }

  /// How many samples are drawn for `real` windows at augmentation ratio `lambda`.
  func count(real: Int, lambda: Double) -> Int { Int((lambda * Double(real)).rounded(.down)) }
}

/// Samples that with probability gamma / (1 + gamma) give way to their corrections: the mixture
/// `(p_theta + gamma p_corrected) / (1 + gamma)` of Gillman et al. (2024), arXiv:2402.07087.
struct CorrectedSamples: SyntheticSource {
  let gamma: Double
  let rejected: RejectionPolicy

  func choose(_ clip: DrawnClip, seed: UInt64) -> ClipRecord? {
    let share = gamma.isInfinite ? 1 : gamma / (1 + gamma)
    var random = SeededGenerator(seed: seed)
    guard random.uniform() < share else { return clip.sample }
    if clip.isUsable { return clip.correction }
    return rejected == .raw ? clip.sample : nil
  }
}
