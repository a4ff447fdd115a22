public import Support

extension SurefootError.Code {
  /// No window to train on.
  public static let emptyDataset = Self(rawValue: "empty-dataset")
  /// Motions of another skeleton than the model's.
  public static let skeleton = Self(rawValue: "wrong-skeleton")
  /// Motions at another frame rate than the model's.
  public static let frameRate = Self(rawValue: "wrong-frame-rate")
  /// An action that the model was not made for.
  public static let action = Self(rawValue: "unknown-action")
  /// A text for a model that takes none, or captions that a model with texts needs and that are missing.
  public static let text = Self(rawValue: "unusable-text")
  /// A motion with too few or too many frames, or one that is not finite.
  public static let motion = Self(rawValue: "unusable-motion")
  /// A loss or gradient that is NaN or infinite.
  public static let diverged = Self(rawValue: "diverged")
  /// A checkpoint that does not hold what its configuration says.
  public static let checkpoint = Self(rawValue: "invalid-checkpoint")
  /// Constraints of a sample that no motion of the model can meet.
  public static let constraint = Self(rawValue: "impossible-constraint")
  /// Settings that contradict each other or lie outside their range.
  public static let configuration = Self(rawValue: "invalid-configuration")
}

extension SurefootError {
  static let noWindows = SurefootError(
    .emptyDataset, message: "there is no window to learn from",
    suggestion: "check the dataset's training split and labels")

  static func notFinite(_ subject: String) -> SurefootError {
    SurefootError(
      .diverged, message: "\(subject) hold a number that is not finite", suggestion: "leave the faulty clips out")
  }
}
