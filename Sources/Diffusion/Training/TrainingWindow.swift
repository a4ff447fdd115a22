public import Kinematics

/// A motion to learn from, with its action; real or synthetic.
public struct TrainingWindow: Sendable, Hashable {
  /// What moves, and how.
  public var motion: Motion
  /// The action label.
  public var action: String

  /// A window by its parts.
  public init(motion: Motion, action: String) {
    self.motion = motion
    self.action = action
  }
}
