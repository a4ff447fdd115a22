import Support

/// Curves over one pair of axes: a complete plot, or a part of a page.
///
///     var chart = LineChart(title: "Drift", xLabel: "generation", yLabel: "W2")
///     chart.add("raw", [(0, 0.25), (1, 0.31)])
///     chart.add("corrected", [(0, 0.25), (1, 0.24)])
///     try chart.svg.write(to: url, atomically: true, encoding: .utf8)
///
/// Points that an axis cannot show (not finite, or not positive on a logarithmic axis) are left out and the line is
/// broken there. The legend holds about ten names.
public struct LineChart: Sendable, Hashable, Encodable {
  /// One curve.
  public struct Series: Sendable, Hashable, Encodable {
    /// The name in the legend.
    public let name: String
    /// The horizontal values.
    public let x: [Double]
    /// The vertical values.
    public let y: [Double]
    /// The ends of the intervals around the vertical values; empty without intervals.
    var intervals: [ClosedRange<Double>] = []
    /// Which of the style sheet's colours.
    var colour = 0

    private enum CodingKeys: String, CodingKey { case name, x, y }
  }

  /// The title above the axes.
  public let title: String
  /// The name of the horizontal axis.
  public let xLabel: String
  /// The name of the vertical axis.
  public let yLabel: String
  /// Whether the horizontal axis is logarithmic.
  public var isXLogarithmic = false
  /// Whether the vertical axis is logarithmic.
  public var isYLogarithmic = false
  /// The curves.
  public private(set) var series: [Series] = []
  /// Lines across the chart.
  private var references: [Reference] = []

  private struct Reference: Hashable {
    let name: String
    let value: Double
  }

  private enum CodingKeys: String, CodingKey { case title, xLabel, yLabel, isXLogarithmic, isYLogarithmic, series }

