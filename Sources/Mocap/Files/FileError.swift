/// A file that cannot be used: what is wrong, where, and what would mend it.
public struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file's path.
  public var file: String
  /// The line, from 1, where the fault was met.
  public var line: Int?
  /// The column, from 1, where the fault was met.
  public var column: Int?
  /// What is wrong, in one clause.
  public var problem: String
  /// What the user can do about it, in one clause.
  public var mend: String?

  /// An error by its parts.
  public init(file: String, line: Int? = nil, column: Int? = nil, problem: String, mend: String? = nil) {
    self.file = file
    self.line = line
    self.column = column
    self.problem = problem
    self.mend = mend
  }

  /// `file:line:column: problem; mend`.
  public var description: String {
    let place = [file, line.map(String.init), column.map(String.init)].compactMap { $0 }.joined(separator: ":")
    return "\(place): \(problem)" + (mend.map { "; \($0)" } ?? "")
  }
}
