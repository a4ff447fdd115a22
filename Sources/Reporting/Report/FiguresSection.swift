public import Evaluation
public import Generations

/// The table of all figures, and what they mean.
struct FiguresSection {
  let results: RunResults
  var title = "Figures"

  /// Two tables: one would not fit a printed page in letters that can be read.
  var html: HTML {
    let parts = [("Between sets", ReportFigures.sets), ("Physics and nearest neighbours", ReportFigures.motions)]
    return .element("section", [], [.element("h2", [], HTML(title))] + parts.map { table($0, $1) })
  }

  private func table(_ title: String, _ shown: [Figure]) -> HTML {
    var rows: [HTML] = [
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
  ) -> HTML {
    let cells = shown.map { figure in report[figure].map(ReportTable.cell) ?? HTML.element("td", [], "") }
    return .element(
      "tr", isReal ? [("class", "real")] : [],
      [.element("td", [], HTML(name)), .element("td", [], HTML(generation))] + cells)
  }

  static var definitions: HTML {
    .element(
      "section", [], .element("h2", [], "What the figures mean"),
      .element(
        "dl", [],
        Figure.allCases.flatMap { figure -> [HTML] in
          [.element("dt", [], HTML(ReportFigures.heading(figure))), .element("dd", [], HTML(figure.definition))]
        }))
  }
}

/// What tells runs apart: the settings in which they differ.
struct ComparisonSection {
  let runs: [RunFolder]

  var html: HTML {
    let settings = runs.map { ComparisonSection.settings($0.results.specification) }
    var keys: [String] = []
    for pair in settings.flatMap({ $0 }) where !keys.contains(pair.0) { keys.append(pair.0) }
    let rows = keys.compactMap { key -> HTML? in
      let values = settings.map { $0.first { $0.0 == key }?.1 ?? "–" }
      guard Set(values).count > 1 else { return nil }
      return .element(
        "tr", [], [.element("td", [], HTML(key))] + values.map { .element("td", [], HTML($0)) })
    }
    guard !rows.isEmpty else {
      return .element("p", [("class", "soft")], "The runs have the same settings.")
    }
    return ReportTable.section("What differs", header: ["setting"] + runs.map(\.results.name), rows: rows)
  }

  /// Dotted names and values of a resolved specification: two levels, one scalar or list a line.
  static func settings(_ yaml: String) -> [(String, String)] {
    var part = ""
    return yaml.split(separator: "\n").compactMap { line in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let isInner = line.hasPrefix(" ")
      let key = line[..<colon].trimmingPrefix(while: { $0 == " " })
      let value = line[line.index(after: colon)...].trimmingPrefix(while: { $0 == " " })
      if value.isEmpty, !isInner {
        part = String(key)
        return nil
      }
      return (isInner ? "\(part).\(key)" : String(key), String(value))
    }
  }
}
