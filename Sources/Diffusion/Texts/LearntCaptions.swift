import Support
import Tensors

/// The sentences that a model learnt from: the scale of its texts, and what it knows.
///
///     let (caption, similarity) = model.captions.nearest(to: embedding)
public struct LearntCaptions: Sendable {
  /// The sentences, the most frequent first.
  public let sentences: [String]
  /// The sentences' embeddings in their order, each of length 1, `[sentences, width]`, in `bfloat16`.
  private let embeddings: Tensor
  /// The mean of the embeddings, `[width]`.
  private let mean: Tensor
  /// One number by which centred embeddings are multiplied, so that their elements have a variance of 1.
  private let scale: Tensor

  /// The most sentences that a model's file keeps.
  static let most = 2000

  /// How alike a text must be to a learnt sentence (the cosine of their angle) to be one that the model understands.
  public static let similar = 0.6

  /// The captions of some windows.
  ///
  /// - Throws: ``SurefootError`` if there are none, or if an embedding has another number of elements.
  init(of windows: [TrainingWindow], width: Int) throws(SurefootError) {
    let all = try Self.ranked(windows, width: width)
    let values = all.flatMap { $0.embedding.map(Double.init) }
    let rows = Tensor(doubles: values, shape: [all.count, width])
    let (mean, scale) = Torch.onOneThread {
      let mean = rows.mean(0)
      let spread = (rows - mean).squared().mean().squareRoot().scalar
      return (mean, spread > 1e-9 ? 1 / spread : 1)
    }
    self.init(
      Array(all.prefix(Self.most)), mean: mean.converted(to: .float32),
      scale: Tensor([Float(scale)], shape: [1]))
  }

  private init(_ captions: [Caption], mean: Tensor, scale: Tensor) {
    sentences = captions.map(\.text)
    embeddings = Tensor(captions.flatMap(\.embedding), shape: [captions.count, mean.count]).converted(to: .bfloat16)
    (self.mean, self.scale) = (mean, scale)
  }

  /// Reads a file's.
  init(_ sentences: [String], _ values: [String: Tensor], width: Int) throws(SurefootError) {
    self.sentences = sentences
    embeddings = try values.required("embeddings", [sentences.count, width])
    mean = try values.required("mean", [width])
    scale = try values.required("scale", [1])
  }

  /// These captions and those of some windows, with the same scale.
  func joined(with windows: [TrainingWindow]) throws(SurefootError) -> LearntCaptions {
    let width = mean.count
    let new = try Self.ranked(windows, width: width)
    let known = Set(new.map(\.text))
    let rows = embeddings.floats
    let old = sentences.enumerated().filter { !known.contains($0.element) }.map { index, text in
      Caption(text: text, embedding: Array(rows[index * width..<(index + 1) * width]))
    }
    return LearntCaptions(Array((new + old).prefix(Self.most)), mean: mean, scale: scale)
  }

  /// The distinct captions, those of most windows first.
  private static func ranked(_ windows: [TrainingWindow], width: Int) throws(SurefootError) -> [Caption] {
    var counts: [String: (caption: Caption, count: Int)] = [:]
    for caption in windows.lazy.flatMap(\.captions) {
      guard caption.embedding.count == width else {
        throw SurefootError(
          .text, message: "an embedding of a caption has \(caption.embedding.count) numbers, the model takes \(width)",
          suggestion: "embed captions and prompts by one encoder")
      }
      counts[caption.text, default: (caption, 0)].count += 1
    }
    guard !counts.isEmpty else {
      throw SurefootError(
        .text, message: "no window has a caption, and the model is to learn texts",
        suggestion: "prepare the dataset again, or train without texts")
    }
    return counts.values.sorted { ($1.count, $0.caption.text) < ($0.count, $1.caption.text) }.map(\.caption)
  }

  /// The length of an embedding.
  var width: Int { mean.count }

  /// The tensors of a checkpoint.
  var fitted: [Parameter] {
    [Parameter("embeddings", embeddings), Parameter("mean", mean), Parameter("scale", scale)]
  }

  /// Embeddings as the network takes them: `[captions, width]`, centred and scaled.
  func scaled(_ embeddings: Tensor) -> Tensor { Torch.withoutGradients { (embeddings - mean) * scale } }

  /// The learnt sentence that is most like a text, and the cosine of their angle.
  ///
  /// - Parameter embedding: The text's, of length 1.
  public func nearest(to embedding: [Float]) -> (sentence: String, similarity: Double) {
    let query = Tensor(embedding, shape: [embedding.count, 1])
    let cosines = Torch.withoutGradients { embeddings.converted(to: .float32).matmul(query).floats }
    guard let best = cosines.indices.max(by: { cosines[$0] < cosines[$1] }) else { return ("", -1) }
    return (sentences[best], Double(cosines[best]))
  }

  /// A sentence that was learnt, whatever its capitals and its full stop: such a prompt needs no encoder.
  public func caption(_ text: String) -> Caption? {
    let wanted = Self.plain(text)
    guard let index = sentences.firstIndex(where: { Self.plain($0) == wanted }) else { return nil }
    return Caption(text: sentences[index], embedding: embeddings.selected(0, index).floats)
  }

  private static func plain(_ text: String) -> String {
    let words = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.hasSuffix(".") ? String(words.dropLast()) : words
  }
}

extension MotionModel {
  /// The texts of prompts as the network takes them, a row of zeros for a prompt without: `nil` if none has one.
  func texts(of prompts: [Prompt]) throws(SurefootError) -> Tensor? {
    guard prompts.contains(where: { $0.text != nil }) else { return nil }
    guard let captions, let width = configuration.textWidth else {
      throw SurefootError(
        .text, message: "the model was trained without texts",
        suggestion: "ask for an action, or train a model with `surefoot train --text`")
    }
    var rows: [Tensor] = []
    for prompt in prompts {
      guard let text = prompt.text else {
        rows.append(Tensor(repeating: 0, shape: [1, width], on: .cpu))
        continue
      }
      guard text.embedding.count == width, text.embedding.allSatisfy(\.isFinite) else {
        throw SurefootError(
          .text, message: "the embedding of a text has \(text.embedding.count) numbers, the model takes \(width)",
          suggestion: "embed prompts by the encoder that embedded the captions")
      }
      rows.append(captions.scaled(Tensor(text.embedding, shape: [1, width])))
    }
    return Tensor.concatenated(rows, 0).moved(to: Torch.device)
  }
}
