/// A learned vector for each of some classes: `int64` indices of any shape to `[..., width]`.
public struct Embedding: Module {
  /// `[classes, width]`.
  public let table: Tensor

  /// Normal vectors with a standard deviation.
  public init(_ classes: Int, _ width: Int, deviation: Double = 1, _ initial: Initializer) {
    table = initial.normal([classes, width], deviation: deviation)
  }

  /// Looks up.
  public func callAsFunction(_ indices: Tensor) -> Tensor { Tensor.embedding(table, indices) }

  /// `weight`.
  public var parameters: [Parameter] { [Parameter("weight", table)] }
}
