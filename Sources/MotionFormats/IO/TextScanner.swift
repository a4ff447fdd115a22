import Foundation
import Support

/// One pass over a file's bytes that always knows its line and column.
///
/// The base of every reader of a text format: words, numbers, and errors with a place. Lines end in LF, CRLF or CR;
/// columns count bytes from 1; a UTF-8 byte order mark is passed over.
struct TextScanner {
  /// A place in the file.
  struct Place {
    var line: Int
    var column: Int
  }

  /// A run of bytes and its place.
  struct Word {
    var range: Range<Int>
    var place: Place
  }

  let file: String
  let bytes: [UInt8]
  private(set) var position: Int
  private var line = 1
  private var lineStart: Int
  /// Bytes that end a word and are words themselves.
  private let delimiters: Set<UInt8>
  private var isDelimiter: [Bool]

  init(_ bytes: [UInt8], file: String, delimiters: Set<UInt8> = []) throws(SurefootError) {
    self.file = file
    self.bytes = bytes
    self.delimiters = delimiters
    isDelimiter = Array(repeating: false, count: 256)
    for byte in delimiters { isDelimiter[Int(byte)] = true }
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    lineStart = position
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw SurefootError(
        file: file, line: 1, column: 1, message: "is written in UTF-16", suggestion: "save it as UTF-8 or plain ASCII")
    }
  }

  // MARK: Where we are

  var place: Place { Place(line: line, column: position - lineStart + 1) }
  var isAtEnd: Bool { position >= bytes.count }
  /// The byte at hand, 0 at the end.
  var byte: UInt8 { position < bytes.count ? bytes[position] : 0 }
  var isAtLineEnd: Bool { position >= bytes.count || bytes[position] == 0x0A || bytes[position] == 0x0D }

  func error(_ problem: String, suggestion: String? = nil, at place: Place? = nil) -> SurefootError {
    let place = place ?? self.place
    return SurefootError(file: file, line: place.line, column: place.column, message: problem, suggestion: suggestion)
  }

  // MARK: Moving on

  /// Passes blanks, not line ends.
  mutating func skipBlanks() {
    while position < bytes.count, isBlank(bytes[position]) { position += 1 }
  }

  /// Passes blanks and line ends.
  mutating func skipSpace() {
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x0A || byte == 0x0D { takeLineEnd() } else if isBlank(byte) { position += 1 } else { return }
    }
  }

  /// Passes the rest of the line and its end.
  mutating func skipLine() {
    while !isAtLineEnd { position += 1 }
    if position < bytes.count { takeLineEnd() }
  }

  /// Passes one byte that is no line end.
  mutating func advance() {
    position += 1
  }

  private mutating func takeLineEnd() {
    if bytes[position] == 0x0D, position + 1 < bytes.count, bytes[position + 1] == 0x0A { position += 1 }
    position += 1
    line += 1
    lineStart = position
  }

  // 0x1A ends text files of old systems; NUL pads some.
  private func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0B || byte == 0x0C || byte == 0x1A || byte == 0
  }

  // MARK: Words

  /// The next word on any line; an empty range at the end of the file.
  mutating func word() -> Word {
    skipSpace()
    return wordHere()
  }

  /// The word that begins here; empty at a line's end.
  mutating func wordHere() -> Word {
    let (start, place) = (position, place)
    while position < bytes.count {
      let byte = bytes[position]
      if isBlank(byte) || byte == 0x0A || byte == 0x0D { break }
      if isDelimiter[Int(byte)] {
        if position == start { position += 1 }
        break
      }
      position += 1
    }
    return Word(range: start..<position, place: place)
  }

  /// The next word, left unread.
  func peekWord() -> Word {
    var ahead = self
    return ahead.word()
  }

  func text(_ word: Word) -> String { String(decoding: bytes[word.range], as: UTF8.self) }

  /// The word for a message: quoted, cut to a readable length.
  func quoted(_ word: Word) -> String {
    word.range.isEmpty ? "the end of the file" : "'\(text(word).prefix(40))'"
  }

  /// Whether the word is `keyword` (lower case) in any letter case.
  func word(_ word: Word, is keyword: StaticString) -> Bool {
    guard word.range.count == keyword.utf8CodeUnitCount else { return false }
    for offset in 0..<word.range.count
    where Self.lowercase(bytes[word.range.lowerBound + offset]) != keyword.utf8Start[offset] { return false }
    return true
  }

  /// Passes `keyword` (lower case, any letter case in the file) if it is here.
  mutating func take(_ keyword: StaticString) -> Bool {
    let count = keyword.utf8CodeUnitCount
    guard position + count <= bytes.count else { return false }
    for offset in 0..<count where Self.lowercase(bytes[position + offset]) != keyword.utf8Start[offset] { return false }
    position += count
    return true
  }

  /// The text from here to the line's end or `stop`, without blanks around it.
  mutating func restOfLine(upTo stop: UInt8? = nil) -> Word {
    skipBlanks()
    let (start, place) = (position, place)
    var end = start
    while !isAtLineEnd, byte != stop {
      position += 1
      if !isBlank(bytes[position - 1]) { end = position }
    }
    return Word(range: start..<end, place: place)
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
}
