import Foundation
public import Generations

/// Which model was trained from which, on what: generation 0 at the left, one row an arm.
struct LineageChart: Sendable {
  let arms: [String]
  let models: [ModelRecord]
  let mixes: [MixRecord]

  var svg: HTML? {
    let last = models.map(\.generation).max() ?? 0
    guard !models.isEmpty, !arms.isEmpty, last > 0 else { return nil }
    // A long run is drawn by its first and its last generations.
    let shown = last <= 7 ? Array(0...last) : Array(0...3) + Array((last - 2)...last)
    let (column, row) = (118.0, 64.0)
    let size = (width: 150 + column * Double(shown.count - 1), height: row * Double(arms.count) + 34)
    func place(_ generation: Int, _ arm: Int?) -> (x: Double, y: Double) {
      let k = shown.firstIndex(of: generation) ?? 0
      let y = arm.map { 54 + row * Double($0) } ?? 54 + row * Double(arms.count - 1) / 2
      return (52 + column * Double(k), y)
    }
    var parts: [HTML] = shown.map { generation in
      text(place(generation, nil).x, 12, "generation \(generation)", "tick")
    }
    for (index, arm) in arms.enumerated() {
      var before = place(0, nil)
      for generation in shown.dropFirst() where models.contains(where: { $0.arm == arm && $0.generation == generation })
      {
        let here = place(generation, index)
        let bend = (before.x + here.x) / 2
        parts.append(
          .element(
            "path",
            [
              ("class", "curve s\(index % 5)"),
              (
                "d",
                "M\(n(before.x + 16)),\(n(before.y)) C\(n(bend)),\(n(before.y)) \(n(bend)),\(n(here.y)) "
                  + "\(n(here.x - 16)),\(n(here.y))"
              ),
            ]))
        parts.append(node(here, "s\(index % 5)", models.first { $0.arm == arm && $0.generation == generation }))
        let mix = mixes.first { $0.arm == arm && $0.generation == generation }
        parts.append(text(here.x, here.y + 27, mix.map { "\($0.real) real, \($0.synthetic.count) own" } ?? arm, "tick"))
        before = here
      }
      let end = place(shown[1], index)
      parts.append(text(end.x, end.y - 19, arm, "tick strong"))
    }
    let root = models.first { $0.arm == nil }
    parts.append(node(place(0, nil), "real", root))
    parts.append(text(place(0, nil).x, place(0, nil).y + 27, root.map { "\($0.clips) real" } ?? "", "tick"))
    return .element(
      "svg",
      [
        ("viewBox", "0 0 \(Int(size.width)) \(Int(size.height))"), ("role", "img"), ("class", "chart lineage"),
        ("aria-label", "which model was trained from which"), ("style", "max-width:\(Int(size.width))px"),
      ], parts)
  }

  private func node(_ at: (x: Double, y: Double), _ kind: String, _ model: ModelRecord?) -> HTML {
    let title = model.map { "\($0.id): \($0.steps) steps on \($0.clips) clips, \($0.sha256.prefix(12))" } ?? ""
    return .element(
      "circle", [("class", "dot \(kind)"), ("cx", n(at.x)), ("cy", n(at.y)), ("r", "11")],
      .element("title", [], HTML(title)))
  }

  private func text(_ x: Double, _ y: Double, _ text: String, _ kind: String) -> HTML {
    .element("text", [("class", kind), ("x", n(x)), ("y", n(y)), ("text-anchor", "middle")], HTML(text))
  }

  private func n(_ value: Double) -> String { String(format: "%.1f", value) }
}
