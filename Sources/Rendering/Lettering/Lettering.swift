import Foundation

/// Text in a picture, by the strokes of ``Glyphs``.
struct Lettering {
  private struct Stroke {
    var a: SIMD2<Double>
    var b: SIMD2<Double>
  }

  /// How far the text reaches [pixels].
  let width: Double
  /// From the foot of descenders to the top of capitals [pixels].
  let height: Double
  private let strokes: [Stroke]
  private let radius: Double

  /// - Parameters:
  ///   - text: Letters with accents lose them; letters that the font has not become boxes.
  ///   - height: Pixels from the foot of descenders to the top of capitals.
  init(_ text: String, height: Double) {
    let unit = height / 8
    var (strokes, x) = ([Stroke](), 0.0)
    for character in text.folding(options: .diacriticInsensitive, locale: nil) {
      let lines = character == " " ? [] : Self.lines(of: character)
      let points = lines.flatMap { $0 }
      guard let left = points.map(\.x).min(), let right = points.map(\.x).max() else {
        x += 3 * unit
        continue
      }
      for line in lines {
        let placed = line.map { SIMD2(x + ($0.x - left) * unit, $0.y * unit) }
        if placed.count == 1 { strokes.append(Stroke(a: placed[0], b: placed[0])) }
        strokes += zip(placed, placed.dropFirst()).map { Stroke(a: $0, b: $1) }
      }
      x += (right - left + 1.9) * unit
    }
    self.strokes = strokes
    self.height = height
    width = max(0, x - 1.9 * unit)
    radius = max(0.55, 0.42 * unit)
  }

  private static func lines(of character: Character) -> [[SIMD2<Double>]] {
    (Glyphs.lines[character] ?? Glyphs.unknown).split(separator: " ").map { line in
      let digits = line.compactMap(\.wholeNumberValue).map(Double.init)
      return stride(from: 0, to: digits.count - 1, by: 2).map { SIMD2(digits[$0], digits[$0 + 1]) }
    }
  }

  /// A text that is at most so wide: its middle is left out where it is too long.
  static func fitting(_ text: String, height: Double, width: Double) -> Lettering {
    var kept = text.count
    while true {
      let shown = kept == text.count ? text : "\(text.prefix((kept + 1) / 2))..\(text.suffix(kept / 2))"
      let lettering = Lettering(shown, height: height)
      if lettering.width <= width || kept <= 2 { return lettering }
      kept -= 1
    }
  }

  /// Draws the text.
  ///
  /// - Parameters:
  ///   - left: The text's left edge [pixels].
  ///   - top: The top of capitals [pixels].
  func draw(on picture: inout Picture, left: Double, top: Double, colour: SIMD3<Float> = Palette.text) {
    let origin = SIMD2(left, top + height)
    let rows = (0..<picture.height).clamped(to: Int(top) - 2..<Int(top + height) + 3)
    let columns = (0..<picture.width).clamped(to: Int(left) - 2..<Int(left + width) + 3)
    for y in rows {
      for x in columns {
        let here = SIMD2(Double(x) + 0.5 - origin.x, origin.y - Double(y) - 0.5)
        let distance = strokes.reduce(Double.infinity) { min($0, Self.distance(here, $1)) }
        let cover = Float(min(max(radius + 0.5 - distance, 0), 1))
        guard cover > 0 else { continue }
        let at = 3 * (y * picture.width + x)
        for channel in 0..<3 {
          let under = Float(picture.bytes[at + channel]) / 255
          picture.bytes[at + channel] = UInt8(((under + (colour[channel] - under) * cover) * 255).rounded())
        }
      }
    }
  }

  private static func distance(_ point: SIMD2<Double>, _ stroke: Stroke) -> Double {
    let way = stroke.b - stroke.a
    let length = (way * way).sum()
    let share = length > 0 ? min(max(((point - stroke.a) * way).sum() / length, 0), 1) : 0
    let away = point - stroke.a - way * share
    return (away * away).sum().squareRoot()
  }
}
