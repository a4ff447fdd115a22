/// What is wrong with tensors that came from outside: a file, a checkpoint.
public struct TensorError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of fault.
  public struct Code: Sendable, Hashable {
    let name: String
    /// Bytes that are not a safetensors file, or one that lies about itself.
    public static let malformed = Code(name: "malformed")
    /// A parameter that the file lacks, or one that the model does not know.
    public static let missing = Code(name: "missing")
    /// A tensor of another shape than its place.
    public static let shape = Code(name: "shape")
    /// A random stream's or optimizer's state that cannot be used.
    public static let invalidState = Code(name: "invalidState")
  }

  /// The kind of fault.
  public var code: Code
  /// What is wrong, in one clause.
  public var message: String

  /// An error by its parts.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
