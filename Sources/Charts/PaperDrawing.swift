import Foundation
import Support

/// Lines, areas and words on a small page, written as SVG or as PDF, for figures of papers.
///
/// Points of 1/72 inch, the origin at the top left, as SVG has it. Text is Helvetica, which both formats have without
/// embedding; letters outside of Latin-1 become question marks in the PDF.
struct PaperDrawing {
  /// A colour's parts, 0 to 255.
  struct Colour {
    let (red, green, blue): (Int, Int, Int)

    init(_ red: Int, _ green: Int, _ blue: Int) { (self.red, self.green, self.blue) = (red, green, blue) }

    static let black = Colour(0, 0, 0)
    static let grey = Colour(110, 110, 110)
    static let light = Colour(214, 214, 214)

    var web: String { String(format: "#%02x%02x%02x", red, green, blue) }
    var shares: String { [red, green, blue].map { Numbers.fixed(Double($0) / 255, digits: 3) }.joined(separator: " ") }
  }

  /// Where a text's place is.
  enum Anchor: String { case start, middle, end }

  private enum Shape {
    case line([(Double, Double)], width: Double, Colour, dash: [Double])
    case area([(Double, Double)], Colour, opacity: Double)
    case text(Double, Double, String, size: Double, Anchor, Colour, isTurned: Bool)
  }

  let width: Double
  let height: Double
  private var shapes: [Shape] = []

  init(width: Double, height: Double) { (self.width, self.height) = (width, height) }

  /// A line through points. Without two of them there is nothing to draw.
  mutating func line(_ points: [(Double, Double)], width: Double, _ colour: Colour, dash: [Double] = []) {
    if points.count > 1 { shapes.append(.line(points, width: width, colour, dash: dash)) }
  }

  mutating func area(_ points: [(Double, Double)], _ colour: Colour, opacity: Double) {
    if points.count > 2 { shapes.append(.area(points, colour, opacity: opacity)) }
  }

  mutating func text(
    _ x: Double, _ y: Double, _ text: String, size: Double = 7, anchor: Anchor = .start, _ colour: Colour = .black,
    isTurned: Bool = false
  ) {
    shapes.append(.text(x, y, text, size: size, anchor, colour, isTurned: isTurned))
  }

  /// A text's width [points].
  static func width(of text: String, size: Double) -> Double {
    latin(text).reduce(0) { $0 + Double(width(of: $1)) } * size / 1000
  }

  // MARK: SVG

  var svg: String {
    let parts = shapes.map { shape -> Markup in
      switch shape {
      case .line(let points, let width, let colour, let dash):
        .element(
          "polyline",
          [
            ("points", Self.list(points)), ("fill", "none"), ("stroke", colour.web), ("stroke-width", Self.n(width)),
            ("stroke-linejoin", "round"),
          ] + (dash.isEmpty ? [] : [("stroke-dasharray", dash.map(Self.n).joined(separator: " "))]))
      case .area(let points, let colour, let opacity):
        .element(
          "polygon", [("points", Self.list(points)), ("fill", colour.web), ("fill-opacity", Self.n(opacity))])
      case .text(let x, let y, let text, let size, let anchor, let colour, let isTurned):
        .element(
          "text",
          [
            ("x", Self.n(x)), ("y", Self.n(y)), ("font-size", Self.n(size)), ("text-anchor", anchor.rawValue),
            ("fill", colour.web),
          ] + (isTurned ? [("transform", "rotate(-90 \(Self.n(x)) \(Self.n(y)))")] : []), Markup(text))
      }
    }
    let whole = Markup.element(
      "svg",
      [
        ("xmlns", "http://www.w3.org/2000/svg"), ("width", "\(Self.n(width))pt"), ("height", "\(Self.n(height))pt"),
        ("viewBox", "0 0 \(Self.n(width)) \(Self.n(height))"), ("font-family", "Helvetica, Arial, sans-serif"),
      ], parts)
    return whole.description + "\n"
  }

  private static func list(_ points: [(Double, Double)]) -> String {
    points.map { "\(n($0.0)),\(n($0.1))" }.joined(separator: " ")
  }

  private static func n(_ value: Double) -> String { Numbers.fixed(value, digits: 2) }

  // MARK: PDF

  /// A PDF file of one page that is as large as the drawing. The same drawing gives the same bytes.
  var pdf: Data {
    var opacities: [Double] = []
    let content = shapes.map { operators(of: $0, &opacities) }.joined()
    let states = opacities.enumerated().map { "/A\($0.offset) << /ca \(Self.n($0.element)) >>" }.joined(separator: " ")
    let objects = [
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 \(Self.n(width)) \(Self.n(height))] /Contents 4 0 R "
        + "/Resources << /Font << /F 5 0 R >> /ExtGState << \(states) >> >> >>",
      "<< /Length \(Self.latin(content).count) >>\nstream\n\(content)\nendstream",
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    var bytes = Self.latin("%PDF-1.4\n")
    var places: [Int] = []
    for (index, object) in objects.enumerated() {
      places.append(bytes.count)
      bytes += Self.latin("\(index + 1) 0 obj\n\(object)\nendobj\n")
    }
    let table = places.map { String(format: "%010d 00000 n \n", $0) }.joined()
    bytes += Self.latin(
      "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n\(table)trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\n"
        + "startxref\n\(bytes.count)\n%%EOF\n")
    return Data(bytes)
  }

  private func operators(of shape: Shape, _ opacities: inout [Double]) -> String {
    func path(_ points: [(Double, Double)]) -> String {
      points.enumerated().map { index, point in
        "\(Self.n(point.0)) \(Self.n(height - point.1)) \(index == 0 ? "m" : "l")"
      }.joined(separator: " ")
    }
    switch shape {
    case .line(let points, let width, let colour, let dash):
      let dashes = "[\(dash.map(Self.n).joined(separator: " "))] 0 d"
      return "\(colour.shares) RG \(Self.n(width)) w 1 j \(dashes) \(path(points)) S\n"
    case .area(let points, let colour, let opacity):
      let index = opacities.firstIndex(of: opacity) ?? opacities.count
      if index == opacities.count { opacities.append(opacity) }
      return "q /A\(index) gs \(colour.shares) rg \(path(points)) h f Q\n"
    case .text(let x, let y, let text, let size, let anchor, let colour, let isTurned):
      let back = Self.width(of: text, size: size) * (anchor == .end ? 1 : anchor == .middle ? 0.5 : 0)
      let (a, b) = isTurned ? (x, height - y - back) : (x - back, height - y)
      let turn = isTurned ? "0 1 -1 0" : "1 0 0 1"
      let escaped = text.map { "\\()".contains($0) ? "\\\($0)" : "\($0)" }.joined()
      return "BT \(colour.shares) rg /F \(Self.n(size)) Tf \(turn) \(Self.n(a)) \(Self.n(b)) Tm (\(escaped)) Tj ET\n"
    }
  }

  /// One byte a letter.
  private static func latin(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { $0.value < 256 ? UInt8($0.value) : UInt8(ascii: "?") }
  }

  /// Helvetica's widths of the letters from space to tilde, in thousandths of the size; others are taken as digits.
  private static func width(of byte: UInt8) -> Int {
    (32..<127).contains(byte) ? widths[Int(byte) - 32] : 556
  }

  private static let widths = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
  ]
}
