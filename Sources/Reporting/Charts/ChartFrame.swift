import Foundation
import Support

/// The frame that charts share: size, grid and numbers along the axes.
struct ChartFrame: Sendable {
  let width = 420.0
  let height: Double
  var left = 48.0
  var top: Double { 12 }
  var right: Double { width - 14 }
  var bottom: Double { height - 42 }

  init(height: Double, left: Double = 48) {
    self.height = height
    self.left = left
  }

  func n(_ value: Double) -> String { String(format: "%.1f", value.isFinite ? value : 0) }

  func svg(title: String, _ parts: [HTML]) -> HTML {
    .element(
      "svg",
      [
        ("viewBox", "0 0 \(Int(width)) \(Int(height))"), ("role", "img"), ("aria-label", title), ("class", "chart"),
      ], parts)
  }

  func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ kind: String) -> HTML {
    .element("line", [("class", kind), ("x1", n(x1)), ("y1", n(y1)), ("x2", n(x2)), ("y2", n(y2))])
  }

  func text(_ x: Double, _ y: Double, _ text: String, anchor: String, kind: String = "tick") -> HTML {
    .element("text", [("class", kind), ("x", n(x)), ("y", n(y)), ("text-anchor", anchor)], HTML(text))
  }

  /// Lines across, with their numbers.
  func horizontal(_ y: Scale, suffix: String = "") -> [HTML] {
    y.ticks.flatMap { tick in
      [
        line(left, y(tick), right, y(tick), "grid"),
        text(left - 6, y(tick) + 3.5, Numbers.short(tick) + suffix, anchor: "end"),
      ]
    }
  }

  /// Numbers below.
  func ticks(_ x: Scale) -> [HTML] {
    x.ticks.map { text(x($0), bottom + 15, Numbers.short($0), anchor: "middle") }
  }

  /// What is on the lower axis.
  func caption(_ text: String) -> HTML { self.text((left + right) / 2, height - 6, text, anchor: "middle") }
}
