public import Support

extension SurefootError.Code {
  /// Bytes that are not a safetensors file, or a header that does not fit the file's length.
  public static let malformed = Self(rawValue: "malformed-tensors")
  /// A parameter that the file lacks, or one that the model does not have.
  public static let missing = Self(rawValue: "missing-parameter")
  /// A tensor whose shape differs from the one that is needed.
  public static let shape = Self(rawValue: "wrong-shape")
  /// A device that this machine or this libtorch does not have.
  public static let unavailableDevice = Self(rawValue: "unavailable-device")
  /// A random stream's or optimizer's state that cannot be used.
  public static let invalidState = Self(rawValue: "invalid-state")
}
