import Randomness

/// Decides whether a sample or its correction enters training.
///
/// At strength gamma the correction enters with probability gamma / (1 + gamma), so that the clips follow the mixture
/// `(p_theta + gamma p_corrected) / (1 + gamma)` of Gillman et al. (2024), arXiv:2402.07087.
struct CorrectionPolicy: Sendable {
  let gamma: Double
  let rejected: RejectionPolicy

  /// The clip that enters; `nil` if the correction was rejected and rejected clips are left out.
  ///
  /// - Parameter isUsable: Whether there is a correction that was not rejected.
  func choose<Item>(sample: Item, correction: Item?, isUsable: Bool, seed: UInt64) -> Item? {
    let share = CorrectionStrength(gamma).share
    var random = SeededGenerator(seed: seed)
    guard random.uniform() < share else { return sample }
    if isUsable { return correction }
    return rejected == .raw ? sample : nil
  }
}

/// The number of synthetic clips of a generation: floor(lambda n), of which `distinct` at most are drawn.
///
/// A limit makes a large lambda affordable with a slow corrector: the clips are repeated in the training set until they
/// are as many as lambda asks for.
struct SampleCount {
  /// The number that the augmentation ratio asks for.
  let requested: Int
  /// The number that is drawn.
  let drawn: Int

  /// - Parameter limit: The most clips that may be drawn; 0 for no limit.
  init(lambda: Double, real: Int, limit: Int) {
    requested = Int((lambda * Double(real)).rounded(.down))
    drawn = limit == 0 ? requested : min(requested, limit)
  }

  /// The clips that entered, repeated in turn up to the requested number less the share of prompts without a clip.
  func repeated<Clip>(_ clips: [Clip]) -> [Clip] {
    guard drawn > 0, drawn < requested else { return clips }
    let share = Double(clips.count) / Double(drawn)
    return (0..<Int((Double(requested) * share).rounded())).map { clips[$0 % clips.count] }
  }
}
