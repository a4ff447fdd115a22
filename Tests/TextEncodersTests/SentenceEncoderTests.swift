import Foundation
import Support
import Testing
import TextEncoders

/// What `tools/checks/text-encoder.py` wrote.
struct Reference: Decodable {
  struct Row: Decodable {
    var text: String
    var ids: [Int]
    /// The first numbers of it, or all.
    var embedding: [Float]?
  }
  var pieces: [String: Int]?
  var sentences: [Row]

  /// The small one that is committed.
  static func fixture() throws -> Reference {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    return try read(tests.appendingPathComponent("Fixtures/sentences.json"))
  }

  static func read(_ file: URL) throws -> Reference {
    try JSONDecoder().decode(Reference.self, from: try Data(contentsOf: file))
  }
}

@Suite struct SentenceEncoderTests {
  private static func environment(_ name: String) -> URL? {
    ProcessInfo.processInfo.environment[name].map { URL(fileURLWithPath: $0) }
  }
  static let folder = environment("SUREFOOT_TEXT_ENCODER")
  static let reference = environment("SUREFOOT_TEXT_REFERENCE")

  /// The largest difference of the embeddings that a reference has.
  private func difference(_ encoder: SentenceEncoder, _ reference: Reference) -> Float {
    let rows = reference.sentences.filter { $0.embedding != nil }
    let made = encoder.embeddings(of: rows.map(\.text))
    return zip(rows, made).flatMap { row, vector in zip(row.embedding ?? [], vector).map { abs($0 - $1) } }.max() ?? 1
  }

  @Test(
    "Embeddings are those of other code to 1e-4, of length 1, and depend on the sentence alone",
    .enabled(if: folder != nil))
  func embeddings() throws {
    let encoder = try SentenceEncoder(folder: try #require(Self.folder))
    #expect(difference(encoder, try Reference.fixture()) < 1e-4)
    let two = encoder.embeddings(of: ["a person walks", "stock prices fell"])
    #expect(encoder.embeddings(of: ["a person walks"])[0] == two[0])
    #expect(abs(two[1].reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
    #expect(encoder.tokensLeftOut(of: String(repeating: "walk ", count: 10_000)) == 10_002 - 256)
  }

  @Test(
    "Tokens of 1,000 sentences and embeddings of a tenth are those of other code",
    .enabled(if: folder != nil && reference != nil))
  func all() throws {
    let encoder = try SentenceEncoder(folder: try #require(Self.folder))
    let reference = try Reference.read(try #require(Self.reference))
    #expect(reference.sentences.count == 1000)
    let wrong = reference.sentences.filter { encoder.tokenizer.tokens(of: $0.text) != $0.ids }
    #expect(wrong.isEmpty, "\(wrong.prefix(5).map { ($0.text, $0.ids, encoder.tokenizer.tokens(of: $0.text)) })")
    let largest = difference(encoder, reference)
    #expect(largest < 1e-4)
    print("largest difference of an embedding: \(largest)")
  }

  @Test("A folder without the encoder says what to fetch, and other weights are refused by name")
  func missing() throws {
    let folder = try TemporaryFolder("encoder")
    defer { folder.remove() }
    let url = folder.url
    func message() -> String {
      do {
        _ = try SentenceEncoder(folder: url)
        return ""
      } catch {
        return error.description
      }
    }
    #expect(message().contains("surefoot data fetch text-encoder"))
    try AtomicFile.write("[UNK]\n[CLS]\n[SEP]\n", to: url.appendingPathComponent("vocab.txt"))
    try AtomicFile.write("no weights", to: url.appendingPathComponent("model.safetensors"))
    #expect(message().contains("model.safetensors: is not the text encoder"))
  }
}
