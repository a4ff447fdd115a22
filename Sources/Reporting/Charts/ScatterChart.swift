import Support

/// One dot a clip: a figure before against the same after, on square axes with the line of no change.
struct ScatterChart: Sendable {
  let title: String
  let unit: String
  let points: [(name: String, before: Double, after: Double)]
  private let frame = ChartFrame(height: 300)

  init(title: String, unit: String, points: [(name: String, before: Double, after: Double)]) {
    self.title = title
    self.unit = unit
    self.points = points
  }

  /// The chart; nothing if there is no finite point.
  var svg: HTML? {
    let shown = points.filter { $0.before.isFinite && $0.after.isFinite }
    guard !shown.isEmpty else { return nil }
    let all = shown.flatMap { [$0.before, $0.after] }
    let x = Scale(covering: all, from: frame.left, to: frame.right, includingZero: true)
    let y = Scale(covering: all, from: frame.bottom, to: frame.top, includingZero: true)
    let (low, high) = (x.domain.lowerBound, x.domain.upperBound)
    let dots = shown.map { point in
      HTML.element(
        "circle",
        [
          ("class", "dot thin s\(point.after <= point.before ? 2 : 1)"), ("cx", frame.n(x(point.before))),
          ("cy", frame.n(y(point.after))), ("r", "3"),
        ],
        .element(
          "title", [], HTML("\(point.name): \(Numbers.short(point.before)) to \(Numbers.short(point.after)) \(unit)")))
    }
    let parts =
      frame.horizontal(y) + frame.ticks(x) + [frame.line(x(low), y(low), x(high), y(high), "reference")] + dots
      + [frame.caption("before → after (upwards) [\(unit)]; below the line is better")]
    return frame.svg(title: title, parts)
  }
}
