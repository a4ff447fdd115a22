public import Mocap

/// How far two motions of one skeleton are apart.
public struct MotionDifference: Sendable, Hashable, Codable {
  /// Mean distance of the joints in the world [mm]: MPJPE.
  public var mpjpe: Double
  /// The same with both roots at the origin [mm].
  public var rootRelativeMPJPE: Double
  /// Mean difference of the joints' second differences [mm per frame^2].
  public var accelerationError: Double
  /// The largest mean joint distance of any frame [mm].
  public var worstFrame: Double

  /// Compares two motions frame by frame.
  ///
  /// - Precondition: They have the same number of joints and frames.
  public init(_ a: Motion, _ b: Motion) {
    precondition(a.skeleton.count == b.skeleton.count && a.count == b.count, "motions of one shape")
    let (p, q) = (a.jointPositions, b.jointPositions)
    let joints = Double(a.skeleton.count)
    var sums = (world: 0.0, local: 0.0, acceleration: 0.0)
    var worst = 0.0
    for i in p.indices {
      var frame = 0.0
      for j in p[i].indices {
        let gap = p[i][j] - q[i][j]
        frame += gap.length
        sums.local += (gap - (p[i][0] - q[i][0])).length
        guard i > 0, i + 1 < p.count else { continue }
        let before = p[i - 1][j] - q[i - 1][j]
        let after = p[i + 1][j] - q[i + 1][j]
        sums.acceleration += (after - 2 * gap + before).length
      }
      sums.world += frame
      worst = max(worst, frame / joints)
    }
    let count = joints * Double(max(1, p.count))
    mpjpe = 1000 * sums.world / count
    rootRelativeMPJPE = 1000 * sums.local / count
    accelerationError = 1000 * sums.acceleration / (joints * Double(max(1, p.count - 2)))
    worstFrame = 1000 * worst
  }
}
