import Charts
import Evaluation
import Support

/// Tables of figures.
enum ReportTable {
  /// A titled table; its `attributes` are the table element's.
  static func section(
    _ title: String, header: [String], rows: [Markup], level: String = "h2", attributes: [(String, String)] = []
  ) -> Markup {
    let head = Markup.element("tr", [], header.map { .element("th", [], Markup($0)) })
    return .element(
      "section", [], .element(level, [], Markup(title)),
      .element(
        "div", [("class", "scroll")],
        .element(
          "table", (header.count > 10 ? [("class", "wide")] : []) + attributes,
          [.element("thead", [], head), .element("tbody", [], rows)])))
  }

  /// A figure with half its interval beside it.
  static func cell(_ estimate: Estimate) -> Markup {
    let half = max(estimate.upper - estimate.value, estimate.value - estimate.lower)
    let text = Markup(Numbers.short(estimate.value))
    guard half > 0 else { return .element("td", [], text) }
    return .element("td", [], text, Markup(raw: " "), .element("small", [], Markup("± \(Numbers.short(half))")))
  }
}

/// The figures of each table and chart, in their order.
enum ReportFigures {
  static let sets: [Figure] = [.fid, .fidKinetic, .fidGeometric, .precision, .recall, .coverage, .diversity]
  static let motions: [Figure] = [
    .kineticEnergy, .physErr, .penetrate, .float, .skate, .residualWrench, .jerk, .nearestTraining,
  ]
  static let synthetic: [Figure] = [
    .physErr, .penetrate, .float, .skate, .skatingRatio, .residualWrench, .selfPenetration, .jointLimitExcess, .jerk,
    .skeletonPenetration, .deepestJoint,
  ]
  static let curves: [Figure] = [
    .fid, .fidKinetic, .fidGeometric, .coverage, .precision, .recall, .diversity, .kineticEnergy, .physErr, .penetrate,
    .float, .skate, .residualWrench, .jerk,
  ]

  static func heading(_ figure: Figure) -> String {
    figure.unit.isEmpty ? figure.title : "\(figure.title) [\(figure.unit)]"
  }

  /// A chart under its figure's name and definition.
  static func card(_ figure: Figure, _ svg: Markup, isShort: Bool = false) -> Markup {
    card(title: heading(figure), isShort ? "" : figure.definition, svg)
  }

  /// A chart under a title and a sentence.
  static func card(title: String, _ text: String, _ svg: Markup) -> Markup {
    let sentence = text.isEmpty ? [] : [Markup.element("p", [], Markup(text))]
    return .element(
      "figure", [], .element("figcaption", [], [.element("h3", [], Markup(title))] + sentence), svg)
  }
}
