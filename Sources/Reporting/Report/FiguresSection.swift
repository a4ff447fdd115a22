import Charts
import Evaluation
import Generations

/// The table of all figures, and what they mean.
struct FiguresSection {
  let results: RunResults
  var title = "Figures"

  /// Two tables: one would not fit a printed page in letters that can be read.
  var html: Markup {
    let parts = [("Between sets", ReportFigures.sets), ("Physics and nearest neighbours", ReportFigures.motions)]
    return .element("section", [], [.element("h2", [], Markup(title))] + parts.map { table($0, $1) })
  }

  private func table(_ title: String, _ shown: [Figure]) -> Markup {
    var rows: [Markup] = [
      row("real: evaluation windows", "", results.real, shown, isReal: true),
      row("real: training windows", "", results.realAgainstReal, shown, isReal: true),
      row("all arms", "0", results.shared.samples, shown),
    ]
    for arm in results.arms {
      rows += arm.generations.map { row(arm.name, String($0.generation), $0.samples, shown) }
    }
    return ReportTable.section(
      title, header: ["set", "generation"] + shown.map { ReportFigures.heading($0) }, rows: rows, level: "h3")
  }

  private func row(
    _ name: String, _ generation: String, _ report: SetReport, _ shown: [Figure], isReal: Bool = false
  ) -> Markup {
    let cells = shown.map { figure in report[figure].map(ReportTable.cell) ?? Markup.element("td", [], "") }
    return .element(
      "tr", isReal ? [("class", "real")] : [],
      [.element("td", [], Markup(name)), .element("td", [], Markup(generation))] + cells)
  }

  static var definitions: Markup {
    .element(
      "section", [], .element("h2", [], "What the figures mean"),
      .element(
        "dl", [],
        Figure.allCases.flatMap { figure -> [Markup] in
          [.element("dt", [], Markup(ReportFigures.heading(figure))), .element("dd", [], Markup(figure.definition))]
        }))
  }
}
