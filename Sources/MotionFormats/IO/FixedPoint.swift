/// Numbers as text that every reader of motion files understands: fixed point, no exponent, no locale.
enum FixedPoint {
  /// The largest magnitude that ``append(_:to:)`` writes.
  static let largest = 9e12

  /// Appends `value` with six decimals, `-0` as `0.000000`.
  ///
  /// - Precondition: Finite, of a magnitude up to ``largest``.
  static func append(_ value: Double, to text: inout [UInt8]) { append(value, parts: 1_000_000, to: &text) }

  /// Appends `value` with nine decimals.
  ///
  /// - Precondition: Finite, of a magnitude up to a thousandth of ``largest``.
  static func appendFine(_ value: Double, to text: inout [UInt8]) { append(value, parts: 1_000_000_000, to: &text) }

  /// - Parameter parts: Ten to the number of decimals.
  private static func append(_ value: Double, parts: UInt64, to text: inout [UInt8]) {
    let scaled = UInt64((abs(value) * Double(parts)).rounded())
    if value < 0 && scaled > 0 { text.append(0x2D) }
    appendInteger(scaled / parts, to: &text)
    text.append(0x2E)
    var divisor = parts / 10
    var rest = scaled % parts
    while divisor > 0 {
      text.append(0x30 + UInt8(truncatingIfNeeded: rest / divisor))
      rest %= divisor
      divisor /= 10
    }
  }

  private static func appendInteger(_ value: UInt64, to text: inout [UInt8]) {
    guard value >= 10 else { return text.append(0x30 + UInt8(truncatingIfNeeded: value)) }
    let start = text.count
    var rest = value
    while rest > 0 {
      text.append(0x30 + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    }
    text[start...].reverse()
  }

  /// The shortest digits that read back as exactly `value`, at least nine significant ones, without an exponent.
  ///
  /// - Precondition: Positive and finite.
  static func exact(_ value: Double) -> String {
    // Swift's description is the shortest text that round-trips: `0.0083333`, `1e-07`, `3e+20`.
    let parts = value.description.split(separator: "e")
    var digits = Array(parts[0].filter { $0 != "." })
    let point =
      parts[0].firstIndex(of: ".").map { parts[0].distance(from: parts[0].startIndex, to: $0) } ?? digits.count
    var exponent = point + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    while digits.count > 1, digits[0] == "0" {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.count < max(9, exponent) { digits.append("0") }
    if exponent <= 0 { return "0." + String(repeating: "0", count: -exponent) + String(digits) }
    let (whole, fraction) = (String(digits.prefix(exponent)), String(digits.dropFirst(exponent)))
    return fraction.isEmpty ? whole + ".0" : "\(whole).\(fraction)"
  }
}
