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

/// The shapes of a small font of strokes, for labels in pictures.
///
/// A glyph is a text of lines, parted by blanks; a line is a row of points, two digits each: across from 0 to 4, and up
/// from 0, the foot of descenders, over 2, the base line, and 6, the height of small letters, to 8. A line of one place
/// is a dot.
enum Glyphs {
  static let lines: [Character: String] = [
    "a": "4536160503123243 4642", "b": "0802 0516364543321203", "c": "4536160503123243", "d": "4536160503123243 4842",
    "e": "04444536160503123243", "f": "38281712 0636", "g": "4536160503123243 4641301001", "h": "0802 0516364542",
    "i": "2622 2828", "j": "26211000 2828", "k": "0802 4604 2542", "l": "2822", "m": "0602 05162522 25364542",
    "n": "0602 0516364542", "o": "160503123243453616", "p": "0600 0516364543321203", "q": "4640 4536160503123243",
    "r": "0602 051636", "s": "45361605143443321203", "t": "18132232 0636", "u": "0603123243 4642", "v": "062246",
    "w": "0612253246", "x": "0642 4602", "y": "0603123243 4641301001", "z": "06460242",
    "A": "022842 1434", "B": "02083847463505 3544433202", "C": "4738180703123243", "D": "02083847433202",
    "E": "48080242 0535", "F": "480802 0535", "G": "47381807031232434525", "H": "0802 4842 0545", "I": "2822 1838 1232",
    "J": "4843321203", "K": "0802 4804 1542", "L": "080242", "M": "0208254842", "N": "02084248",
    "O": "180703123243473818", "P": "02083847463505", "Q": "180703123243473818 2442", "R": "02083847463505 2542",
    "S": "473818070615354443321203", "T": "0848 2822", "U": "080312324348", "V": "082248", "W": "0812263248",
    "X": "0842 4802", "Y": "082548 2522", "Z": "08480242",
    "0": "180703123243473818 1337", "1": "172822 1232", "2": "07183847460242", "3": "07183847463515 354443321203",
    "4": "32380444", "5": "480805354443321203", "6": "38180703123243443505", "7": "084812",
    "8": "153546473818070615 1504031232434435", "9": "12324347381807061545",
    "-": "1535", "_": "0141", ".": "1212", ",": "1211", ":": "1212 1515", "/": "0148", "(": "28161422", ")": "18262412",
    "+": "0545 2327", "@": "35331315353343473818070312 1232", "#": "1218 3238 0444 0646", "=": "0444 0646", "'": "1817",
  ]

  /// A box, for letters that the font lacks.
  static let unknown = "0208484202"
}
