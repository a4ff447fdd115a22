import Foundation
import Support

/// One row an arm: a figure's value with its interval, and a line where real motion is.
struct IntervalChart: Sendable {
  struct Row: Sendable {
    let name: String
    let colour: Int
    let value: Double
    let lower: Double
    let upper: Double
  }

  let title: String
  let rows: [Row]
  let reference: Double?

  /// The chart; nothing if no row is finite.
  var svg: HTML? {
    let shown = rows.filter { $0.value.isFinite && $0.lower.isFinite && $0.upper.isFinite }
    guard !shown.isEmpty else { return nil }
    let longest = shown.map(\.name.count).max() ?? 0
    let frame = ChartFrame(height: 40 + 26 * Double(shown.count) + 14, left: min(170, 14 + 6.6 * Double(longest)))
    let values = shown.flatMap { [$0.lower, $0.upper] } + [reference].compactMap { $0 }
    let x = Scale(covering: values, from: frame.left, to: frame.right, includingZero: true)
    var parts = x.ticks.map { frame.line(x($0), frame.top, x($0), frame.bottom, "grid") } + frame.ticks(x)
    if let reference {
      parts.append(frame.line(x(reference), frame.top, x(reference), frame.bottom, "reference"))
    }
    for (index, row) in shown.enumerated() {
      let y = frame.top + 14 + 26 * Double(index)
      let name = row.name.count > 24 ? row.name.prefix(23) + "…" : row.name[...]
      parts.append(frame.text(frame.left - 8, y + 4, String(name), anchor: "end", kind: "tick strong"))
      parts.append(frame.line(x(row.lower), y, x(row.upper), y, "interval s\(row.colour)"))
      let text = "\(row.name): \(Numbers.short(row.value)) (\(Numbers.short(row.lower)) to \(Numbers.short(row.upper)))"
      parts.append(
        .element(
          "circle",
          [("class", "dot s\(row.colour)"), ("cx", frame.n(x(row.value))), ("cy", frame.n(y)), ("r", "5")],
          .element("title", [], HTML(text))))
    }
    return frame.svg(title: title, parts)
  }
}
