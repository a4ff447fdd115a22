/// A sentence about a motion with its embedding.
public struct Caption: Sendable, Hashable, Codable {
  /// The sentence.
  public var text: String
  /// What a text encoder makes of it: a vector of length 1. One model's all have one number of elements.
  public var embedding: [Float]

  /// A sentence and its embedding, for example by `TextEncoders.SentenceEncoder`.
  public init(text: String, embedding: [Float]) {
    self.text = text
    self.embedding = embedding
  }
}
