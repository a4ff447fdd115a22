import Foundation
import Support
import Testing
import TextEncoders

@Suite struct TokenizerTests {
  static let vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "walk", "##s", "##ing", "a", ".", "\u{4E2D}", "cafe"]

  static func tokenizer(_ pieces: [String] = vocabulary) throws -> WordPieceTokenizer {
    try WordPieceTokenizer(vocabulary: pieces.joined(separator: "\n") + "\n", file: "vocab.txt")
  }

  @Test("Words are cut greedily, marks and Chinese characters stand alone, accents and capitals go")
  func pieces() throws {
    let tokenizer = try Self.tokenizer()
    #expect(tokenizer.tokens(of: "A walks.walking") == [2, 7, 4, 5, 8, 4, 6, 3])
    #expect(tokenizer.tokens(of: "CAF\u{C9}\u{4E2D}a\u{0}\u{200B}") == [2, 10, 9, 7, 3])
    #expect(tokenizer.tokens(of: "walked " + String(repeating: "a", count: 101)) == [2, 1, 1, 3])
    #expect(tokenizer.tokens(of: " \t\r\n") == [2, 3])
  }

  @Test("A long text keeps its beginning and its end's mark")
  func long() throws {
    let text = String(repeating: "a ", count: 10_000)
    #expect(try Self.tokenizer().tokens(of: text, most: 5) == [2, 7, 7, 7, 3])
  }

  @Test("A vocabulary without the special tokens is refused by name")
  func foreign() {
    #expect(throws: SurefootError.self) { try Self.tokenizer(["a", "b"]) }
  }

  @Test("The tokens of sentences in many scripts are those of the package tokenizers")
  func fixture() throws {
    let reference = try Reference.fixture()
    var lines = [String](repeating: "", count: 30_522)
    for (piece, number) in reference.pieces ?? [:] { lines[number] = piece }
    let tokenizer = try Self.tokenizer(lines)
    #expect(reference.sentences.count > 40)
    for row in reference.sentences { #expect(tokenizer.tokens(of: row.text) == row.ids, "\(row.text)") }
  }
}
