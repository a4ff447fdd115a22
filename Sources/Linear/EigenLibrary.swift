internal import CEigen

/// Eigen, which does the dense decompositions.
public enum EigenLibrary {
  /// The version that was compiled in, `3.4.0`.
  public static var version: String { String(cString: ce_version()) }
}
