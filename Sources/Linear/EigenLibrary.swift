internal import CEigen

/// The Eigen library, which computes the dense decompositions. For `doctor` and bug reports.
public enum EigenLibrary {
  /// The version that Surefoot was compiled with, `3.4.0`.
  public static var version: String { String(cString: ce_version()) }
}
