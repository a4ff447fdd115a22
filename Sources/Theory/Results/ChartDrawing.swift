import Support

/// Draws a ``LineChart``.
struct ChartDrawing {
  private let chart: LineChart
  private let horizontal: Axis
  private let vertical: Axis
  private let frame = (left: 70.0, top: 40.0, right: 560.0, bottom: 400.0)
  // Okabe and Ito's palette, which colour-blind readers can tell apart, then two more.
  private static let colours = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999", "#7b4fa3", "#8c6d31",
  ]

  init(_ chart: LineChart) {
    self.chart = chart
    horizontal = Axis(chart.series.flatMap(\.x), isLogarithmic: chart.isXLogarithmic)
    vertical = Axis(chart.series.flatMap(\.y), isLogarithmic: chart.isYLogarithmic)
  }

  var text: String {
    var lines = [
      #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 460" font-family="sans-serif" font-size="12">"#,
      #"<rect width="800" height="460" fill="white"/>"#,
      label(chart.title, x: (frame.left + frame.right) / 2, y: 24, extra: #" font-size="15""#),
      label(chart.xLabel, x: (frame.left + frame.right) / 2, y: 440),
      label(chart.yLabel, x: 18, y: 220, extra: #" transform="rotate(-90 18 220)""#),
    ]
    lines += grid
    for (index, series) in chart.series.enumerated() { lines += draw(series, index: index) }
    return (lines + ["</svg>", ""]).joined(separator: "\n")
  }

  private func place(_ x: Double, _ y: Double) -> (Double, Double)? {
    guard let h = horizontal.position(x), let v = vertical.position(y) else { return nil }
    return (frame.left + h * (frame.right - frame.left), frame.bottom - v * (frame.bottom - frame.top))
  }

  private var grid: [String] {
    var lines: [String] = []
    for tick in horizontal.ticks {
      let x = frame.left + (horizontal.position(tick) ?? 0) * (frame.right - frame.left)
      lines.append(rule(x, frame.top, x, frame.bottom))
      lines.append(label(Numbers.compact(tick), x: x, y: frame.bottom + 18))
    }
    for tick in vertical.ticks {
      let y = frame.bottom - (vertical.position(tick) ?? 0) * (frame.bottom - frame.top)
      lines.append(rule(frame.left, y, frame.right, y))
      lines.append(label(Numbers.compact(tick), x: frame.left - 8, y: y + 4, anchor: "end"))
    }
    return lines
  }

  private func draw(_ series: LineChart.Series, index: Int) -> [String] {
    let colour = ChartDrawing.colours[index % ChartDrawing.colours.count]
    var path = ""
    var isDrawing = false
    for (x, y) in zip(series.x, series.y) {
      guard let point = place(x, y) else {
        isDrawing = false
        continue
      }
      path += "\(isDrawing ? "L" : "M")\(Numbers.fixed(point.0, digits: 1)) \(Numbers.fixed(point.1, digits: 1)) "
      isDrawing = true
    }
    let y = frame.top + 12 + 18 * Double(index)
    return [
      #"<path d="\#(path)" fill="none" stroke="\#(colour)" stroke-width="1.6" stroke-linejoin="round"/>"#,
      #"<path d="M\#(frame.right + 14) \#(y) h18" stroke="\#(colour)" stroke-width="2.5"/>"#,
      label(series.name, x: frame.right + 38, y: y + 4, anchor: "start"),
    ]
  }

  private func rule(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
    let ends = [x1, y1, x2, y2].map { Numbers.fixed($0, digits: 1) }
    return #"<path d="M\#(ends[0]) \#(ends[1]) L\#(ends[2]) \#(ends[3])" stroke="gainsboro"/>"#
  }

  private func label(
    _ text: String, x: Double, y: Double, anchor: String = "middle", extra: String = ""
  ) -> String {
    let escaped = text.map { ["&": "&amp;", "<": "&lt;", ">": "&gt;"][$0] ?? String($0) }.joined()
    let at = #"x="\#(Numbers.fixed(x, digits: 1))" y="\#(Numbers.fixed(y, digits: 1))""#
    return #"<text \#(at) text-anchor="\#(anchor)"\#(extra)>\#(escaped)</text>"#
  }
}

/// An axis that covers some values: where each stands, from 0 to 1, and where the ticks are.
private struct Axis {
  let isLogarithmic: Bool
  private let low: Double
  private let high: Double

  init(_ values: [Double], isLogarithmic: Bool) {
    self.isLogarithmic = isLogarithmic
    let shown = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }.map { Axis.scale($0, isLogarithmic) }
    let (least, greatest) = (shown.min() ?? 0, shown.max() ?? 1)
    let margin = greatest > least ? 0.03 * (greatest - least) : 0.5
    low = least - margin
    high = greatest + margin
  }

  private static func scale(_ value: Double, _ isLogarithmic: Bool) -> Double {
    isLogarithmic ? naturalLogarithm(value) / naturalLogarithm(10) : value
  }

  func position(_ value: Double) -> Double? {
    guard value.isFinite, !isLogarithmic || value > 0 else { return nil }
    return (Axis.scale(value, isLogarithmic) - low) / (high - low)
  }

  var ticks: [Double] {
    let span = high - low
    if isLogarithmic, span > 1 {
      return (Int(low.rounded(.up))...Int(high.rounded(.down))).map { power(10, Double($0)) }
    }
    let raw = span / 5
    let unit = power(10, (naturalLogarithm(raw) / naturalLogarithm(10)).rounded(.down))
    let step = unit * ([1, 2, 5, 10].first { $0 * unit >= raw } ?? 10)
    let first = (low / step).rounded(.up)
    let places = stride(from: first, through: (high / step).rounded(.down), by: 1).map { $0 * step }
    return isLogarithmic ? places.map { power(10, $0) } : places
  }
}
