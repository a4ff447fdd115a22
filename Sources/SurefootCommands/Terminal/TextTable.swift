/// A plain table: the first column flush left, the others flush right, two blanks between.
package struct TextTable {
  private let header: [String]
  private var rows: [[String]] = []

  package init(_ header: [String]) { self.header = header }

  /// Adds a row of as many cells as the header has.
  package mutating func add(_ cells: [String]) {
    precondition(cells.count == header.count, "a row has as many cells as the header")
    rows.append(cells)
  }

  /// The table's text, without a final line break.
  package var text: String {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    let lines = all.map { cells in
      cells.enumerated().map { column, cell in
        let blanks = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + blanks : blanks + cell
      }.joined(separator: "  ")
    }
    return ([lines[0], String(repeating: "-", count: lines[0].count)] + lines.dropFirst()).joined(separator: "\n")
  }
}
