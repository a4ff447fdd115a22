import Support

/// One row an arm: a figure's value with its interval, and a line where real motion is.
package struct IntervalChart: Sendable {
  package struct Row: Sendable {
    let name: String
    let colour: Int
    let value: Double
    let lower: Double
    let upper: Double

    package init(name: String, colour: Int, value: Double, lower: Double, upper: Double) {
      self.name = name
      self.colour = colour
      self.value = value
      self.lower = lower
      self.upper = upper
    }

    fileprivate var isFinite: Bool { value.isFinite && lower.isFinite && upper.isFinite }
  }

  private let title: String
  private let rows: [Row]
  private let reference: Double?

  package init(title: String, rows: [Row], reference: Double?) {
    self.title = title
    self.rows = rows.filter(\.isFinite)
    self.reference = reference
  }

  /// The chart; nothing if no row is finite.
  package var figure: Markup? {
    guard !rows.isEmpty else { return nil }
    let longest = rows.map(\.name.count).max() ?? 0
    let frame = ChartFrame(height: 54 + 26 * Double(rows.count), left: min(170, 14 + 6.6 * Double(longest)))
    let values = rows.flatMap { [$0.lower, $0.upper] } + [reference].compactMap { $0 }
    let x = Axis(covering: values, from: frame.left, to: frame.right, includingZero: true)
    let line = reference.flatMap { x($0) }.map { [frame.line($0, frame.top, $0, frame.bottom, kind: "reference")] }
    return frame.svg(
      title: title,
      frame.columns(x, lines: true) + (line ?? []) + rows.enumerated().flatMap { draw($1, row: $0, frame, x) })
  }

  private func draw(_ row: Row, row index: Int, _ frame: ChartFrame, _ x: Axis) -> [Markup] {
    guard let lower = x(row.lower), let value = x(row.value), let upper = x(row.upper) else { return [] }
    let y = frame.top + 14 + 26 * Double(index)
    let name = row.name.count > 24 ? row.name.prefix(23) + "…" : row.name[...]
    let text = "\(row.name): \(Numbers.short(row.value)) (\(Numbers.short(row.lower)) to \(Numbers.short(row.upper)))"
    return [
      frame.text(frame.left - 8, y + 4, String(name), anchor: "end", kind: "tick strong"),
      frame.line(lower, y, upper, y, kind: "interval s\(row.colour)"),
      frame.dot(value, y, radius: "5", kind: "s\(row.colour)", title: text),
    ]
  }
}
