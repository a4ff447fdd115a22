public import Support

extension SurefootError.Code {
  /// A motion that is not on the canonical 22-joint skeleton.
  public static let notCanonical = Self(rawValue: "not-canonical")
  /// An encoder or evaluation set that does not fit its input.
  public static let mismatch = Self(rawValue: "mismatch")
}

extension SurefootError {
  /// Fewer motions than a metric needs.
  package static func tooFew(what: String, have: Int, need: Int) -> SurefootError {
    SurefootError(
      .notEnoughData, message: "\(what): \(have) motions, at least \(need) are needed",
      suggestion: "prepare more motion or ask for more samples")
  }

  /// A NaN or an infinity where a number belongs.
  package static func notFinite(_ subject: String) -> SurefootError {
    SurefootError(
      .notFinite, message: "\(subject) is not finite", suggestion: "a motion of the set holds NaN or infinity")
  }

  /// A motion that is not on the canonical 22-joint skeleton.
  package static func notCanonical(_ name: String) -> SurefootError {
    SurefootError(
      .notCanonical, message: "\(name) is not on the canonical 22-joint skeleton",
      suggestion: "prepare it with `surefoot data prepare`")
  }

  /// An encoder or evaluation set that does not fit its input.
  package static func mismatch(_ message: String) -> SurefootError { SurefootError(.mismatch, message: message) }
}
