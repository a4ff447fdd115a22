/// A plain table: the first column flush left, the others flush right, two blanks between.
package struct TextTable {
  private let header: [String]
  private let keys: Int
  private var rows: [[String]] = []

  /// - Parameter keys: How many of the first columns say what a row is: they stand again where a table is parted.
  package init(_ header: [String], keys: Int = 1) {
    self.header = header
    self.keys = keys
  }

  /// Adds a row of as many cells as the header has.
  package mutating func add(_ cells: [String]) {
    precondition(cells.count == header.count, "a row has as many cells as the header")
    rows.append(cells)
  }

  /// The table's text, without a final line break.
  package var text: String { text(width: nil) }

  /// The table's text. Where it is wider than so many characters, the first column is shortened in the middle, and the
  /// columns that still find no place follow below in a second table.
  package func text(width: Int?) -> String {
    var all = [header] + rows
    var widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    guard let width, !widths.isEmpty else { return Self.lines(all, Array(header.indices), widths) }
    let others = widths.dropFirst().reduce(0) { $0 + $1 + 2 }
    widths[0] = min(widths[0], max(ShortenedPath.least, width - others))
    for row in all.indices { all[row][0] = ShortenedPath.fit(all[row][0], width: widths[0]) }
    let fixed = widths.prefix(keys).reduce(-2) { $0 + $1 + 2 }
    var parts: [[Int]] = [Array(header.indices.prefix(keys))]
    var taken = fixed
    for column in header.indices.dropFirst(keys) {
      if taken + 2 + widths[column] > width, parts[parts.count - 1].count > keys {
        parts.append(Array(header.indices.prefix(keys)))
        taken = fixed
      }
      parts[parts.count - 1].append(column)
      taken += 2 + widths[column]
    }
    return parts.map { Self.lines(all, $0, widths) }.joined(separator: "\n\n")
  }

  private static func lines(_ all: [[String]], _ columns: [Int], _ widths: [Int]) -> String {
    let lines = all.map { cells in
      columns.map { column in
        let blanks = String(repeating: " ", count: widths[column] - cells[column].count)
        return column == 0 ? cells[column] + blanks : blanks + cells[column]
      }.joined(separator: "  ")
    }
    return ([lines[0], String(repeating: "-", count: lines[0].count)] + lines.dropFirst()).joined(separator: "\n")
  }
}

/// Paths that are cut in the middle to fit a column: a path's beginning and its file's name tell most.
enum ShortenedPath {
  /// No column of paths is narrower [characters].
  static let least = 12

  /// The text itself if it fits, else its ends with an ellipsis between.
  static func fit(_ text: String, width: Int) -> String {
    guard text.count > width, width > 1 else { return text }
    let name = text.lastIndex(of: "/").map { text[$0...] } ?? ""
    // A name that leaves less than two characters of the folder is cut itself.
    let tail = !name.isEmpty && name.count + 3 <= width ? name.count : (width - 1) / 2
    return text.prefix(width - 1 - tail) + "…" + text.suffix(tail)
  }
}
