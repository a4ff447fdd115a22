import Foundation
public import MotionFormats
public import Randomness

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

/// A few synthetic clips in the place of many: what a corrector that takes long can afford of a large lambda.
struct DistinctClips {
  /// How many the augmentation ratio asks for.
  let asked: Int
  /// How many are drawn.
  let drawn: Int

  /// - Parameter limit: How many may be drawn; 0 for any number.
  init(asked: Int, limit: Int) {
    self.asked = asked
    drawn = limit == 0 ? asked : min(asked, limit)
  }

  /// What came of those drawn, in turn until they stand for what was asked for; prompts without a clip count as such.
  func repeated<Clip>(_ clips: [Clip]) -> [Clip] {
    guard drawn > 0, drawn < asked else { return clips }
    let share = Double(clips.count) / Double(drawn)
    return (0..<Int((Double(asked) * share).rounded())).map { clips[$0 % clips.count] }
  }
}

/// Samples that with probability gamma / (1 + gamma) give way to their corrections: the mixture
/// `(p_theta + gamma p_corrected) / (1 + gamma)` of Gillman et al. (2024), arXiv:2402.07087.
struct CorrectedSamples: SyntheticSource {
  let gamma: Double
  let rejected: RejectionPolicy

  func choose(_ clip: DrawnClip, seed: UInt64) -> ClipRecord? {
    let share = CorrectionStrength(gamma).share
    var random = SeededGenerator(seed: seed)
    guard random.uniform() < share else { return clip.sample }
    if clip.isUsable { return clip.correction }
    return rejected == .raw ? clip.sample : nil
  }
}
