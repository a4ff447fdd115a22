import Dynamics
import Kinematics

extension FootContacts {
  /// The corners of a body's soles: four of the left foot, then four of the right.
  init(soles motion: PosedMotion, body: BodyModel) {
    self.init(
      positions: motion.poses.indices.map { body.solePoints(in: body.state(of: motion.frames(at: $0))) },
      frameTime: motion.motion.frameTime, on: body.ground)
  }

  /// The frames in which each foot stands, since a corner of its sole is slow and low: one row a foot, left then right.
  var standing: [[Bool]] { [contacts(anyOf: 0..<4, .soleCorners), contacts(anyOf: 4..<8, .soleCorners)] }
}
