import Foundation
import Support

/// A small CSV file with a header, whose errors name the line and column.
///
/// Blank lines and those that begin with `#` are left out; spaces around a value do not count.
struct ConstraintTable {
  struct Row {
    let line: Int
    /// The values with the columns where they start, from 1.
    let cells: [(text: Substring, column: Int)]
  }

  let file: String
  let names: [String]
  let rows: [Row]

  /// - Parameters:
  ///   - allowed: The columns that there may be.
  ///   - required: Those that there must be.
  init(_ text: String, file: String, allowed: [String], required: [String]) throws(SurefootError) {
    self.file = file
    var rows: [Row] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let content = line.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
      guard let first = content.first, first != "#" else { continue }
      rows.append(Row(line: index + 1, cells: CSVText.cells(of: line)))
    }
    let listed = "the first line names the columns: " + allowed.joined(separator: ",")
    guard let header = rows.first else {
      throw SurefootError(file: file, message: "holds no table", suggestion: listed)
    }
    names = header.cells.map { $0.text.lowercased() }
    for (name, cell) in zip(names, header.cells) where !allowed.contains(name) {
      throw SurefootError(
        file: file, line: header.line, column: cell.column, message: "there is no column '\(name.prefix(40))'",
        suggestion: listed)
    }
    for name in required where !names.contains(name) {
      throw SurefootError(file: file, line: header.line, message: "lacks the column \(name)", suggestion: listed)
    }
    guard Set(names).count == names.count else {
      throw SurefootError(file: file, line: header.line, message: "names a column twice", suggestion: listed)
    }
    self.rows = Array(rows.dropFirst())
    for row in self.rows where row.cells.count != names.count {
      throw SurefootError(
        file: file, line: row.line, message: "has \(row.cells.count) values, the header \(names.count)",
        suggestion: "give one value a column; leave a value empty rather than out")
    }
    guard !self.rows.isEmpty else {
      throw SurefootError(file: file, message: "has no rows below its header", suggestion: "add a row for each place")
    }
    guard self.rows.count <= 100_000 else {
      throw SurefootError(file: file, message: "has \(self.rows.count) rows", suggestion: "100000 are the most")
    }
  }

  /// The text of a row's column; `nil` where the value is empty or the column is not there.
  func text(_ row: Row, _ name: String) -> (text: Substring, column: Int)? {
    guard let index = names.firstIndex(of: name), !row.cells[index].text.isEmpty else { return nil }
    return row.cells[index]
  }

  /// The number in a row's column.
  func number(_ row: Row, _ name: String) throws(SurefootError) -> Double? {
    guard let cell = text(row, name) else { return nil }
    guard let value = Double(cell.text), value.isFinite, abs(value) < 1e6 else {
      throw fault(row, cell.column, "'\(cell.text.prefix(40))' is no usable number")
    }
    return value
  }

  /// The number in a row's column, which must be there.
  func required(_ row: Row, _ name: String) throws(SurefootError) -> Double {
    guard let value = try number(row, name) else { throw fault(row, nil, "has no value for \(name)") }
    return value
  }

  func fault(_ row: Row, _ column: Int?, _ message: String, _ suggestion: String? = nil) -> SurefootError {
    SurefootError(file: file, line: row.line, column: column, message: message, suggestion: suggestion)
  }
}
