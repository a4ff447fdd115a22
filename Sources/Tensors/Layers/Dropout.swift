/// Dropout during training: a probability and the stream that rolls for it.
///
/// Networks take an optional one in their call: `nil` is evaluation. So a network has no mode that could be forgotten.
public struct Dropout: Sendable {
  /// The share of elements that are zeroed.
  public let probability: Double
  /// Where the random numbers come from.
  public let stream: RandomStream

  /// Dropout by its parts.
  public init(_ probability: Double, _ stream: RandomStream) {
    self.probability = probability
    self.stream = stream
  }

  /// Applies it.
  public func callAsFunction(_ x: Tensor) -> Tensor { stream.dropout(x, probability) }
}

extension Tensor {
  /// `self` with dropout if there is one.
  public func dropped(_ dropout: Dropout?) -> Tensor { dropout.map { $0(self) } ?? self }
}
