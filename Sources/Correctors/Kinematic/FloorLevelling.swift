import Dynamics
import Kinematics

/// Puts a motion on the floor: one height for the whole clip, so that no jump is flattened.
enum FloorLevelling {
  /// A clip whose floor is in here is left where it is [m], where the soles were calibrated on it.
  static let tolerance = -0.01...0.01
  /// The same where one body serves all clips of a set [m]. Such a set is level already; by one body's soles the floors of
  /// clean captured clips scatter by 25 mm, and a model's samples, whose feet shake, reach 30 mm deeper with pelvis and
  /// head where they should be. To raise them would set them apart from all real motion: their feet alone are raised.
  static let sharedTolerance = -0.045...0.025

  /// The motion with its floor at 0, and by how much it was raised [m].
  static func apply(_ motion: PosedMotion, body: BodyModel, tolerance: ClosedRange<Double>)
    -> (PosedMotion, raised: Double)
  {
    let floor = body.floor(under: motion)
    guard !tolerance.contains(floor) else { return (motion, 0) }
    return (motion.raised { _ in -floor }, -floor)
  }

  /// Lifts the root over frames in which a part other than the feet is below the floor, smoothly in time. The legs set
  /// the feet's heights, for lifting the root changes the whole body's momentum.
  static func liftBody(_ motion: PosedMotion, body: BodyModel) -> PosedMotion {
    var lift = motion.poses.indices.map { index in
      let state = body.state(of: motion.frames(at: index))
      return body.bodies.indices.filter { !body.bodies[$0].segment.isFoot }
        .reduce(0.0) { max($0, body.depth(of: $1, in: state)) }
    }
    guard lift.contains(where: { $0 > 1e-4 }) else { return motion }
    let frames = 1.0 / 30 / motion.motion.frameTime
    lift = lift.dilated(max(1, Int(frames.rounded()))).blurred(frames)
    return motion.raised { lift[$0] }
  }
}

extension CorrectorBody {
  /// How far off a motion's floor may be and stay [m].
  func floorTolerance(for motion: Motion) -> ClosedRange<Double> {
    isShared(by: motion) ? FloorLevelling.sharedTolerance : FloorLevelling.tolerance
  }
}
