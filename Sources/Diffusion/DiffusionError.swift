/// What keeps a model from being trained, loaded or sampled: what is wrong, and what would mend it.
public struct DiffusionError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of fault.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    /// The code's name.
    public let description: String
    /// No window to train on.
    public static let emptyDataset = Code(description: "emptyDataset")
    /// Motions of another skeleton than the model's.
    public static let skeleton = Code(description: "skeleton")
    /// Motions at another frame rate than the model's.
    public static let frameRate = Code(description: "frameRate")
    /// An action that the model was not made for.
    public static let action = Code(description: "action")
    /// A motion with too few or too many frames, or one that is not finite.
    public static let motion = Code(description: "motion")
    /// A loss or gradient that is NaN or infinite.
    public static let diverged = Code(description: "diverged")
    /// A checkpoint that does not hold what its configuration says.
    public static let checkpoint = Code(description: "checkpoint")
    /// Settings that contradict each other or lie outside their range.
    public static let configuration = Code(description: "configuration")
  }

  /// The kind of fault.
  public var code: Code
  /// What is wrong, in one clause.
  public var problem: String
  /// What the user can do about it, in one clause.
  public var mend: String

  /// An error by its parts.
  public init(_ code: Code, _ problem: String, mend: String) {
    self.code = code
    self.problem = problem
    self.mend = mend
  }

  /// `problem; mend`.
  public var description: String { "\(problem); \(mend)" }
}