  /// An empty chart.
  public init(title: String, xLabel: String, yLabel: String) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
  }

  /// Adds a curve.
  public mutating func add(_ name: String, _ points: [(Double, Double)]) {
    series.append(Series(name: name, x: points.map(\.0), y: points.map(\.1), colour: series.count))
  }

  /// Adds a curve of values at 0, 1, 2 ...
  public mutating func add(_ name: String, _ values: [Double]) {
    add(name, values.enumerated().map { (Double($0.offset), $0.element) })
  }

  /// Adds a curve with an interval around each point.
  package mutating func add(
    _ name: String, colour: Int, _ points: [(x: Double, value: Double, lower: Double, upper: Double)]
  ) {
    let known = points.filter { $0.value.isFinite }
    series.append(
      Series(
        name: name, x: known.map(\.x), y: known.map(\.value),
        intervals: known.map { min($0.lower, $0.value)...max($0.upper, $0.value) }, colour: colour))
  }

  /// Adds a line across the chart, such as what real motion scores.
  package mutating func addReference(_ name: String, at value: Double) {
    references.append(Reference(name: name, value: value))
  }

  // MARK: Drawing

  /// The drawing as a complete SVG file, 800 x 460, with title, names of the axes and legend.
  public var svg: String {
    let frame = ChartFrame(width: 800, height: 460, left: 70, right: 240, top: 40, bottom: 60)
    let x = Axis(around: series.flatMap(\.x), from: frame.left, to: frame.right, isLogarithmic: isXLogarithmic)
    let y = Axis(around: series.flatMap(\.y), from: frame.bottom, to: frame.top, isLogarithmic: isYLogarithmic)
    let middle = (frame.left + frame.right) / 2
    let parts =
      [
        Markup.element("style", [], Markup(raw: LineChart.style)),
        .element("rect", [("width", "800"), ("height", "460"), ("fill", "white")]),
        frame.text(middle, 24, title, kind: "title"), frame.text(middle, 440, xLabel, kind: ""),
        frame.text(18, 220, yLabel, kind: "", turned: true),
      ] + frame.columns(x, lines: true, label: Numbers.compact) + frame.rows(y, label: Numbers.compact)
      + series.map { curve($0, frame, x, y) } + legend(frame)
    let whole = Markup.element(
      "svg",
      [
        ("xmlns", "http://www.w3.org/2000/svg"), ("viewBox", "0 0 800 460"), ("font-family", "sans-serif"),
        ("font-size", "12"),
      ], parts)
    return whole.description + "\n"
  }

  /// The drawing for a page, over whole numbers, zero included; nothing if there is no point.
  package var figure: Markup? {
    let xs = series.flatMap(\.x)
    guard let first = xs.min(), let last = xs.max() else { return nil }
    let frame = ChartFrame(height: 240, right: 12, bottom: 28)
    let ends = series.flatMap(\.intervals).flatMap { [$0.lowerBound, $0.upperBound] }
    let heights = series.flatMap(\.y) + ends + references.map(\.value)
    let y = Axis(covering: heights.filter(\.isFinite), from: frame.bottom, to: frame.top, includingZero: true)
    let x = Axis(exactly: first...max(first + 1, last), from: frame.left, to: frame.right)
    let lines = references.compactMap { line in
      y(line.value).map {
        frame.line(
          frame.left, $0, frame.right, $0, kind: "reference", title: "\(line.name): \(Numbers.short(line.value))")
      }
    }
    let curves = series.flatMap { [band($0, frame, x, y), curve($0, frame, x, y)] + dots($0, frame, x, y) }
    return frame.svg(
      title: title,
      frame.rows(y) + frame.columns(x, at: x.wholeTicks, label: { String(Int($0)) }) + lines + curves)
  }

  private func curve(_ series: Series, _ frame: ChartFrame, _ x: Axis, _ y: Axis) -> Markup {
    let points = zip(series.x, series.y).map { a, b -> (x: Double, y: Double)? in
      guard let a = x(a), let b = y(b) else { return nil }
      return (a, b)
    }
    return frame.polyline(points, kind: "curve s\(series.colour)")
  }

  private func band(_ series: Series, _ frame: ChartFrame, _ x: Axis, _ y: Axis) -> Markup {
    let ends = zip(series.x, series.intervals).compactMap { place, interval in
      x(place).map { (x: $0, lower: y(interval.lowerBound) ?? 0, upper: y(interval.upperBound) ?? 0) }
    }
    let outline = ends.map { ($0.x, $0.upper) } + ends.reversed().map { ($0.x, $0.lower) }
    return frame.polygon(outline, kind: "band s\(series.colour)")
  }

  private func dots(_ series: Series, _ frame: ChartFrame, _ x: Axis, _ y: Axis) -> [Markup] {
    zip(zip(series.x, series.y), series.intervals).compactMap { point, interval in
      guard let a = x(point.0), let b = y(point.1) else { return nil }
      let text =
        "\(series.name), generation \(Int(point.0)): \(Numbers.short(point.1)) "
        + "(\(Numbers.short(interval.lowerBound)) to \(Numbers.short(interval.upperBound)))"
      return frame.dot(a, b, radius: "3.5", kind: "s\(series.colour)", title: text)
    }
  }

  private func legend(_ frame: ChartFrame) -> [Markup] {
    series.enumerated().flatMap { index, series in
      let y = frame.top + 12 + 18 * Double(index)
      return [
        frame.path("M\(frame.n(frame.right + 14)) \(frame.n(y)) h18", kind: "key s\(series.colour)"),
        frame.text(frame.right + 38, y + 4, series.name, anchor: "start", kind: ""),
      ]
    }
  }

  /// Okabe and Ito's palette, which colour-blind readers can distinguish, then two more.
  private static let style =
    ".grid{stroke:gainsboro}.title{font-size:15px}"
    + ".curve{fill:none;stroke-width:1.6;stroke-linejoin:round}.key{stroke-width:2.5}"
    + [
      "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999", "#7b4fa3", "#8c6d31",
    ].enumerated().map { ".s\($0.offset){stroke:\($0.element)}" }.joined()
}
