import Charts
import Dynamics
import Evaluation
import Generations
import MotionFormats

/// The clips that models were trained on, before and after correction.
struct PhysicsSection {
  let run: RunFolder

  var html: Markup {
    let parts = [table, charts, rejected].compactMap { $0 }
    guard !parts.isEmpty else { return Markup.empty }
    return .element("section", [], [.element("h2", [], "Physics before and after correction")] + parts)
  }

  private var table: Markup? {
    let shown = ReportFigures.synthetic
    var rows: [Markup] = []
    for arm in run.results.arms {
      for generation in arm.generations {
        guard let clips = generation.synthetic else { continue }
        let counts = "\(clips.drawn) drawn, \(clips.used) used, \(clips.rejected) rejected"
        for (kind, figures) in [("drawn", clips.raw), ("corrected", clips.corrections)] where !figures.isEmpty {
          let cells = shown.map { figure in figures[figure].map(ReportTable.cell) ?? Markup.element("td", [], "") }
          let leading = [arm.name, String(generation.generation), kind, counts].map {
            Markup.element("td", [], Markup($0))
          }
          rows.append(.element("tr", [], leading + cells))
        }
      }
    }
    guard !rows.isEmpty else { return nil }
    return ReportTable.section(
      "Synthetic clips that were trained on",
      header: ["arm", "generation", "clips", "counts"] + shown.map { ReportFigures.heading($0) }, rows: rows,
      level: "h3")
  }

  private var charts: Markup? {
    let pairs = run.corrections.filter { $0.correction.rejection == nil }
    guard !pairs.isEmpty else { return nil }
    let scatter = ScatterChart(
      title: "Phys-Err before and after", unit: "mm",
      points: pairs.map { ($0.sample.id, $0.sample.metrics.physErr, $0.correction.metrics.physErr) })
    var cards: [Markup] = []
    if let svg = scatter.figure {
      cards.append(ReportFigures.card(title: "Phys-Err, clip by clip", "One dot a clip.", svg))
    }
    let kinds: [(Figure, (ClipRecord) -> Double)] = [
      (.physErr, \.metrics.physErr), (.penetrate, \.metrics.penetrate), (.float, \.metrics.float),
      (.skate, \.metrics.skate), (.residualWrench, \.metrics.residualWrench), (.jerk, \.metrics.jerk),
    ]
    for (figure, value) in kinds {
      let chart = Histogram(
        title: figure.title, unit: figure.unit,
        sets: [
          ("drawn", 1, pairs.map { value($0.sample) }), ("corrected", 2, pairs.map { value($0.correction) }),
        ])
      if let svg = chart.figure {
        cards.append(ReportFigures.card(title: ReportFigures.heading(figure), "\(pairs.count) clips.", svg))
      }
    }
    let legend = Markup.element(
      "div", [("class", "legend")], .element("span", [], .element("i", [("class", "s1")]), "as drawn"),
      .element("span", [], .element("i", [("class", "s2")]), "corrected"))
    return .element(
      "div", [], .element("h3", [], "Clip by clip"), legend, .element("div", [("class", "charts")], cards))
  }

  /// Why clips were rejected, how often, in which arm.
  private var rejected: Markup? {
    let clips = run.clips.filter { $0.rejection != nil }
    guard !clips.isEmpty else { return nil }
    let groups = Dictionary(grouping: clips) { PhysicsSection.reason($0.rejection ?? "") }
      .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    let rows = groups.map { reason, clips in
      let names = clips.prefix(6).map(\.id).joined(separator: ", ") + (clips.count > 6 ? ", …" : "")
      return Markup.element(
        "tr", [], .element("td", [], Markup(reason)), .element("td", [], Markup(String(clips.count))),
        .element("td", [("class", "names")], Markup(names)))
    }
    return ReportTable.section(
      "Rejected clips: \(clips.count) of \(run.corrections.count)", header: ["reason", "clips", "which"], rows: rows,
      level: "h3")
  }

  /// A reason without its numbers, so that equal reasons are counted together.
  static func reason(_ text: String) -> String { text.replacing(/[0-9]+([.][0-9]+)?/, with: "…") }
}
