import Charts
import Evaluation
import Generations
import Support

/// A sweep, or several runs of which some differ in their seed alone, as one page: one curve an arm with a band over seeds.
///
///     let page = SeedReport(title: "priors", runs: runs).html
///
/// It opens with the answer in words and, where the arms allow it, the two by two of prior and physics.
public struct SeedReport: Sendable {
  let title: String
  let runs: [RunFolder]
  let curves: SeedCurves

  /// The page of some runs.
  ///
  /// - Precondition: At least one run.
  public init(title: String, runs: [RunFolder]) {
    self.title = title
    self.runs = runs
    curves = SeedCurves(runs.map(\.results))
  }

  /// The whole page. The same runs give the same text.
  public var html: String {
    let unfinished = runs.filter { !$0.isFinished }.map(\.results.name)
    let notice =
      unfinished.isEmpty
      ? []
      : [
        Markup.element(
          "p", [("class", "notice")],
          Markup("Not finished, shown as far as they are: \(unfinished.joined(separator: ", "))."))
      ]
    let body = Markup.element(
      "body", [("class", "report")],
      [
        .element(
          "header", [],
          [.element("h1", [], Markup(title))] + notice + [
            .element("p", [("class", "verdict")], Markup(sentence)),
            .element("p", [("class", "soft")], Markup(reading)),
          ]), twoByTwo, charts, table, list, FiguresSection.definitions,
      ])
    return Page.text(title: title, head: [], body: body)
  }

  // MARK: Words

  /// What came of it: each arm's likeness to real motion and physics in its last generation, the best arm first.
  var sentence: String {
    let figure = curves.likeness
    let last = curves.curves.compactMap { curve in curve.points(of: figure).last.map { (curve, $0) } }
      .filter { $0.1.generation > 0 }.sorted { $0.1.mean < $1.1.mean }
    guard let best = last.first, let start = best.0.points(of: figure).first else {
      return "Only generation 0 has been measured."
    }
    let parts = last.prefix(8).map { curve, point in
      let physics = curve.points(of: .physErr).last.map { ", Phys-Err \(Numbers.short($0.mean)) mm" } ?? ""
      return "\(curve.name) \(spread(point)) (\(change(from: curve.points(of: figure)[0], to: point))\(physics))"
    }
    let more = last.count > 8 ? "; \(last.count - 8) more below" : ""
    return "\(figure.title) after \(best.1.generation) generations, from \(Numbers.short(start.mean)) in generation 0, "
      + "the nearest to real motion first: \(parts.joined(separator: "; "))\(more)."
  }

  /// Better or worse where the bands do not overlap.
  private func change(from before: SeedCurves.Point, to after: SeedCurves.Point) -> String {
    if after.upper < before.lower { return "better" }
    return after.lower > before.upper ? "worse" : "no clear change"
  }

  private func spread(_ point: SeedCurves.Point) -> String {
    point.seeds > 1
      ? "\(Numbers.short(point.mean)) ± \(Numbers.short(point.deviation))" : Numbers.short(point.mean)
  }

  private var reading: String {
    let seeds = Set(curves.curves.map(\.seeds)).sorted()
    let count = seeds.count == 1 ? "\(seeds[0])" : "\(seeds.first ?? 0) to \(seeds.last ?? 0)"
    let band =
      curves.hasSeeds
      ? "Curves are means over \(count) seeds, bands one standard deviation on either side"
      : "Each curve is one run, bands are 95 % bootstrap intervals"
    return
      "\(runs.count) runs. \(band); better and worse mean that the bands of the last generation and of generation 0 "
      + "do not overlap. Dashed lines are real motion."
  }

  // MARK: Pictures

  private func chart(_ figure: Figure, of shown: [(curve: SeedCurves.Curve, colour: Int)]) -> Markup? {
    var chart = LineChart(title: figure.title, xLabel: "generation", yLabel: figure.unit)
    for (curve, colour) in shown {
      let points = curve.points(of: figure)
      guard !points.isEmpty else { continue }
      chart.add(
        curve.name, colour: colour,
        points.map { (x: Double($0.generation), value: $0.mean, lower: $0.lower, upper: $0.upper) })
    }
    if let real = curves.real(figure) { chart.addReference("real motion", at: real) }
    return chart.figure.map { ReportFigures.card(figure, $0) }
  }

