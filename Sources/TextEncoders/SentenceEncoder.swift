public import Foundation
public import Support
import Synchronization
import Tensors

/// Turns sentences into vectors whose angle says how alike their meaning is: all-MiniLM-L6-v2.
///
///     let encoder = try SentenceEncoder(folder: folder)        // from `surefoot data fetch text-encoder`
///     let vectors = encoder.embeddings(of: ["a person walks", "someone strolls"])
///
/// A BERT of 6 layers, 384 wide (Wang et al., "MiniLM", arXiv 2002.10957; Reimers and Gurevych, "Sentence-BERT", arXiv
/// 1908.10084): the mean of the last layer over the tokens, of length 1. Learnt from English. A sentence's vector depends
/// on nothing but the sentence.
public struct SentenceEncoder: Sendable {
  /// The length of a vector.
  public static let width = 384
  /// The most tokens of a sentence, `[CLS]` and `[SEP]` included; later words are left out.
  public static let mostTokens = 256
  /// The file of the weights in the encoder's folder.
  public static let weightsName = "model.safetensors"
  /// The file of the vocabulary in the encoder's folder.
  public static let vocabularyName = "vocab.txt"

  /// Cuts sentences into tokens.
  public let tokenizer: WordPieceTokenizer
  private let network: BERT

  /// Loads an encoder from its folder.
  ///
  /// - Throws: `SurefootError` if a file is missing or is not of this network.
  public init(folder: URL) throws(SurefootError) {
    let vocabulary = folder.appendingPathComponent(Self.vocabularyName)
    let weights = folder.appendingPathComponent(Self.weightsName)
    let advice = "fetch it with `surefoot data fetch text-encoder`"
    guard let text = try? String(contentsOf: vocabulary, encoding: .utf8) else {
      throw SurefootError(
        .unreadable, file: vocabulary.path, message: "the text encoder is missing", suggestion: advice)
    }
    tokenizer = try WordPieceTokenizer(vocabulary: text, file: vocabulary.path)
    guard let data = try? Data(contentsOf: weights, options: .mappedIfSafe) else {
      throw SurefootError(
        .unreadable, file: weights.path, message: "the text encoder is missing", suggestion: advice)
    }
    do {
      network = try BERT(Safetensors(decoding: data).tensors)
    } catch {
      throw SurefootError(
        file: weights.path, message: "is not the text encoder: \(error.message)", suggestion: advice)
    }
  }

  /// How many of a sentence's tokens are left out because it is too long.
  public func tokensLeftOut(of sentence: String) -> Int {
    max(0, tokenizer.tokens(of: sentence).count - Self.mostTokens)
  }

  /// One vector of ``width`` numbers and length 1 a sentence, in the sentences' order.
  ///
  /// - Parameter progress: Called with the number of sentences done, from any thread.
  public func embeddings(
    of sentences: [String], progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) -> [[Float]] {
    guard !sentences.isEmpty else { return [] }
    let results = Mutex((vectors: [[Float]](repeating: [], count: sentences.count), done: 0))
    // Each alone: in a batch, padding would change the last digits.
    Torch.concurrently(sentences.count) { index in
      let tokens = tokenizer.tokens(of: sentences[index], most: Self.mostTokens)
      let vector = Torch.withoutGradients { network.embedding(of: tokens).floats }
      let done = results.withLock { state in
        state.vectors[index] = vector
        state.done += 1
        return state.done
      }
      progress(done)
    }
    return results.withLock { $0.vectors }
  }
}

/// The transformer encoder of BERT (Devlin et al., arXiv 1810.04805) with mean pooling.
private struct BERT: Sendable {
  private struct Affine: Sendable {
    let weight: Tensor
    let bias: Tensor

    init(_ values: [String: Tensor], _ name: String, _ shape: [Int]) throws(SurefootError) {
      weight = try values.required("\(name).weight", shape)
      bias = try values.required("\(name).bias", [shape[0]])
    }

    func linear(_ x: Tensor) -> Tensor { x.linear(weight: weight, bias: bias) }
    func norm(_ x: Tensor) -> Tensor { x.layerNorm(weight: weight, bias: bias, epsilon: 1e-12) }
  }

  private struct Layer: Sendable {
    let query: Affine, key: Affine, value: Affine, mixed: Affine, mixedNorm: Affine
    let up: Affine, down: Affine, norm: Affine
  }

  private static let (width, hidden, heads, layers, positions) = (SentenceEncoder.width, 1536, 12, 6, 512)

  private let words: Tensor
  /// The positions' vectors, with that of the first token type added.
  private let places: Tensor
  private let norm: Affine
  private let layers: [Layer]

  init(_ values: [String: Tensor]) throws(SurefootError) {
    let width = Self.width
    guard let words = values["embeddings.word_embeddings.weight"], words.shape.count == 2, words.shape[1] == width
    else { throw SurefootError(.missing, message: "the tensor embeddings.word_embeddings.weight is missing") }
    self.words = words
    let types = try values.required("embeddings.token_type_embeddings.weight", [2, width])
    places =
      try values.required("embeddings.position_embeddings.weight", [Self.positions, width]) + types.narrowed(0, 0..<1)
    norm = try Affine(values, "embeddings.LayerNorm", [width])
    var layers: [Layer] = []
    for index in 0..<Self.layers {
      func part(_ name: String, _ shape: [Int]) throws(SurefootError) -> Affine {
        try Affine(values, "encoder.layer.\(index).\(name)", shape)
      }
      layers.append(
        Layer(
          query: try part("attention.self.query", [width, width]), key: try part("attention.self.key", [width, width]),
          value: try part("attention.self.value", [width, width]),
          mixed: try part("attention.output.dense", [width, width]),
          mixedNorm: try part("attention.output.LayerNorm", [width]),
          up: try part("intermediate.dense", [Self.hidden, width]),
          down: try part("output.dense", [width, Self.hidden]), norm: try part("output.LayerNorm", [width])))
    }
    self.layers = layers
  }

  /// The vector of a sentence, `[width]`.
  func embedding(of tokens: [Int]) -> Tensor {
    let count = tokens.count
    func divided(_ x: Tensor) -> Tensor {
      x.reshaped(1, count, Self.heads, Self.width / Self.heads).permuted(0, 2, 1, 3)
    }
    var x = norm.norm(Tensor.embedding(words, Tensor(indices: tokens)) + places.narrowed(0, 0..<count))
    for layer in layers {
      let mixed = Tensor.attention(
        divided(layer.query.linear(x)), divided(layer.key.linear(x)), divided(layer.value.linear(x)))
      x = layer.mixedNorm.norm(x + layer.mixed.linear(mixed.permuted(0, 2, 1, 3).reshaped(count, Self.width)))
      x = layer.norm.norm(x + layer.down.linear(layer.up.linear(x).gelu()))
    }
    let mean = x.mean(0)
    return mean / mean.squared().sum().squareRoot()
  }
}
