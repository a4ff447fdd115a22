public import Kinematics

/// A change of the predicted clean motions inside sampling: PhysDiff's physics projection (Yuan et al., ICCV 2023,
/// arXiv 2212.02500), or any other.
public struct Projection: Sendable {
  /// During how many of the last steps the motions are changed; PhysDiff's best schedule is 4.
  public var lastSteps: Int
  /// The change: motions of the model's skeleton, rate and length in, as many of the same lengths out. The number counts
  /// the steps to come after this one.
  public var project: @Sendable (_ clean: [Motion], _ stepsLeft: Int) async throws -> [Motion]

  /// A projection by its parts.
  public init(
    lastSteps: Int = 4, project: @escaping @Sendable (_ clean: [Motion], _ stepsLeft: Int) async throws -> [Motion]
  ) {
    self.lastSteps = lastSteps
    self.project = project
  }
}
