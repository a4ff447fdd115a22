import Foundation
import Support

/// One curve with its band.
struct Curve: Sendable {
  /// In the legend.
  let name: String
  /// Which of the page's series colours.
  let colour: Int
  /// Where, how much, and between what ends.
  let points: [(x: Double, value: Double, lower: Double, upper: Double)]
}

/// A line across a chart: what real motion scores.
struct ReferenceLine: Sendable {
  let name: String
  let value: Double
}

/// A chart of curves over generations, as SVG that follows the page's colours.
struct CurveChart: Sendable {
  let title: String
  let curves: [Curve]
  let references: [ReferenceLine]
  private let width = 420.0
  private let height = 240.0
  private let left = 48.0
  private let right = 12.0
  private let top = 12.0
  private let bottom = 28.0

  init(title: String, curves: [Curve], references: [ReferenceLine]) {
    self.title = title
    self.curves = curves
    self.references = references
  }

  /// The chart; nothing if there is no finite point.
  var svg: HTML? {
    let points = curves.flatMap(\.points).filter { $0.value.isFinite }
    guard !points.isEmpty else { return nil }
    let heights = points.flatMap { [$0.value, $0.lower, $0.upper] } + references.map(\.value)
    let y = Scale(covering: heights.filter(\.isFinite), from: height - bottom, to: top, includingZero: true)
    let x = Scale(
      exactly: (points.map(\.x).min() ?? 0)...(max((points.map(\.x).min() ?? 0) + 1, points.map(\.x).max() ?? 1)),
      from: left, to: width - right)
    let parts = grid(x, y) + references.map { line($0, y) } + curves.flatMap { draw($0, x, y) }
    return .element(
      "svg",
      [
        ("viewBox", "0 0 \(Int(width)) \(Int(height))"), ("role", "img"), ("aria-label", title),
        ("class", "chart"),
      ], parts)
  }

  private func grid(_ x: Scale, _ y: Scale) -> [HTML] {
    let horizontal = y.ticks.flatMap { tick -> [HTML] in
      [
        .element(
          "line",
          [("class", "grid"), ("x1", n(left)), ("x2", n(width - right)), ("y1", n(y(tick))), ("y2", n(y(tick)))]),
        .element(
          "text", [("class", "tick"), ("x", n(left - 6)), ("y", n(y(tick) + 3.5)), ("text-anchor", "end")],
          HTML(Numbers.short(tick))),
      ]
    }
    let step = max(1, Int((x.domain.upperBound - x.domain.lowerBound) / 8))
    let vertical = stride(from: Int(x.domain.lowerBound), through: Int(x.domain.upperBound), by: step).map { tick in
      HTML.element(
        "text",
        [("class", "tick"), ("x", n(x(Double(tick)))), ("y", n(height - bottom + 16)), ("text-anchor", "middle")],
        HTML(String(tick)))
    }
    return horizontal + vertical
  }

  private func line(_ reference: ReferenceLine, _ y: Scale) -> HTML {
    .element(
      "line",
      [
        ("class", "reference"), ("x1", n(left)), ("x2", n(width - right)), ("y1", n(y(reference.value))),
        ("y2", n(y(reference.value))),
      ], .element("title", [], HTML("\(reference.name): \(Numbers.short(reference.value))")))
  }

  private func draw(_ curve: Curve, _ x: Scale, _ y: Scale) -> [HTML] {
    let points = curve.points.filter { $0.value.isFinite }
    let upper = points.map { "\(n(x($0.x))),\(n(y($0.upper)))" }
    let lower = points.reversed().map { "\(n(x($0.x))),\(n(y($0.lower)))" }
    let middle = points.map { "\(n(x($0.x))),\(n(y($0.value)))" }
    let series = "s\(curve.colour)"
    var parts: [HTML] = [
      .element("polygon", [("class", "band \(series)"), ("points", (upper + lower).joined(separator: " "))]),
      .element("polyline", [("class", "curve \(series)"), ("points", middle.joined(separator: " "))]),
    ]
    parts += points.map { point in
      let text =
        "\(curve.name), generation \(Int(point.x)): \(Numbers.short(point.value)) "
        + "(\(Numbers.short(point.lower)) to \(Numbers.short(point.upper)))"
      return .element(
        "circle",
        [("class", "dot \(series)"), ("cx", n(x(point.x))), ("cy", n(y(point.value))), ("r", "3.5")],
        .element("title", [], HTML(text)))
    }
    return parts
  }

  private func n(_ value: Double) -> String { String(format: "%.1f", value.isFinite ? value : 0) }
}
