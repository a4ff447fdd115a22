import Support

/// The frames of a DeepMimic file, by a reader of the JSON that such files use, with line and column in errors.
struct DeepMimicParser {
  private var scanner: TextScanner
  /// Rows of 44 numbers.
  private(set) var rows: [[Double]] = []
  /// Whether the file says `"Loop": "wrap"`.
  private(set) var loops = false

  init(_ bytes: [UInt8], file: String) throws(SurefootError) {
    scanner = try TextScanner(bytes, file: file, delimiters: Set("{}[],:\"".utf8))
  }

  mutating func read() throws(SurefootError) {
    try expect("{", "a DeepMimic file is a JSON object with \"Frames\"")
    var hasFrames = false
    if !takeIf("}") {
      repeat {
        let key = try string()
        try expect(":", "a colon follows a key")
        if key == "Frames", !hasFrames {
          hasFrames = true
          try readFrames()
        } else if key == "Loop" {
          loops = try string() == "wrap"
        } else {
          try skipValue()
        }
      } while takeIf(",")
      try expect("}", "the object ends with a brace")
    }
    guard hasFrames else {
      throw scanner.error("no \"Frames\"", suggestion: "is this a DeepMimic motion file?")
    }
    scanner.skipSpace()
    guard scanner.isAtEnd else {
      throw scanner.error("text after the end of the object", suggestion: "remove it")
    }
  }

  private mutating func readFrames() throws(SurefootError) {
    scanner.skipSpace()
    let place = scanner.place
    try expect("[", "\"Frames\" is a list of rows")
    if !takeIf("]") {
      repeat { try readRow() } while takeIf(",")
      try expect("]", "the list of rows ends with a bracket; the file may be cut off")
    }
    guard !rows.isEmpty else { throw scanner.error("no frames", suggestion: "give at least one", at: place) }
  }

  private mutating func readRow() throws(SurefootError) {
    scanner.skipSpace()
    let place = scanner.place
    try expect("[", "a frame is a list of \(DeepMimic.rowLength) numbers")
    var row: [Double] = []
    row.reserveCapacity(DeepMimic.rowLength)
    let frame = rows.count + 1
    repeat {
      scanner.skipSpace()
      let here = scanner.place
      let value = try scanner.numberHere("number \(row.count + 1) of frame \(frame)")
      guard row.count < DeepMimic.rowLength else {
        throw scanner.error(
          "frame \(frame) has more than \(DeepMimic.rowLength) numbers",
          suggestion: "only the humanoid's files are known",
          at: here)
      }
      row.append(value)
    } while takeIf(",")
    try expect("]", "a frame ends with a bracket; the file may be cut off")
    guard row.count == DeepMimic.rowLength else {
      throw scanner.error(
        "frame \(frame) has \(row.count) numbers, a humanoid's has \(DeepMimic.rowLength)",
        suggestion: "only the humanoid's files are known", at: place)
    }
    guard (0...3600).contains(row[0]) else {
      throw scanner.error(
        "frame \(frame) lasts \(row[0]) s", suggestion: "give a duration from 0 s to an hour", at: place)
    }
    if let slot = row.indices.first(where: { !(abs(row[$0]) <= MotionLimits.coordinate) }) {
      throw scanner.error(
        "number \(slot + 1) of frame \(frame) is \(row[slot])",
        suggestion: "places, quaternions and angles are up to \(MotionLimits.coordinate)", at: place)
    }
    for start in DeepMimicPoses.quaternionStarts where row[start..<start + 4].allSatisfy({ abs($0) < 1e-6 }) {
      throw scanner.error(
        "frame \(frame): numbers \(start + 1) to \(start + 4) are no rotation",
        suggestion: "a quaternion w x y z has length 1", at: place)
    }
    rows.append(row)
  }

  // MARK: JSON

  private mutating func takeIf(_ mark: StaticString) -> Bool {
    scanner.skipSpace()
    return scanner.take(mark)
  }

  private mutating func expect(_ mark: StaticString, _ suggestion: String) throws(SurefootError) {
    guard !takeIf(mark) else { return }
    let word = scanner.peekWord()
    throw scanner.error("expected '\(mark)', found \(scanner.quoted(word))", suggestion: suggestion, at: word.place)
  }

  private mutating func string() throws(SurefootError) -> String {
    scanner.skipSpace()
    let place = scanner.place
    try expect("\"", "a string stands here")
    let start = scanner.position
    while !scanner.isAtLineEnd, scanner.byte != UInt8(ascii: "\"") {
      if scanner.byte == UInt8(ascii: "\\") { scanner.advance() }
      if !scanner.isAtLineEnd { scanner.advance() }
    }
    let end = scanner.position
    guard !scanner.isAtLineEnd else {
      throw scanner.error("a string without its closing quote", suggestion: "close it", at: place)
    }
    scanner.advance()
    return String(decoding: scanner.bytes[start..<end], as: UTF8.self)
  }

  /// Passes any value; counts brackets instead of recursing.
  private mutating func skipValue() throws(SurefootError) {
    var depth = 0
    repeat {
      scanner.skipSpace()
      switch scanner.byte {
      case UInt8(ascii: "\""): _ = try string()
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        scanner.advance()
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        guard depth > 0 else { throw scanner.error("a value is missing", suggestion: "write one after the colon") }
        depth -= 1
        scanner.advance()
      default:
        guard !scanner.isAtEnd else {
          throw scanner.error("the file ends inside a value", suggestion: "fetch it again")
        }
        _ = scanner.wordHere()
      }
    } while depth > 0
  }
}
