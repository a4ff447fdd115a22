/// Curves over one pair of axes, drawn as an SVG file that stands alone.
///
///     var chart = LineChart(title: "Drift", xLabel: "generation", yLabel: "W2")
///     chart.add("raw", [(0, 0.25), (1, 0.31)])
///     chart.add("corrected", [(0, 0.25), (1, 0.24)])
///     try chart.svg.write(to: url, atomically: true, encoding: .utf8)
///
/// Points that an axis cannot show (not finite, or not positive on a logarithmic axis) are left out and the line is
/// broken there. Not guaranteed: room for more than about ten names in the legend.
public struct LineChart: Sendable, Hashable, Encodable {
  /// One curve.
  public struct Series: Sendable, Hashable, Encodable {
    /// The name in the legend.
    public let name: String
    /// The horizontal values.
    public let x: [Double]
    /// The vertical values.
    public let y: [Double]
  }

  /// The title above the axes.
  public let title: String
  /// The horizontal axis.
  public let xLabel: String
  /// The vertical axis.
  public let yLabel: String
  /// Whether the horizontal axis is logarithmic.
  public var isXLogarithmic = false
  /// Whether the vertical axis is logarithmic.
  public var isYLogarithmic = false
  /// The curves.
  public private(set) var series: [Series] = []

  /// An empty chart.
  public init(title: String, xLabel: String, yLabel: String) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
  }

  /// Adds a curve.
  public mutating func add(_ name: String, _ points: [(Double, Double)]) {
    series.append(Series(name: name, x: points.map(\.0), y: points.map(\.1)))
  }

  /// Adds a curve of values at 0, 1, 2 ...
  public mutating func add(_ name: String, _ values: [Double]) {
    add(name, values.enumerated().map { (Double($0.offset), $0.element) })
  }

  /// The drawing, 800 x 460.
  public var svg: String { ChartDrawing(self).text }
}
