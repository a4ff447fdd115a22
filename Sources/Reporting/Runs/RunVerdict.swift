import Evaluation
import Generations

/// What came of a run, in one sentence that its intervals bear out.
///
/// An arm got better or worse on a figure where its last generation's 95 % interval and generation 0's do not meet.
struct RunVerdict {
  enum Change: String {
    case better, worse, undecided = "no clear change"
  }

  let results: RunResults

  /// How an arm's last generation compares with generation 0 on a figure where less is better.
  func change(_ arm: RunResults.ArmResults, _ figure: Figure) -> Change? {
    guard let before = results.shared.samples[figure], let after = arm.generations.last?.samples[figure],
      before.value.isFinite, after.value.isFinite
    else { return nil }
    if after.upper < before.lower { return .better }
    return after.lower > before.upper ? .worse : .undecided
  }

  /// The figure of how like real motion samples are: FID, or the kinetic one where no encoder was trained.
  var likeness: Figure { results.shared.samples[.fid] == nil ? .fidKinetic : .fid }

  var sentence: String {
    let last = results.arms.compactMap { $0.generations.last?.generation }.max() ?? 0
    guard last > 0 else { return "Only generation 0 has been measured." }
    let parts = results.arms.filter { !$0.generations.isEmpty }.map { arm in
      "\(arm.name): " + [likeness, .physErr].compactMap { clause(arm, $0) }.joined(separator: ", ")
    }
    let count = last == 1 ? "1 generation" : "\(last) generations"
    return "After \(count), against generation 0: \(parts.joined(separator: "; "))."
  }

  private func clause(_ arm: RunResults.ArmResults, _ figure: Figure) -> String? {
    guard let change = change(arm, figure), let before = results.shared.samples[figure],
      let after = arm.generations.last?.samples[figure]
    else { return nil }
    let unit = figure.unit.isEmpty ? "" : " \(figure.unit)"
    let values = "\(Numbers.short(before.value)) → \(Numbers.short(after.value))\(unit)"
    return "\(figure.title) \(change.rawValue) (\(values))"
  }
}
