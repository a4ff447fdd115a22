/// Lines of comma-separated values.
///
///     CSVText.quoted("hips, left")                    // "hips, left" in quotes
///     CSVText.cells(of: "0.5, LeftHand,")             // ("0.5", 1), ("LeftHand", 6), ("", 15)
package enum CSVText {
  /// A field as it is written: in quotes where RFC 4180 asks for them.
  package static func quoted(_ field: String) -> String {
    guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }

  /// The fields of a line without quotes, with the columns where they begin, from 1. Spaces around a field and a byte
  /// order mark do not count.
  package static func cells(of line: Substring) -> [(text: Substring, column: Int)] {
    var (cells, column) = ([(text: Substring, column: Int)](), 1)
    for part in line.split(separator: ",", omittingEmptySubsequences: false) {
      let head = part.prefix { $0.isWhitespace || $0 == "\u{FEFF}" }.count
      var text = part.dropFirst(head)
      while text.last?.isWhitespace == true { text.removeLast() }
      cells.append((text, column + head))
      column += part.count + 1
    }
    return cells
  }
}
