/// Text for a terminal.
package enum PlainText {
  /// The text with control characters written out as `\u{1B}`, but for line ends and tabs.
  ///
  /// Names come from files of strangers: raw, an escape sequence could clear the screen, change the window's title or
  /// hide what stands before it; and marks of writing direction could show a name backwards.
  package static func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isHidden) else { return text }
    return text.unicodeScalars.map { isHidden($0) ? "\\u{\(hexadecimal($0))}" : String($0) }.joined()
  }

  /// JSON text in which the control characters that JSON allows are escaped as well.
  package static func visible(json text: String) -> String {
    guard text.unicodeScalars.contains(where: isHidden) else { return text }
    return text.unicodeScalars.map { scalar in
      let digits = hexadecimal(scalar)
      return isHidden(scalar) ? "\\u" + String(repeating: "0", count: 4 - digits.count) + digits : String(scalar)
    }.joined()
  }

  private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
    String(scalar.value, radix: 16, uppercase: true)
  }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0x00...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
