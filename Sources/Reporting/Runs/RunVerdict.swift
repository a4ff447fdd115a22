import Charts
import Evaluation
import Generations
import Support

/// The result of a run in one sentence that its intervals support.
///
/// An arm got better or worse on a figure where the 95 % intervals of its last generation and of generation 0 do not overlap.
struct RunVerdict {
  enum Change: String {
    case better, worse, undecided = "no clear change"
  }

  let results: RunResults

  /// How one set compares with another on a figure where less is better.
  func change(from before: SetReport, to after: SetReport, _ figure: Figure) -> Change? {
    guard let before = before[figure], let after = after[figure], before.value.isFinite, after.value.isFinite else {
      return nil
    }
    if after.upper < before.lower { return .better }
    return after.lower > before.upper ? .worse : .undecided
  }

  /// The figure of how like real motion samples are: FID, or the kinetic one where no encoder was trained.
  var likeness: Figure { results.shared.samples[.fid] == nil ? .fidKinetic : .fid }

  var sentence: String {
    let last = results.arms.compactMap { $0.generations.last?.generation }.max() ?? 0
    guard last > 0 else { return "Only generation 0 has been measured." }
    let parts = results.arms.compactMap { arm -> String? in
      guard let latest = arm.generations.last else { return nil }
      let name = latest.generation == last ? arm.name : "\(arm.name) (generation \(latest.generation))"
      return clauses(name, from: results.shared.samples, to: latest.samples)
    }
    let count = last == 1 ? "1 generation" : "\(last) generations"
    return
      "After \(count), against generation 0: \((parts + [armsCompared].compactMap { $0 }).joined(separator: "; "))."
  }

  /// What correction adds: the corrected arm against the raw one, where both are at the same generation.
  private var armsCompared: String? {
    guard let raw = results.arms.first(where: { $0.name == ArmName.raw.rawValue })?.generations.last,
      let corrected = results.arms.first(where: { $0.name == ArmName.corrected.rawValue })?.generations.last,
      raw.generation == corrected.generation
    else { return nil }
    return clauses("and corrected against raw", from: raw.samples, to: corrected.samples)
  }

  private func clauses(_ name: String, from before: SetReport, to after: SetReport) -> String {
    "\(name): " + [likeness, .physErr].compactMap { clause(from: before, to: after, $0) }.joined(separator: ", ")
  }

  private func clause(from before: SetReport, to after: SetReport, _ figure: Figure) -> String? {
    guard let change = change(from: before, to: after, figure), let a = before[figure], let b = after[figure] else {
      return nil
    }
    let unit = figure.unit.isEmpty ? "" : " \(figure.unit)"
    return "\(figure.title) \(change.rawValue) (\(Numbers.short(a.value)) → \(Numbers.short(b.value))\(unit))"
  }
}
