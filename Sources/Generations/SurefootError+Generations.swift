public import Support

extension SurefootError.Code {
  /// The folder holds a run with other inputs, or of an earlier version.
  public static let differentRun = Self(rawValue: "different-run")
  /// The model's samples are not usable motion.
  public static let unusableSamples = Self(rawValue: "unusable-samples")
  /// A reward or a curator that broke its contract.
  public static let invalidReward = Self(rawValue: "invalid-reward")
  /// A part that cannot do what the specification asks of it.
  public static let unsupported = Self(rawValue: "unsupported")
}

extension SurefootError {
  package static func noData(_ message: String) -> SurefootError {
    SurefootError(.notEnoughData, message: message, suggestion: "prepare more motion, or ask for less")
  }

  package static func anotherRun(folder: String, difference: String) -> SurefootError {
    SurefootError(
      .differentRun, message: "\(folder) holds a run with another \(difference)",
      suggestion: "name another folder with -o, or take that run up with its own")
  }

  package static func badSamples(_ message: String) -> SurefootError {
    SurefootError(
      .unusableSamples, message: message, suggestion: "train for more steps or with a lower learning rate")
  }

  package static func badReward(_ message: String) -> SurefootError {
    SurefootError(.invalidReward, message: message, suggestion: "fix it, or select another")
  }

  package static func unsupported(_ message: String) -> SurefootError {
    SurefootError(.unsupported, message: message, suggestion: "change the specification or take another part")
  }
}
