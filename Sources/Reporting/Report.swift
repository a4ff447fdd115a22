import Evaluation
public import Generations

/// A run's results as one HTML page that needs nothing else: what was run, the figures, and their curves.
///
///     try AtomicFile.write(Report(results).html, to: folder.appendingPathComponent("report.html"))
public struct Report: Sendable {
  private let results: RunResults

  /// The report of a run.
  public init(_ results: RunResults) { self.results = results }

  /// The whole page. The same results give the same text.
  public var html: String {
    let head = HTML.element(
      "head", [],
      [
        HTML(markup: "<meta charset=\"utf-8\">"),
        HTML(markup: "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"),
        .element("title", [], HTML("\(results.name) – Surefoot")),
        HTML(markup: "<style>\(Style.sheet)</style>"),
      ])
    let body = HTML.element("body", [], [introduction, table, synthetic, charts, definitions, specification])
    return "<!doctype html>\n" + HTML.element("html", [("lang", "en")], head, body).description + "\n"
  }

  private var introduction: HTML {
    let last = results.arms.map { $0.generations.count }.max() ?? 0
    let facts: [(String, String)] = [
      ("arms", results.arms.map(\.name).joined(separator: ", ")), ("generations after the first", String(last)),
      ("real training windows", String(results.trainingWindows)),
      ("evaluation windows", String(results.evaluationWindows)),
      ("samples measured a generation", String(results.shared.samples.count)),
    ]
    return .element(
      "header", [],
      .element("h1", [], HTML(results.name)),
      .element(
        "p", [("class", "soft")],
        HTML(
          "A motion-diffusion model retrained, generation after generation, on real motion and its own samples. "
            + "Every figure is of fresh samples against a fixed evaluation set that no model is trained on; intervals "
            + "are 95 % bootstrap intervals. Figures between sets depend on the number of samples: compare them within "
            + "this page.")
      ),
      .element(
        "ul", [("class", "facts")],
        facts.map { .element("li", [], .element("b", [], HTML($0.1)), HTML($0.0)) }))
  }

  private var table: HTML {
    let shown = ReportFigures.table
    var rows: [HTML] = [
      row("real: evaluation windows", "", results.real, shown, isReal: true),
      row("real: training windows", "", results.realAgainstReal, shown, isReal: true),
      row("all arms", "0", results.shared.samples, shown),
    ]
    for arm in results.arms {
      rows += arm.generations.map { row(arm.name, String($0.generation), $0.samples, shown) }
    }
    return ReportTable.section(
      "Figures", header: ["set", "generation"] + shown.map { ReportFigures.heading($0) }, rows: rows)
  }

  private func row(
    _ name: String, _ generation: String, _ report: SetReport, _ shown: [Figure], isReal: Bool = false
  ) -> HTML {
    let cells = shown.map { figure in report[figure].map(ReportTable.cell) ?? HTML.element("td", [], "") }
    return .element(
      "tr", isReal ? [("class", "real")] : [],
      [.element("td", [], HTML(name)), .element("td", [], HTML(generation))] + cells)
  }

  /// What the corrector made of the clips that models were trained on.
  private var synthetic: HTML {
    let shown = ReportFigures.synthetic
    var rows: [HTML] = []
    for arm in results.arms {
      for generation in arm.generations {
        guard let clips = generation.synthetic else { continue }
        let counts = "\(clips.drawn) drawn, \(clips.used) used, \(clips.rejected) rejected"
        for (kind, figures) in [("drawn", clips.raw), ("corrected", clips.corrections)] where !figures.isEmpty {
          let cells = shown.map { figure in figures[figure].map(ReportTable.cell) ?? HTML.element("td", [], "") }
          let leading = [arm.name, String(generation.generation), kind, counts].map {
            HTML.element("td", [], HTML($0))
          }
          rows.append(.element("tr", [], leading + cells))
        }
      }
    }
    guard !rows.isEmpty else { return HTML(markup: "") }
    return ReportTable.section(
      "Synthetic clips that were trained on",
      header: ["arm", "generation", "clips", "counts"] + shown.map { ReportFigures.heading($0) }, rows: rows)
  }

  private var charts: HTML {
    let legend =
      results.arms.enumerated().map { index, arm in
        HTML.element("span", [], .element("i", [("class", "s\(index % 5)")]), HTML(arm.name))
      } + [.element("span", [], .element("i", [("class", "dashed")]), "real motion")]
    let figures = ReportFigures.curves.compactMap { figure -> HTML? in
      guard let svg = chart(figure).svg else { return nil }
      return .element(
        "figure", [],
        .element(
          "figcaption", [], .element("h3", [], HTML(ReportFigures.heading(figure))),
          .element("p", [], HTML(figure.definition))), svg)
    }
    return .element(
      "section", [], .element("h2", [], "Over the generations"), .element("div", [("class", "legend")], legend),
      .element("div", [("class", "charts")], figures))
  }

  private func chart(_ figure: Figure) -> CurveChart {
    let curves = results.arms.enumerated().map { index, arm in
      let points = ([results.shared] + arm.generations).compactMap { generation in
        generation.samples[figure].map {
          (x: Double(generation.generation), value: $0.value, lower: $0.lower, upper: $0.upper)
        }
      }
      return Curve(name: arm.name, colour: index % 5, points: points)
    }
    let real = results.real[figure] ?? results.realAgainstReal[figure]
    return CurveChart(
      title: figure.title, curves: curves,
      references: real.map { [ReferenceLine(name: "real motion", value: $0.value)] } ?? [])
  }

  private var definitions: HTML {
    .element(
      "section", [], .element("h2", [], "What the figures mean"),
      .element(
        "dl", [],
        Figure.allCases.flatMap { figure -> [HTML] in
          [.element("dt", [], HTML(ReportFigures.heading(figure))), .element("dd", [], HTML(figure.definition))]
        }))
  }

  private var specification: HTML {
    .element(
      "section", [], .element("h2", [], "Specification"), .element("pre", [], HTML(results.specification)))
  }
}
