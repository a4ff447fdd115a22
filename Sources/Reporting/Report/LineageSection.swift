import Charts
import Evaluation
import Generations
import Support

/// Where models and clips come from.
struct LineageSection {
  let run: RunFolder

  var html: Markup {
    let models = run.models
    guard !models.isEmpty else { return .empty }
    let mixes = run.events.compactMap { if case .mix(let record) = $0 { record } else { nil } }
    let chart = LineageChart(arms: run.results.arms.map(\.name), models: models, mixes: mixes).figure
    let drawing = chart.map { [Markup.element("div", [("class", "scroll")], $0)] } ?? []
    let rows = models.map { (model: ModelRecord) -> Markup in
      let mix = mixes.first { $0.arm == model.arm && $0.generation == model.generation }
      let parent: String = model.parent.map { String($0.prefix(12)) } ?? "from scratch"
      let counts: [Int] = [mix?.real ?? model.clips, mix?.synthetic.count ?? 0, mix?.dropped ?? 0, model.steps]
      var cells: [String] = [model.id, String(model.sha256.prefix(12)), parent]
      cells += counts.map(String.init)
      cells += [String(model.seed), Numbers.short(model.loss)]
      return Markup.element("tr", [], cells.map { .element("td", [], Markup($0)) })
    }
    let table = ReportTable.section(
      "Models",
      header: ["model", "SHA-256", "trained on from", "real", "synthetic", "dropped", "steps", "seed", "loss"],
      rows: rows, level: "h3")
    let note = Markup.element(
      "p", [("class", "soft")],
      Markup(
        "ledger.jsonl names the parents, seed, model, verdict and SHA-256 of every one of \(run.clips.count) clips."))
    return .element("section", [], [.element("h2", [], "Lineage")] + drawing + [note, table])
  }
}

/// Which model was trained from which, on what: generation 0 at the left, one row an arm.
private struct LineageChart {
  private let arms: [String]
  private let models: [ModelRecord]
  private let mixes: [MixRecord]
  /// The generations that have a column: of a long run, the first and the last ones.
  private let columns: [Int]
  private let frame: ChartFrame

  init(arms: [String], models: [ModelRecord], mixes: [MixRecord]) {
    self.arms = arms
    self.models = models
    self.mixes = mixes
    let last = models.map(\.generation).max() ?? 0
    columns = last <= 7 ? Array(0...last) : Array(0...3) + Array((last - 2)...last)
    frame = ChartFrame(width: 150 + 118 * Double(columns.count - 1), height: 64 * Double(arms.count) + 34)
  }

  /// The chart; nothing of a run without a second generation.
  var figure: Markup? {
    guard !models.isEmpty, !arms.isEmpty, columns.count > 1 else { return nil }
    let headings = columns.map { frame.text(place($0, nil).x, 12, "generation \($0)") }
    let root = models.first { $0.arm == nil }
    let first = place(0, nil)
    let start = [
      node(first, "real", root), frame.text(first.x, first.y + 27, root.map { "\($0.clips) real" } ?? ""),
    ]
    return frame.svg(
      title: "which model was trained from which", kind: "chart lineage", style: "max-width:\(Int(frame.width))px",
      headings + arms.indices.flatMap(row) + start)
  }

  private func place(_ generation: Int, _ row: Int?) -> (x: Double, y: Double) {
    let column = columns.firstIndex(of: generation) ?? 0
    return (52 + 118 * Double(column), 54 + 64 * (row.map(Double.init) ?? Double(arms.count - 1) / 2))
  }

  private func row(_ index: Int) -> [Markup] {
    let arm = arms[index]
    var parts: [Markup] = []
    var before = place(0, nil)
    for generation in columns.dropFirst() {
      guard let model = models.first(where: { $0.arm == arm && $0.generation == generation }) else { continue }
      let here = place(generation, index)
      let mix = mixes.first { $0.arm == arm && $0.generation == generation }
      parts += [
        link(before, here, "s\(index % 5)"), node(here, "s\(index % 5)", model),
        frame.text(here.x, here.y + 27, mix.map { "\($0.real) real, \($0.synthetic.count) synthetic" } ?? arm),
      ]
      before = here
    }
    let end = place(columns[1], index)
    return parts + [frame.text(end.x, end.y - 19, arm, kind: "tick strong")]
  }

  private func link(_ a: (x: Double, y: Double), _ b: (x: Double, y: Double), _ kind: String) -> Markup {
    let bend = (a.x + b.x) / 2
    let places: [(Double, Double)] = [(a.x + 16, a.y), (bend, a.y), (bend, b.y), (b.x - 16, b.y)]
    let points: [String] = places.map { "\(frame.n($0.0)),\(frame.n($0.1))" }
    return frame.path("M\(points[0]) C\(points[1]) \(points[2]) \(points[3])", kind: "curve \(kind)")
  }

  private func node(_ at: (x: Double, y: Double), _ kind: String, _ model: ModelRecord?) -> Markup {
    let title = model.map { "\($0.id): \($0.steps) steps on \($0.clips) clips, \($0.sha256.prefix(12))" } ?? ""
    return frame.dot(at.x, at.y, radius: "11", kind: kind, title: title)
  }
}
