public import Dynamics
public import Kinematics

/// Where the soles' corners are, frame by frame, four of the left foot and four of the right, and how fast they move.
struct SoleTrack {
  /// By frame and corner, in the world [m].
  let corners: [[SIMD3<Double>]]
  private let frameTime: Double

  init(_ motion: Motion, body: BodyModel) {
    corners = motion.poses.map { body.solePoints(in: body.state(of: $0)) }
    frameTime = motion.frameTime
  }

  /// A corner's velocity, from the frame before to the frame after where there are both [m/s].
  func velocity(of corner: Int, at i: Int) -> SIMD3<Double> {
    let (before, after) = (max(0, i - 1), min(corners.count - 1, i + 1))
    return (corners[after][corner] - corners[before][corner]) / (Double(max(1, after - before)) * frameTime)
  }
}
