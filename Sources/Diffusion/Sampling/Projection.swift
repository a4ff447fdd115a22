public import Kinematics

/// A change of the predicted clean motions during sampling: PhysDiff's physics projection (Yuan et al., ICCV 2023,
/// arXiv 2212.02500), or any other.
public struct Projection: Sendable {
  /// The number of steps in which the motions are changed; PhysDiff's best schedule is the 4 last.
  public var lastSteps: Int
  /// The share of the steps after which changes begin: they are spread evenly from there to the last step. Where fewer
  /// steps are left, as with 1, they are the last ones.
  public var from: Double
  /// Takes motions of the model's skeleton, rate and length and returns as many of the same lengths. The first number
  /// counts the steps after this one; the second is the first motion's index among all of its seed. After the last step
  /// the motions are the samples, without passing through the model's space again.
  public var project: @Sendable (_ clean: [Motion], _ stepsLeft: Int, _ first: Int) async throws -> [Motion]

  /// A projection for a ``Sampler``.
  public init(
    lastSteps: Int = 4, from: Double = 1,
    project: @escaping @Sendable (_ clean: [Motion], _ stepsLeft: Int, _ first: Int) async throws -> [Motion]
  ) {
    self.lastSteps = lastSteps
    self.from = from
    self.project = project
  }

  /// The steps of a sampling in which motions are changed.
  func steps(of count: Int) -> Set<Int> {
    let number = min(count, max(0, lastSteps))
    guard number > 0 else { return [] }
    let start = min(count - number, Int((min(1, max(0, from)) * Double(count)).rounded(.down)))
    guard number > 1 else { return [count - 1] }
    return Set((0..<number).map { start + (count - 1 - start) * $0 / (number - 1) })
  }
}
