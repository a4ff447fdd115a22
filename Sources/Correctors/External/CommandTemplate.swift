import Foundation
public import Support

/// A command line with places for file names: `python3 fix.py {input} {output} {report}`.
///
/// Split into words as a shell does it (blanks, single and double quotes, backslashes), but no shell runs: nothing else
/// has a meaning, other braces
/// neither. Places are filled in after the split, so that a file name with blanks stays one word.
struct CommandTemplate: Sendable, Hashable {
  /// The places that may be named.
  static let places = ["input", "output", "report", "seed"]

  /// The program, then its arguments.
  let words: [String]

  /// Reads a template. One that names no place gets ` {input} {output} {report}` at its end.
  ///
  /// - Throws: ``SurefootError`` for no program, an open quote, or a command that names only a part of its places.
  init(_ text: String) throws(SurefootError) {
    var words = try CommandTemplate.split(text)
    guard let program = words.first, !program.isEmpty else {
      throw SurefootError(
        .correctionFailed,
        message: "no program is named", suggestion: "give one, for example \"python3 fix.py {input} {output} {report}\""
      )
    }
    let named = CommandTemplate.places.filter { place in words.contains { $0.contains("{\(place)}") } }
    if named.isEmpty {
      words += ["{input}", "{output}", "{report}"]
    } else if !named.contains("input") || !named.contains("output") {
      throw SurefootError(
        .correctionFailed,
        message: "the program's command lacks \(named.contains("input") ? "{output}" : "{input}")",
        suggestion: "name both {input} and {output}, or neither to have them appended")
    }
    self.words = words
  }

  /// The words with the places filled in.
  func filled(_ values: [String: String]) -> [String] {
    words.map { word in
      values.reduce(word) { $0.replacingOccurrences(of: "{\($1.key)}", with: $1.value) }
    }
  }

  private static func split(_ text: String) throws(SurefootError) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var rest = text.makeIterator()
    while let character = rest.next() {
      if character == "\\", quote != "'" {
        word = (word ?? "") + (rest.next().map(String.init) ?? "\\")
      } else if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character.isWhitespace {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if let quote {
      throw SurefootError(
        .correctionFailed,
        message: "a quote \(quote) in the program's command is not closed", suggestion: "close it, or write \\\(quote)")
    }
    if let word { words.append(word) }
    return words
  }
}