  private func legend(_ shown: [(curve: SeedCurves.Curve, colour: Int)]) -> Markup {
    ReportSeries.legend(shown.map { ReportSeries(name: $0.curve.name, colour: $0.colour, points: []) })
  }

  /// All curves in their colours, which repeat after eight.
  private var coloured: [(curve: SeedCurves.Curve, colour: Int)] {
    curves.curves.enumerated().map { ($1, $0 % ReportSeries.colours) }
  }

  private var charts: Markup {
    .element(
      "section", [], .element("h2", [], "Over the generations"), legend(coloured),
      .element("div", [("class", "charts")], ReportFigures.curves.compactMap { chart($0, of: coloured) }))
  }

  /// The two by two, if the arms have it: a table to read at once, and two charts.
  private var twoByTwo: Markup {
    guard let cells = TwoByTwo(curves.curves) else { return Markup.empty }
    let shown = cells.all.enumerated().map { (curve: $1, colour: $0) }
    let figures = [curves.likeness, .physErr]
    func cell(_ index: Int) -> Markup {
      let values = figures.compactMap { figure in
        cells.all[index].points(of: figure).last.map {
          "\(figure.title) \(spread($0))" + (figure.unit.isEmpty ? "" : " \(figure.unit)")
        }
      }
      return .element(
        "td", [], .element("b", [], Markup(cells.all[index].arm)), Markup(raw: "<br>"),
        Markup(values.joined(separator: ", ")))
    }
    func row(_ name: String, _ first: Int) -> Markup {
      .element("tr", [], .element("th", [], Markup(name)), cell(first), cell(first + 1))
    }
    let head = Markup.element("tr", [], ["", "no physics", "physics"].map { .element("th", [], Markup($0)) })
    return .element(
      "section", [("class", "two-by-two")], .element("h2", [], "A prior of real motion, physics, neither, both"),
      .element(
        "div", [("class", "scroll")],
        .element(
          "table", [], .element("thead", [], head),
          .element("tbody", [], row("no prior", 0), row("prior", 2)))), legend(shown),
      .element("div", [("class", "charts")], figures.compactMap { chart($0, of: shown) }))
  }

  // MARK: Tables

  private var table: Markup {
    let shown = SeedTables.shown.filter { figure in curves.curves.contains { !$0.points(of: figure).isEmpty } }
    var rows = curves.curves.map { curve in
      let cells = shown.map { figure -> Markup in
        guard let point = curve.points(of: figure).last else { return .element("td", [], "–") }
        let deviation =
          point.seeds > 1
          ? [Markup(raw: " "), .element("small", [], Markup("± \(Numbers.short(point.deviation))"))] : []
        return .element("td", [], [Markup(Numbers.short(point.mean))] + deviation)
      }
      let generation = curve.runs.compactMap { $0.last?.generation }.max() ?? 0
      let leading = [curve.name, "\(generation)", "\(curve.seeds)"].map { Markup.element("td", [], Markup($0)) }
      return Markup.element("tr", [], leading + cells)
    }
    let real = shown.map { figure in
      Markup.element("td", [], Markup(curves.real(figure).map { Numbers.short($0) } ?? "–"))
    }
    rows.append(
      .element("tr", [("class", "real")], ["real motion", "", ""].map { .element("td", [], Markup($0)) } + real))
    return ReportTable.section(
      "The last generation", header: ["arm", "generation", "seeds"] + shown.map { ReportFigures.heading($0) },
      rows: rows)
  }

  private var list: Markup {
    let rows = runs.map { run in
      let seed = ComparisonSection.settings(run.results.specification).first { $0.0 == "seed" }?.1 ?? "–"
      let cells = [run.results.name, seed, RunVerdict(results: run.results).sentence]
      return Markup.element(
        "tr", [],
        cells.enumerated().map { index, text in .element("td", index == 2 ? [("class", "names")] : [], Markup(text)) })
    }
    return ReportTable.section("The runs", header: ["run", "seed", "result"], rows: rows)
  }
}
