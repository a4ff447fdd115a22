import Support

/// The frame that all charts share: its size and margins, the grid, and the shapes that are drawn in it.
///
/// Shapes carry classes and no colours, so that a page's style sheet decides on both: `grid`, `tick`, `reference`, and
/// `curve`, `band`, `dot`, `interval` with the series' number, `s0` to `s7`.
package struct ChartFrame: Sendable {
  package let width: Double
  package let height: Double
  package let left: Double
  package let right: Double
  package let top: Double
  package let bottom: Double

  /// A frame of a size, the axes at the given distances from its edges [points].
  package init(
    width: Double = 420, height: Double, left: Double = 48, right: Double = 14, top: Double = 12, bottom: Double = 42
  ) {
    self.width = width
    self.height = height
    self.left = left
    self.right = width - right
    self.top = top
    self.bottom = height - bottom
  }

  /// The whole chart, for a place inside a page.
  package func svg(title: String, kind: String = "chart", style: String? = nil, _ parts: [Markup]) -> Markup {
    .element(
      "svg",
      [
        ("viewBox", "0 0 \(Int(width)) \(Int(height))"), ("role", "img"), ("aria-label", title), ("class", kind),
      ] + (style.map { [("style", $0)] } ?? []), parts)
  }

  // MARK: Shapes

  package func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, kind: String, title: String? = nil
  ) -> Markup {
    .element(
      "line", [("class", kind), ("x1", n(x1)), ("y1", n(y1)), ("x2", n(x2)), ("y2", n(y2))], tooltip(title))
  }

  package func text(
    _ x: Double, _ y: Double, _ text: String, anchor: String = "middle", kind: String = "tick", turned: Bool = false
  ) -> Markup {
    let turn = turned ? [("transform", "rotate(-90 \(n(x)) \(n(y)))")] : []
    return .element(
      "text", [("class", kind), ("x", n(x)), ("y", n(y)), ("text-anchor", anchor)] + turn, Markup(text))
  }

  package func dot(_ x: Double, _ y: Double, radius: String, kind: String, title: String) -> Markup {
    .element(
      "circle", [("class", "dot \(kind)"), ("cx", n(x)), ("cy", n(y)), ("r", radius)], tooltip(title))
  }

  package func path(_ commands: String, kind: String) -> Markup {
    .element("path", [("class", kind), ("d", commands)])
  }

  func polygon(_ points: [(x: Double, y: Double)], kind: String, title: String? = nil) -> Markup {
    let list = points.map { "\(n($0.x)),\(n($0.y))" }.joined(separator: " ")
    return .element("polygon", [("class", kind), ("points", list)], tooltip(title))
  }

  /// A line through points that is broken wherever one is missing.
  func polyline(_ points: [(x: Double, y: Double)?], kind: String) -> Markup {
    var commands: [String] = []
    var isDrawing = false
    for point in points {
      if let point { commands.append("\(isDrawing ? "L" : "M")\(n(point.x)) \(n(point.y))") }
      isDrawing = point != nil
    }
    return path(commands.joined(separator: " "), kind: kind)
  }

  private func tooltip(_ text: String?) -> [Markup] { text.map { [.element("title", [], Markup($0))] } ?? [] }

  /// A coordinate as text.
  package func n(_ value: Double) -> String { Numbers.fixed(value.isFinite ? value : 0, digits: 1) }

  // MARK: Axes

  /// Lines across, with their numbers at the left.
  func rows(_ y: Axis, suffix: String = "", label: (Double) -> String = Numbers.short) -> [Markup] {
    y.ticks.flatMap { tick -> [Markup] in
      guard let place = y(tick) else { return [] }
      return [
        line(left, place, right, place, kind: "grid"),
        text(left - 6, place + 3.5, label(tick) + suffix, anchor: "end"),
      ]
    }
  }

  /// Numbers below, with lines upwards if asked for.
  func columns(
    _ x: Axis, at ticks: [Double]? = nil, lines: Bool = false, label: (Double) -> String = Numbers.short
  ) -> [Markup] {
    (ticks ?? x.ticks).flatMap { tick -> [Markup] in
      guard let place = x(tick) else { return [] }
      let number = text(place, bottom + 15, label(tick))
      return lines ? [line(place, top, place, bottom, kind: "grid"), number] : [number]
    }
  }

  /// The name of the lower axis.
  func caption(_ name: String) -> Markup { text((left + right) / 2, height - 6, name) }
}
