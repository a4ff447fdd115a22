import Charts
import Evaluation
import Generations

/// One line of charts: an arm's generations, the shared first one in front.
struct ReportSeries: Sendable {
  /// How many colours there are before they repeat.
  static let colours = 8

  let name: String
  let colour: Int
  let points: [GenerationMetrics]

  static func arms(of results: RunResults, prefix: String = "") -> [ReportSeries] {
    results.arms.enumerated().map { index, arm in
      ReportSeries(
        name: prefix + arm.name, colour: index % colours, points: [results.shared] + arm.generations)
    }
  }

  static func legend(_ series: [ReportSeries]) -> Markup {
    .element(
      "div", [("class", "legend")],
      series.map { one in
        Markup.element("span", [], .element("i", [("class", "s\(one.colour)")]), Markup(one.name))
      } + [.element("span", [], .element("i", [("class", "dashed")]), "real motion")])
  }
}

/// Figures over the generations, a chart each.
enum CurvesSection {
  static func html(_ series: [ReportSeries], real: [RunResults]) -> Markup {
    let figures = ReportFigures.curves.compactMap { figure -> Markup? in
      var chart = LineChart(title: figure.title, xLabel: "generation", yLabel: figure.unit)
      for one in series {
        let points = one.points.compactMap { generation in
          generation.samples[figure].map {
            (x: Double(generation.generation), value: $0.value, lower: $0.lower, upper: $0.upper)
          }
        }
        chart.add(one.name, colour: one.colour, points)
      }
      for line in references(figure, real) { chart.addReference(line.name, at: line.value) }
      guard let svg = chart.figure else { return nil }
      return ReportFigures.card(figure, svg)
    }
    return .element(
      "section", [], .element("h2", [], "Over the generations"), ReportSeries.legend(series),
      .element("div", [("class", "charts")], figures))
  }

  static func references(_ figure: Figure, _ real: [RunResults]) -> [(name: String, value: Double)] {
    real.compactMap { results in
      (results.real[figure] ?? results.realAgainstReal[figure]).map {
        (real.count == 1 ? "real motion" : "real motion, \(results.name)", $0.value)
      }
    }
  }
}

/// Arm against arm: the last generation of each, with intervals.
enum ArmsSection {
  static let figures: [Figure] = [.fid, .fidKinetic, .coverage, .diversity, .physErr, .residualWrench]

  static func html(_ series: [ReportSeries], real: [RunResults]) -> Markup {
    let charts = figures.compactMap { figure -> Markup? in
      var rows = series.compactMap { one -> IntervalChart.Row? in
        guard let last = one.points.last, let value = last.samples[figure] else { return nil }
        return .init(
          name: one.name, colour: one.colour, value: value.value, lower: value.lower, upper: value.upper)
      }
      if real.count == 1, let value = real[0].shared.samples[figure] {
        let first = IntervalChart.Row(
          name: "generation 0", colour: 7, value: value.value, lower: value.lower, upper: value.upper)
        rows.insert(first, at: 0)
      }
      let reference = CurvesSection.references(figure, real).first?.value
      guard let svg = IntervalChart(title: figure.title, rows: rows, reference: reference).figure else { return nil }
      return ReportFigures.card(figure, svg, isShort: true)
    }
    return .element(
      "section", [], .element("h2", [], "Arm against arm, last generation"),
      .element("div", [("class", "charts")], charts))
  }
}
