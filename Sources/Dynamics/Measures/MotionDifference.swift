public import Kinematics

/// The distance between two motions of one skeleton, such as a clip and its correction.
public struct MotionDifference: Sendable, Hashable, Codable {
  /// Mean distance of the joints in the world [mm]: MPJPE.
  public var mpjpe: Double
  /// The mean distance with both roots at the origin [mm].
  public var rootRelativeMPJPE: Double
  /// Mean difference of the joints' second differences [mm per frame^2].
  public var accelerationError: Double
  /// The largest mean joint distance of any frame [mm].
  public var worstFrame: Double

  /// Compares two motions frame by frame.
  ///
  /// - Precondition: They have the same number of joints and frames.
  public init(_ a: Motion, _ b: Motion) { self.init(PosedMotion(uncached: a), PosedMotion(uncached: b)) }

  /// Compares two motions frame by frame, by the forward kinematics that they have.
  ///
  /// - Precondition: They have the same number of joints and frames.
  public init(_ a: PosedMotion, _ b: PosedMotion) {
    let joints = a.motion.skeleton.count
    precondition(
      joints == b.motion.skeleton.count && a.count == b.count, "the motions differ in their joints or frames")
    self.init(joints: joints, frames: a.count) { (a.frames(at: $0).positions, b.frames(at: $0).positions) }
  }

  private init(
    joints jointCount: Int, frames: Int, positions: (Int) -> ([SIMD3<Double>], [SIMD3<Double>])
  ) {
    let joints = Double(jointCount)
    var sums = (world: 0.0, local: 0.0, acceleration: 0.0)
    var worst = 0.0
    // The gaps of the last two frames: whole motions of positions would be large.
    var (earlier, before): ([SIMD3<Double>], [SIMD3<Double>]) = ([], [])
    for i in 0..<frames {
      let (here, there) = positions(i)
      let gaps = zip(here, there).map { $0 - $1 }
      let frame = gaps.reduce(0) { $0 + $1.length }
      for gap in gaps { sums.local += (gap - gaps[0]).length }
      if i > 1 {
        for j in gaps.indices { sums.acceleration += (gaps[j] - 2 * before[j] + earlier[j]).length }
      }
      sums.world += frame
      worst = max(worst, frame / joints)
      (earlier, before) = (before, gaps)
    }
    let count = joints * Double(max(1, frames))
    mpjpe = 1000 * sums.world / count
    rootRelativeMPJPE = 1000 * sums.local / count
    accelerationError = 1000 * sums.acceleration / (joints * Double(max(1, frames - 2)))
    worstFrame = 1000 * worst
  }
}
