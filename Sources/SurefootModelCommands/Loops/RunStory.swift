import Evaluation
import Generations
import Reporting
import Support

/// A run's results in plain sentences: what was compared, and what became better or worse.
///
/// A difference counts where the 95 % intervals do not overlap; everything else is within the noise.
struct RunStory {
  let results: RunResults

  /// The paragraphs, without a final line break.
  var text: String {
    let last = results.arms.compactMap { $0.generations.last?.generation }.max() ?? 0
    guard last > 0 else { return "Only generation 0 has been measured: there is nothing to compare yet." }
    let figures = [(closeness, "Distance to real motion"), (.skate, "Foot sliding")]
    return ([comparison(generations: last), start] + figures.map { paragraph($0, title: $1) } + [correctionEffect])
      .compactMap { $0 }.joined(separator: "\n\n")
  }

  /// FID, or the distance of kinetic features where no encoder was trained.
  private var closeness: Figure { results.shared.samples[.fid] == nil ? .fidKinetic : .fid }

  /// How near generation 0 is to the real windows.
  private var start: String? {
    let start = results.startingPoint
    guard !start.sentence.isEmpty else { return nil }
    let sentence = "The start: \(start.sentence)."
    return start.warning.map { "\(sentence) Beware: \($0)." } ?? sentence
  }

  /// What was compared.
  private func comparison(generations: Int) -> String {
    let width = results.arms.map(\.name.count).max() ?? 0
    let lines = results.arms.map { arm in
      "  \(arm.name)\(String(repeating: " ", count: width - arm.name.count))  retrained on \(diet(of: arm))"
    }
    return "Compared: one model, trained on \(results.trainingWindows) windows of real motion (generation 0), and what "
      + "became of it\nafter \(generations) more generation\(generations == 1 ? "" : "s") of training:\n"
      + lines.joined(separator: "\n")
  }

  private func diet(of arm: RunResults.ArmResults) -> String {
    let synthetic = arm.generations.compactMap(\.synthetic)
    if synthetic.isEmpty { return "real motion alone" }
    return synthetic.allSatisfy(\.corrections.isEmpty)
      ? "real motion and its own samples, as they are" : "real motion and its own samples, corrected"
  }

  /// One figure of generation 0, of every arm at its end, and of real motion.
  private func paragraph(_ figure: Figure, title: String) -> String? {
    guard let start = results.shared.samples[figure], start.value.isFinite else { return nil }
    let unit = figure.unit.isEmpty ? "" : " \(figure.unit)"
    let ends = results.arms.compactMap { arm -> String? in
      guard let end = arm.generations.last?.samples[figure], end.value.isFinite else { return nil }
      let change = words(figure, from: start, to: end)
      return "\(arm.name) ends at \(Numbers.short(end.value)), \(change)"
    }
    let real =
      (figure == closeness ? results.realAgainstReal : results.real)[figure]
      .map { " Real motion has \(Numbers.short($0.value))." } ?? ""
    return "\(title) (\(figure.title)\(unit), less is better): generation 0 has \(Numbers.short(start.value)); "
      + ends.joined(separator: "; ") + ".\(real)"
  }

  /// What correction adds: the first corrected arm against the first arm of uncorrected samples.
  private var correctionEffect: String? {
    let arms = results.arms.filter { !$0.generations.compactMap(\.synthetic).isEmpty }
    func isCorrected(_ arm: RunResults.ArmResults) -> Bool {
      !arm.generations.compactMap(\.synthetic).allSatisfy(\.corrections.isEmpty)
    }
    guard let raw = arms.first(where: { !isCorrected($0) }), let corrected = arms.first(where: isCorrected),
      let before = raw.generations.last, let after = corrected.generations.last, before.generation == after.generation
    else { return nil }
    let clauses = [(closeness, "its distance to real motion is"), (.skate, "its foot sliding is")].compactMap {
      figure, title -> String? in
      guard let a = before.samples[figure], let b = after.samples[figure], a.value.isFinite, b.value.isFinite
      else { return nil }
      return "\(title) \(words(figure, from: a, to: b))"
    }
    guard !clauses.isEmpty else { return nil }
    return "What correction adds: against \(raw.name), \(corrected.name) ends so that "
      + "\(clauses.joined(separator: ", and "))."
  }

  /// How one estimate of a figure compares with an earlier one where less is better.
  private func words(_ figure: Figure, from before: Estimate, to after: Estimate) -> String {
    guard after.upper < before.lower || after.lower > before.upper else { return "no different within the noise" }
    let share = before.value > 0 ? " (\(percent(after.value / before.value - 1)))" : ""
    return (after.value < before.value ? "better" : "worse") + share
  }

  private func percent(_ change: Double) -> String { "\(change > 0 ? "+" : "")\(Int((100 * change).rounded())) %" }
}
