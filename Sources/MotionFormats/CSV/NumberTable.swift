public import Support

/// A comma-separated table of finite numbers under one row of names (RFC 4180).
struct NumberTable {
  let names: [String]
  /// Row by row.
  private let numbers: [Double]
  /// The number of rows under the names.
  let count: Int
  let file: String

  /// - Throws: A `SurefootError` with line and column for rows of another length and for what is no number.
  init(bytes: [UInt8], file: String) throws(SurefootError) {
    self.file = file
    var at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    names = try Self.names(bytes, &at, file)
    var numbers: [Double] = []
    var line = 2
    while at < bytes.count {
      let end = bytes[at...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
      if end > at {
        let before = numbers.count
        var start = at
        while start <= end {
          let stop = bytes[start..<end].firstIndex(of: UInt8(ascii: ",")) ?? end
          let text = String(decoding: bytes[start..<stop], as: UTF8.self)
          guard let value = Double(text), value.isFinite, abs(value) < FixedPoint.largest else {
            throw SurefootError(
              file: file, line: line, column: start - at + 1,
              message: "'\(text.prefix(30))' is no finite number", suggestion: "repair or leave out the row")
          }
          numbers.append(value)
          start = stop + 1
        }
        guard numbers.count - before == names.count else {
          throw SurefootError(
            file: file, line: line,
            message: "has \(numbers.count - before) fields, \(names.count) are named in the first line",
            suggestion: "repair or leave out the row")
        }
      }
      at = end
      if at < bytes.count, bytes[at] == 0x0D { at += 1 }
      if at < bytes.count, bytes[at] == 0x0A { at += 1 }
      line += 1
    }
    self.numbers = numbers
    count = names.isEmpty ? 0 : numbers.count / names.count
  }

  /// A field.
  subscript(row: Int, column: Int) -> Double { numbers[row * names.count + column] }

  /// The fields of the first line; `at` is moved behind it.
  private static func names(_ bytes: [UInt8], _ at: inout Int, _ file: String) throws(SurefootError) -> [String] {
    var (names, field, isQuoted) = ([String](), [UInt8](), false)
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      if isQuoted {
        if byte != UInt8(ascii: "\"") {
          field.append(byte)
        } else if at < bytes.count, bytes[at] == byte {
          field.append(byte)
          at += 1
        } else {
          isQuoted = false
        }
      } else if byte == UInt8(ascii: "\""), field.isEmpty {
        isQuoted = true
      } else if byte == UInt8(ascii: ",") {
        names.append(String(decoding: field, as: UTF8.self))
        field = []
      } else if byte == 0x0A || byte == 0x0D {
        if byte == 0x0D, at < bytes.count, bytes[at] == 0x0A { at += 1 }
        return names + [String(decoding: field, as: UTF8.self)]
      } else {
        field.append(byte)
      }
    }
    throw SurefootError(
      file: file, line: 1, message: "holds no rows", suggestion: "give a table that `surefoot convert` wrote")
  }
}
