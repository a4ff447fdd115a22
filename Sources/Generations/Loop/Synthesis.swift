import Correctors
import Evaluation

/// What a generation drew: for each prompt the latest sample and its correction, and everything that was made.
struct Synthesis: Sendable {
  /// For each prompt; a sample is `nil` where a curator chose none, a correction where nothing was corrected.
  var latest: [(sample: StoredClip?, correction: StoredClip?)]
  var samples: [ClipRecord] = []
  var corrections: [ClipRecord] = []
  var choices: [ChoiceRecord] = []

  /// The figures of the generation's synthetic clips.
  ///
  /// - Parameter used: The number of clips that entered training.
  func metrics(used: Int, bootstrap: Bootstrap) -> SyntheticMetrics {
    let usable = corrections.filter(\.isUsable)
    let unchanged = usable.count { $0.verdict == .unchanged }
    let chosen = choices.compactMap { choice in choice.chosen.map { choice.rewards[$0] } }
    return SyntheticMetrics(
      drawn: samples.count, corrected: usable.count - unchanged, unchanged: unchanged,
      rejected: corrections.count - usable.count, used: used,
      raw: SetReport.physics(of: samples.map(\.metrics), bootstrap: bootstrap),
      corrections: SetReport.physics(of: usable.map(\.metrics), bootstrap: bootstrap),
      mpjpe: mean(usable.compactMap(\.mpjpe)), candidateReward: mean(choices.flatMap(\.rewards)),
      chosenReward: mean(chosen))
  }

  private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
