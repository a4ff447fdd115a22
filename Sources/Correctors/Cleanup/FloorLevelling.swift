public import Dynamics
public import Kinematics

/// Puts a motion on the floor: one height for the whole clip, so that no jump is flattened.
enum FloorLevelling {
  /// A clip whose floor is in here is left where it is [m], where the soles were calibrated on it.
  static let tolerance = -0.01...0.01
  /// The same where one body serves all clips of a set [m]. Such a set is level already; by one body's soles the floors of
  /// clean captured clips scatter by 25 mm, and a model's samples, whose feet shake, reach 30 mm deeper with pelvis and
  /// head where they should be. To raise them would set them apart from all real motion: their feet alone are raised.
  static let sharedTolerance = -0.045...0.025

  /// The height of the floor that the motion seems to stand on: the lower quartile of its lowest points [m].
  static func floor(of motion: Motion, body: BodyModel) -> Double {
    motion.poses.map { body.lowestPoint(in: body.state(of: $0)) }.quantile(0.25)
  }

  /// The motion with its floor at 0, and by how much it was raised [m].
  static func apply(_ motion: Motion, body: BodyModel, tolerance: ClosedRange<Double>) -> (Motion, raised: Double) {
    let floor = floor(of: motion, body: body)
    guard !tolerance.contains(floor) else { return (motion, 0) }
    var result = motion
    for i in result.poses.indices { result.poses[i].rootPosition.y -= floor }
    return (result, -floor)
  }

  /// Lifts the root over frames in which a part other than the feet is below the floor, smoothly in time. A foot's
  /// depth is fixed by its leg, for lifting the root changes the whole body's momentum.
  static func liftBody(_ motion: Motion, body: BodyModel) -> Motion {
    var lift = motion.poses.map { pose in
      let state = body.state(of: pose)
      return body.bodies.indices.filter { !body.bodies[$0].segment.isFoot }
        .reduce(0.0) { max($0, -body.lowestPoint(of: $1, in: state)) }
    }
    guard lift.contains(where: { $0 > 1e-4 }) else { return motion }
    let frames = 1.0 / 30 / motion.frameTime
    lift = lift.dilated(max(1, Int(frames.rounded()))).blurred(frames)
    var result = motion
    for i in result.poses.indices { result.poses[i].rootPosition.y += lift[i] }
    return result
  }
}
