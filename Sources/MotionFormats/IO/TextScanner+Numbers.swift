import Foundation
import Support

extension TextScanner {
  /// The number on this or a following line; `what` names it in errors.
  mutating func number(_ what: @autoclosure () -> String) throws(SurefootError) -> Double {
    skipSpace()
    return try numberHere(what())
  }

  /// The number that begins here, in any locale: `-1`, `.5`, `5.`, `1e-05`.
  mutating func numberHere(_ what: @autoclosure () -> String) throws(SurefootError) -> Double {
    let word = wordHere()
    guard let value = Decimal.parse(bytes, word.range) else { throw notANumber(word, what()) }
    return value
  }

  /// A whole number that fits.
  mutating func wholeNumber(_ what: @autoclosure () -> String) throws(SurefootError) -> (value: Int, place: Place) {
    skipSpace()
    let place = place
    let value = try numberHere(what())
    guard value == value.rounded(), abs(value) <= 9e15 else {
      throw error("\(what()) is not a whole number in range", suggestion: "write it as digits alone", at: place)
    }
    return (Int(value), place)
  }

  private func notANumber(_ word: Word, _ what: String) -> SurefootError {
    let text = text(word)
    let lower = text.lowercased()
    if word.range.isEmpty {
      return error(
        "\(what) is missing", suggestion: "the file may be cut off: fetch or export it again", at: word.place)
    }
    if lower.contains("nan") || lower.contains("inf") || lower.contains("#") || Double(text) != nil {
      return error(
        "\(what) is not a finite number (\(quoted(word)))", suggestion: "repair the frame in the program that wrote it",
        at: word.place)
    }
    let point = text.replacingOccurrences(of: ",", with: ".")
    if text.contains(","), Double(point.hasSuffix(".") ? String(point.dropLast()) : point) != nil {
      return error(
        "\(what) is written with a decimal comma (\(quoted(word)))",
        suggestion: "write decimal points, or export again",
        at: word.place)
    }
    return error("\(what) is not a number (\(quoted(word)))", suggestion: "write a decimal number here", at: word.place)
  }
}

/// Decimal numbers in ASCII to the nearest Double and nothing else: no locale, no hexadecimal, no `nan`.
enum Decimal {
  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]

  /// The value of exactly these bytes; `nil` if they are no decimal number or it is too large for a Double.
  static func parse(_ bytes: [UInt8], _ range: Range<Int>) -> Double? {
    var index = range.lowerBound
    let end = range.upperBound
    var negative = false
    if index < end, bytes[index] == 0x2D || bytes[index] == 0x2B {
      negative = bytes[index] == 0x2D
      index += 1
    }
    var mantissa: UInt64 = 0
    var (digits, scale, anyDigit, pastPoint) = (0, 0, false, false)
    while index < end {
      let byte = bytes[index]
      if byte >= 0x30 && byte <= 0x39 {
        anyDigit = true
        if digits < 19 {
          mantissa = mantissa &* 10 &+ UInt64(byte &- 0x30)
          if mantissa != 0 { digits += 1 }
          if pastPoint { scale -= 1 }
        } else {
          digits += 1
          if !pastPoint { scale += 1 }
        }
      } else if byte == 0x2E && !pastPoint {
        pastPoint = true
      } else {
        break
      }
      index += 1
    }
    guard anyDigit else { return nil }
    if index < end {
      guard let exponent = exponent(bytes, index..<end) else { return nil }
      scale += exponent
    }
    if mantissa == 0 { return negative ? -0.0 : 0 }
    // Both factors are exact, so one rounding gives the nearest Double (Clinger's fast path).
    if digits <= 19, mantissa < 1 << 53, abs(scale) <= 22 {
      let value = scale < 0 ? Double(mantissa) / powers[-scale] : Double(mantissa) * powers[scale]
      return negative ? -value : value
    }
    guard let value = Double(String(decoding: bytes[range], as: UTF8.self)), value.isFinite else { return nil }
    return value
  }

  /// The value of `e-05`, held within what any Double can need.
  private static func exponent(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
    var index = range.lowerBound
    guard bytes[index] | 0x20 == 0x65 else { return nil }
    index += 1
    var negative = false
    if index < range.upperBound, bytes[index] == 0x2D || bytes[index] == 0x2B {
      negative = bytes[index] == 0x2D
      index += 1
    }
    guard index < range.upperBound else { return nil }
    var value = 0
    while index < range.upperBound {
      guard bytes[index] >= 0x30 && bytes[index] <= 0x39 else { return nil }
      value = min(value * 10 + Int(bytes[index] - 0x30), 100_000)
      index += 1
    }
    return negative ? -value : value
  }
}
