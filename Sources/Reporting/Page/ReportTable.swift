public import Evaluation
import Support

/// Tables of figures.
enum ReportTable {
  static func section(_ title: String, header: [String], rows: [HTML], level: String = "h2") -> HTML {
    let head = HTML.element("tr", [], header.map { .element("th", [], HTML($0)) })
    return .element(
      "section", [], .element(level, [], HTML(title)),
      .element(
        "div", [("class", "scroll")],
        .element(
          "table", header.count > 10 ? [("class", "wide")] : [], .element("thead", [], head),
          .element("tbody", [], rows))))
  }

  /// A figure with half its interval beside it.
  static func cell(_ estimate: Estimate) -> HTML {
    let half = max(estimate.upper - estimate.value, estimate.value - estimate.lower)
    let text = HTML(Numbers.short(estimate.value))
    guard half > 0 else { return .element("td", [], text) }
    return .element("td", [], text, HTML(markup: " "), .element("small", [], HTML("± \(Numbers.short(half))")))
  }
}

/// Which figures stand where.
enum ReportFigures {
  static let sets: [Figure] = [.fid, .fidKinetic, .fidGeometric, .precision, .recall, .coverage, .diversity]
  static let motions: [Figure] = [
    .kineticEnergy, .physErr, .penetrate, .float, .skate, .residualWrench, .jerk, .nearestTraining,
  ]
  static let synthetic: [Figure] = [
    .physErr, .penetrate, .float, .skate, .skatingRatio, .residualWrench, .selfPenetration, .jointLimitExcess, .jerk,
  ]
  static let curves: [Figure] = [
    .fid, .fidKinetic, .fidGeometric, .coverage, .precision, .recall, .diversity, .kineticEnergy, .physErr, .penetrate,
    .float, .skate, .residualWrench, .jerk,
  ]

  static func heading(_ figure: Figure) -> String {
    figure.unit.isEmpty ? figure.title : "\(figure.title) [\(figure.unit)]"
  }

  /// A chart under its figure's name and definition.
  static func card(_ figure: Figure, _ svg: HTML, isShort: Bool = false) -> HTML {
    card(title: heading(figure), isShort ? "" : figure.definition, svg)
  }

  /// A chart under a title and a sentence.
  static func card(title: String, _ text: String, _ svg: HTML) -> HTML {
    let sentence = text.isEmpty ? [] : [HTML.element("p", [], HTML(text))]
    return .element(
      "figure", [], .element("figcaption", [], [.element("h3", [], HTML(title))] + sentence), svg)
  }
}
