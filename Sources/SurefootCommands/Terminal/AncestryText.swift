import Charts
import Correctors
import Foundation
import Generations
import Reporting
import Support
import Correctors

/// A clip's ancestors for the terminal, one a line, the youngest first.
enum AncestryText {
  static func text(of ancestry: Ancestry) -> String {
    var lines: [String] = []
    for (index, node) in ancestry.clips.enumerated() {
      lines += clip(node, title: index == 0 ? "clip" : "made from")
    }
    if let prompt = ancestry.prompt { lines.append("prompt       the label and length of the real window \(prompt)") }
    for (index, node) in ancestry.models.enumerated() {
      lines += model(node, title: index == 0 ? "drawn from" : "fine-tuned from")
    }
    if let auxiliary = ancestry.auxiliary { lines += model(auxiliary, title: "pushed away from") }
    let run = ancestry.run
    lines.append("run          \(run.generator); corrector \(run.corrector); dataset \(short(run.dataset))")
    lines.append(
      "             specification \(short(run.specification))\(mark(ancestry.specification)), "
        + "\(run.windows.count) real windows")
    return lines.joined(separator: "\n")
  }

  private static func clip(_ node: Ancestry.ClipNode, title: String) -> [String] {
    let record = node.record
    let place = (record.arm ?? "all arms") + " generation \(record.generation)"
    var lines = [
      pad(title) + "\(record.file)  \(short(record.sha256))\(mark(node.condition))",
      pad("") + "\(record.purpose.rawValue) \(record.id), \(place), \(record.action), \(record.frames) frames, "
        + "seed \(record.seed)",
    ]
    if let corrector = record.corrector {
      let distance = record.mpjpe.map { ", \(Numbers.short($0)) mm from the sample" } ?? ""
      lines.append(pad("") + "corrector \(corrector): \(record.verdict?.description ?? "no verdict")\(distance)")
    }
    if let choice = node.choice, let place = choice.chosen {
      let rewards = choice.rewards.map(Numbers.short).joined(separator: ", ")
      lines.append(
        pad("") + "chosen by \(choice.reward): number \(place + 1) of \(choice.rewards.count) (\(rewards))")
    }
    return lines
  }

  private static func model(_ node: Ancestry.ModelNode, title: String) -> [String] {
    let record = node.record
    var lines = [
      pad(title) + "\(record.file)  \(short(record.sha256))\(mark(node.condition))",
      pad("") + "model \(record.id): \(record.steps) steps on \(record.clips) clips, seed \(record.seed)",
    ]
    if !node.windows.isEmpty || !node.synthetic.isEmpty {
      lines.append(
        pad("") + "learnt from \(list(node.windows, "real window")), \(list(node.synthetic, "synthetic clip"))")
    }
    return lines
  }

  private static func list(_ names: [String], _ noun: String) -> String {
    guard !names.isEmpty else { return "no \(noun)s" }
    let shown = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
    return "\(names.count) \(noun)\(names.count == 1 ? "" : "s") (\(shown))"
  }

  private static func pad(_ title: String) -> String {
    title.count < 13 ? title + String(repeating: " ", count: 13 - title.count) : title + " "
  }

  private static func short(_ hash: String) -> String { String(hash.prefix(12)) }

  private static func mark(_ condition: Lineage.Condition) -> String {
    switch condition {
    case .intact: " ✓"
    case .altered: " ALTERED since it was written"
    case .missing: " MISSING"
    }
  }
}
