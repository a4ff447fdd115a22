import CSQLite
import Support

/// A new SQLite database that rows are inserted into.
///
/// One transaction, which ``close()`` commits. Not for concurrent use.
final class SQLiteDatabase {
  /// A column's value.
  enum Value {
    case null
    case integer(Int)
    case real(Double)
    case text(String)
  }

  private var connection: OpaquePointer?
  private let path: String
  /// The prepared INSERT of each table.
  private var inserts: [String: OpaquePointer] = [:]

  /// Creates a database, runs a script in it, and begins the transaction.
  init(creating path: String, schema: String) throws(SurefootError) {
    self.path = path
    try check(sqlite3_open_v2(path, &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil))
    // The file is renamed once it is complete: no journal beside it, no waiting for the disk.
    try execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;")
    try execute(schema)
  }

  /// Runs SQL that gives no rows.
  func execute(_ sql: String) throws(SurefootError) { try check(sqlite3_exec(connection, sql, nil, nil, nil)) }

  /// Inserts a row, a value for each column of the table in order.
  func insert(into table: String, _ values: [Value]) throws(SurefootError) {
    let statement = try prepared(table, columns: values.count)
    for (offset, value) in values.enumerated() {
      let column = Int32(offset + 1)
      let code =
        switch value {
        case .null: sqlite3_bind_null(statement, column)
        case .integer(let number): sqlite3_bind_int64(statement, column, Int64(number))
        case .real(let number): sqlite3_bind_double(statement, column, number)
        case .text(let text): csqlite_bind_text(statement, column, text)
        }
      try check(code)
    }
    let code = sqlite3_step(statement)
    guard code == SQLITE_DONE else { throw error(code) }
    try check(sqlite3_reset(statement))
  }

  /// Commits and closes the file.
  func close() throws(SurefootError) {
    for statement in inserts.values { try check(sqlite3_finalize(statement)) }
    inserts = [:]
    try execute("COMMIT;")
    try check(sqlite3_close(connection))
    connection = nil
  }

  private func prepared(_ table: String, columns: Int) throws(SurefootError) -> OpaquePointer? {
    if let statement = inserts[table] { return statement }
    let places = Array(repeating: "?", count: columns).joined(separator: ", ")
    var statement: OpaquePointer?
    try check(sqlite3_prepare_v2(connection, "INSERT INTO \(table) VALUES (\(places))", -1, &statement, nil))
    inserts[table] = statement
    return statement
  }

  private func check(_ code: Int32) throws(SurefootError) {
    guard code == SQLITE_OK else { throw error(code) }
  }

  private func error(_ code: Int32) -> SurefootError {
    let message = connection.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) }
    return SurefootError(
      file: path, message: "cannot be written (\(message ?? String(cString: sqlite3_errstr(code))))",
      suggestion: "check that the folder is writable and has room")
  }

  deinit {
    for statement in inserts.values { sqlite3_finalize(statement) }
    sqlite3_close(connection)
  }
}

/// Values as the columns of a row take them; `nil` is NULL.
protocol SQLiteColumn {
  var column: SQLiteDatabase.Value { get }
}

extension Int: SQLiteColumn {
  var column: SQLiteDatabase.Value { .integer(self) }
}

extension Double: SQLiteColumn {
  var column: SQLiteDatabase.Value { .real(self) }
}

extension String: SQLiteColumn {
  var column: SQLiteDatabase.Value { .text(self) }
}
