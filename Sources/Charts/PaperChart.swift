public import Foundation
import Support

/// Curves with bands over whole numbers, as wide as a column of a paper, as SVG and PDF.
///
///     var chart = PaperChart(xLabel: "generation", yLabel: "FID")
///     chart.add("raw", [(0, 1.2, 1.1, 1.3), (1, 1.9, 1.7, 2.1)])
///     try chart.pdf.write(to: url)
///
/// 84 mm wide, letters of 7 points, colours that colour-blind readers can tell apart, and a dash pattern a curve for print in
/// grey. Points that are not finite are left out.
public struct PaperChart: Sendable {
  private struct Series {
    let name: String
    let points: [(x: Double, value: Double, lower: Double, upper: Double)]
  }

  private let xLabel: String
  private let yLabel: String
  private var series: [Series] = []
  private var references: [(name: String, value: Double)] = []

  /// An empty chart.
  public init(xLabel: String, yLabel: String) { (self.xLabel, self.yLabel) = (xLabel, yLabel) }

  /// Adds a curve with a band from `lower` to `upper`.
  public mutating func add(
    _ name: String, _ points: [(x: Double, value: Double, lower: Double, upper: Double)]
  ) {
    series.append(
      Series(
        name: name,
        points: points.filter { $0.x.isFinite && $0.value.isFinite && $0.lower.isFinite && $0.upper.isFinite }))
  }

  /// Adds a dashed line across the chart, such as what real motion scores.
  public mutating func addReference(_ name: String, at value: Double) {
    if value.isFinite { references.append((name, value)) }
  }

  /// Whether there is anything to draw.
  public var isEmpty: Bool { series.allSatisfy(\.points.isEmpty) }

  /// The drawing as an SVG file.
  public var svg: String { drawing.svg }

  /// The drawing as a PDF file of one page.
  public var pdf: Data { drawing.pdf }

  /// Okabe and Ito's palette.
  private static let colours = [
    PaperDrawing.Colour(0, 114, 178), .init(213, 94, 0), .init(0, 158, 115), .init(204, 121, 167), .init(230, 159, 0),
    .init(86, 180, 233), .init(0, 0, 0), .init(140, 109, 49),
  ]
  private static let dashes: [[Double]] = [[], [4, 1.5], [1, 1.2], [5, 1.5, 1, 1.5], [2.5, 1.2]]
  private static let width = 238.0

  private var drawing: PaperDrawing {
    let names = series.map(\.name) + references.map(\.name)
    let rows = Self.rows(of: names)
    let top = 6 + 9 * Double(rows.count)
    let (left, right, bottom) = (34.0, Self.width - 6, top + 118)
    var drawing = PaperDrawing(width: Self.width, height: bottom + 26)
    let values = series.flatMap { $0.points.flatMap { [$0.lower, $0.upper] } } + references.map(\.value)
    let xs = series.flatMap { $0.points.map(\.x) }
    let (first, last) = (xs.min() ?? 0, xs.max() ?? 1)
    let y = Axis(covering: values, from: bottom, to: top, includingZero: true)
    let x = Axis(exactly: first...max(first + 1, last), from: left, to: right)
    for tick in y.ticks {
      guard let place = y(tick) else { continue }
      drawing.line([(left, place), (right, place)], width: 0.4, .light)
      drawing.text(left - 3, place + 2.4, Numbers.short(tick), anchor: .end)
    }
    for tick in x.wholeTicks {
      guard let place = x(tick) else { continue }
      drawing.line([(place, bottom), (place, bottom + 2.5)], width: 0.5, .black)
      drawing.text(place, bottom + 10, String(Int(tick)), anchor: .middle)
    }
    drawing.line([(left, bottom), (right, bottom)], width: 0.6, .black)
    drawing.text((left + right) / 2, bottom + 20, xLabel, anchor: .middle)
    drawing.text(9, (top + bottom) / 2, yLabel, anchor: .middle, isTurned: true)
    for line in references {
      guard let place = y(line.value) else { continue }
      drawing.line([(left, place), (right, place)], width: 0.8, .grey, dash: [2, 2])
    }
    for (index, one) in series.enumerated() {
      let ends = one.points.compactMap { point in
        x(point.x).map { ($0, y(point.lower) ?? bottom, y(point.upper) ?? top) }
      }
      let outline = ends.map { ($0.0, $0.2) } + ends.reversed().map { ($0.0, $0.1) }
      drawing.area(outline, Self.colours[index % Self.colours.count], opacity: 0.18)
    }
    for (index, one) in series.enumerated() {
      let points = one.points.compactMap { point -> (Double, Double)? in
        guard let a = x(point.x), let b = y(point.value) else { return nil }
        return (a, b)
      }
      drawing.line(
        points, width: 1.1, Self.colours[index % Self.colours.count], dash: Self.dashes[index % Self.dashes.count])
    }
    drawLegend(rows, &drawing)
    return drawing
  }

  /// Names in rows that fit the width: each is a key, a gap and the name.
  private static func rows(of names: [String]) -> [[Int]] {
    var rows: [[Int]] = []
    var used = 0.0
    for (index, name) in names.enumerated() {
      let width = 24 + PaperDrawing.width(of: name, size: 7)
      if rows.isEmpty || used + width > Self.width - 12 {
        rows.append([])
        used = 0
      }
      rows[rows.count - 1].append(index)
      used += width
    }
    return rows
  }

  private func drawLegend(_ rows: [[Int]], _ drawing: inout PaperDrawing) {
    for (row, indices) in rows.enumerated() {
      var x = 6.0
      let y = 8 + 9 * Double(row)
      for index in indices {
        let isCurve = index < series.count
        let name = isCurve ? series[index].name : references[index - series.count].name
        drawing.line(
          [(x, y - 2.4), (x + 14, y - 2.4)], width: isCurve ? 1.1 : 0.8,
          isCurve ? Self.colours[index % Self.colours.count] : .grey,
          dash: isCurve ? Self.dashes[index % Self.dashes.count] : [2, 2])
        drawing.text(x + 17, y, name)
        x += 24 + PaperDrawing.width(of: name, size: 7)
      }
    }
  }
}
