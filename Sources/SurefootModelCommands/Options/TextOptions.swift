import ArgumentParser
import Datasets
import Diffusion
import Foundation
import Support
import SurefootCommands
import Tensors
import TextEncoders

/// The sentence encoder of commands that take texts.
struct TextEncoderOptions: ParsableArguments {
  @Option(
    name: .long,
    help: "The folder of the text encoder, if not Data/text-encoder of the working folder or of the program.")
  var textEncoder: String?

  /// Loads it.
  func load() throws(SurefootError) -> SentenceEncoder {
    if let textEncoder {
      try NamedFile.require(textEncoder, advice: "fetch it with `surefoot data fetch text-encoder -o \(textEncoder)`")
      return try SentenceEncoder(folder: URL(fileURLWithPath: textEncoder))
    }
    guard let folder = DataPlaces.find("text-encoder") else { throw Self.missing }
    return try SentenceEncoder(folder: folder)
  }

  private static let missing = SurefootError(
    .unreadable, file: DataPlaces.textEncoder, message: "the text encoder is missing",
    suggestion: "fetch it with `surefoot data fetch text-encoder` (84 MB), or name its folder with --text-encoder")
}

/// The captions of a dataset with their embeddings, which are computed once and kept in its folder.
struct CaptionedDataset {
  private let table: CaptionTable
  private let embeddings: [String: [Float]]

  /// Reads the captions and embeds those that are new.
  init(_ folder: URL, _ options: TextEncoderOptions, _ console: Console) throws {
    table = try CaptionTable.read(of: folder)
    let (manifest, _) = try MotionDataset.manifest(of: folder)
    let sentences = Set(manifest.windows.flatMap(table.captions)).sorted()
    guard !sentences.isEmpty else {
      throw SurefootError(
        .notEnoughData, file: folder.appendingPathComponent(CaptionTable.name).path,
        message: "no window of the dataset has a caption", suggestion: "prepare it again, or leave out --text")
    }
    let file = folder.appendingPathComponent(MotionDataset.embeddingsName)
    var known = EmbeddingFile.read(file)
    let new = sentences.filter { known[$0] == nil }
    if !new.isEmpty {
      let encoder = try options.load()
      let vectors = encoder.embeddings(of: new) { done in
        console.progress("embedding captions", done: done, total: new.count, unit: "captions")
      }
      for (sentence, vector) in zip(new, vectors) { known[sentence] = vector }
      // A folder that cannot be written costs the next training a minute, and no more.
      do {
        try EmbeddingFile.write(known.filter { sentences.contains($0.key) }, to: file)
      } catch {
        console.warn("the captions' embeddings are not kept: \(error)")
      }
    }
    embeddings = known
    console.note("\(sentences.count) captions")
  }

  /// The captions of a window.
  func captions(of window: MotionWindow) -> [Caption] {
    table.captions(of: window).compactMap { text in
      embeddings[text].map { Caption(text: text, embedding: $0) }
    }
  }
}

/// Sentences with their embeddings in a safetensors file.
private enum EmbeddingFile {
  private static let key = "surefoot.sentences"

  /// What a file holds; nothing if it is missing or damaged.
  static func read(_ file: URL) -> [String: [Float]] {
    guard let data = try? Data(contentsOf: file), let content = try? Safetensors(decoding: data),
      let text = content.metadata[key],
      let sentences = try? JSONDecoder().decode([String].self, from: Data(text.utf8)),
      let rows = try? content.tensors.required("embeddings", [sentences.count, SentenceEncoder.width]).floats
    else { return [:] }
    var known: [String: [Float]] = [:]
    for (index, sentence) in sentences.enumerated() {
      known[sentence] = Array(rows[index * SentenceEncoder.width..<(index + 1) * SentenceEncoder.width])
    }
    return known
  }

  static func write(_ known: [String: [Float]], to file: URL) throws {
    let sentences = known.keys.sorted()
    let rows = Tensor(
      sentences.flatMap { known[$0] ?? [] }, shape: [sentences.count, SentenceEncoder.width])
    let text = String(decoding: try JSONEncoder().encode(sentences), as: UTF8.self)
    let content = Safetensors(tensors: [Parameter("embeddings", rows)], metadata: [key: text])
    try AtomicFile.write(content.encoded(), to: file)
  }
}

/// What a user asks for in words, checked and embedded.
struct TextPrompts {
  /// The most characters of a text.
  private static let longest = 100_000

  /// The texts as captions for a model.
  ///
  /// A text that the model learnt needs no encoder. One that is far from all that it learnt gets a note.
  static func captions(
    _ texts: [String], for model: MotionModel, file: String, _ options: TextEncoderOptions, _ console: Console
  ) throws -> [Caption] {
    guard let learnt = model.captions else {
      throw SurefootError(
        .text, file: file, message: "the model was trained without texts",
        suggestion: model.actions.isEmpty
          ? "leave out --text, or train a model with `surefoot train --text`"
          : "ask for an action with --action (\(model.actions.joined(separator: ", "))), or train with --text")
    }
    let known = texts.map { learnt.caption($0) }
    guard known.contains(where: { $0 == nil }) else { return known.compactMap { $0 } }
    let encoder = try options.load()
    return zip(texts, known).map { text, caption in
      if let caption { return caption }
      let left = encoder.tokensLeftOut(of: text)
      if left > 0 {
        console.note("\(shown(text)): only the first \(SentenceEncoder.mostTokens) tokens count, \(left) are left out")
      }
      let embedding = encoder.embeddings(of: [text])[0]
      let (nearest, similarity) = learnt.nearest(to: embedding)
      if similarity < LearntCaptions.similar {
        console.note(
          "\(shown(text)) is unlike every caption that the model learnt (English sentences about motion); the nearest is "
            + "\"\(nearest)\", by \(Numbers.short(similarity)) of 1")
      }
      return Caption(text: text, embedding: embedding)
    }
  }

  /// Refuses texts that say nothing.
  static func check(_ texts: [String]) throws {
    for text in texts {
      guard text.contains(where: { $0.isLetter || $0.isNumber }) else {
        throw ValidationError("--text is empty: say what is done, for example --text \"a person walks\"")
      }
      guard text.utf8.count <= longest else {
        throw ValidationError("--text has \(text.utf8.count) bytes, more than \(longest): say it in a sentence")
      }
    }
  }

  private static func shown(_ text: String) -> String {
    "\"\(text.count > 60 ? text.prefix(57) + "..." : text[...])\""
  }
}
