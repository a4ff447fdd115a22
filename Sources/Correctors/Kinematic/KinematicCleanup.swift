import Dynamics
import Kinematics

/// The stages of the kinematic correction, and what each did.
///
/// Each stage turns a ``PosedMotion`` into another and leaves alone what needs nothing of it.
struct KinematicCleanup {
  /// The cleaned motion.
  private(set) var motion: PosedMotion
  /// Which frames each foot stands in: one row a foot, left then right.
  private(set) var standing: [[Bool]] = [[], []]
  /// By how much the whole clip was raised [m].
  private(set) var raised = 0.0
  private(set) var notes: [String] = []
  /// What each foot was to do.
  private(set) var schedule = ContactSchedule(standing: [[], []])

  private let body: BodyModel

  /// Cleans a motion.
  ///
  /// - Parameters:
  ///   - floorTolerance: A floor in here stays where it is [m].
  ///   - forPlanning: Whether a planned simulation follows the result. It can follow no pop, no drift over standing feet
  ///     and no measuring noise: all three are taken out, and lifts of the feet are smoothed over frames
  ///     (``FootLock/smoothsLifts``).
  ///   - feet: What a person says about the feet.
  static func clean(
    _ motion: PosedMotion, body: BodyModel, floorTolerance: ClosedRange<Double> = FloorLevelling.tolerance,
    forPlanning: Bool = false, feet: FootConstraints = FootConstraints(), cancellation: Cancellation = Cancellation()
  ) throws -> KinematicCleanup {
    var cleanup = KinematicCleanup(motion: motion, body: body)
    if forPlanning { cleanup.bridgePops() }
    try cancellation.check()
    cleanup.smoothNoise(always: forPlanning)
    try cancellation.check()
    cleanup.level(tolerance: floorTolerance)
    if forPlanning { cleanup.removeDrift() }
    cleanup.motion = FloorLevelling.liftBody(cleanup.motion, body: body)
    try cancellation.check()
    cleanup.lockFeet(smoothly: forPlanning, feet)
    return cleanup
  }

  private init(motion: PosedMotion, body: BodyModel) {
    self.motion = motion
    self.body = body
  }

  /// Contacts as the report has them.
  var contacts: [GroundContacts] {
    zip(standing[0], standing[1]).map { GroundContacts(left: $0, right: $1) }
  }

  private mutating func bridgePops() {
    let count: Int
    (motion, count) = PoseLeaps.apply(motion, body: body)
    if count > 0 { notes.append("\(count) pops of a few frames were bridged.") }
  }

  private mutating func smoothNoise(always: Bool) {
    let width: Double
    (motion, width) = MotionSmoothing.apply(motion, body: body)
    if width > 0 {
      notes.append("Noise was smoothed with weights of \(thousandths(width)) ms.")
    } else if always {
      motion = MotionSmoothing.smoothed(motion, width: MotionSmoothing.fine, joints: body.bipedJoints)
    }
  }

  private mutating func level(tolerance: ClosedRange<Double>) {
    (motion, raised) = FloorLevelling.apply(motion, body: body, tolerance: tolerance)
    if raised != 0 { notes.append("The clip was moved by \(thousandths(raised)) mm onto the floor.") }
  }

  private mutating func removeDrift() {
    let moved: Double
    (motion, moved) = RootDrift.apply(motion, body: body)
    if moved > 0 { notes.append("A drift of the root of up to \(thousandths(moved)) mm was taken out.") }
  }

  private mutating func lockFeet(smoothly: Bool, _ feet: FootConstraints) {
    schedule = feet.schedule(detected: FootContacts(soles: motion, body: body).standing)
    (motion, standing) = FootLock(body: body, smoothsLifts: smoothly, keepsAcceleration: !smoothly).apply(
      motion, schedule)
  }
}

/// Metres in millimetres, or seconds in milliseconds, for a note.
private func thousandths(_ x: Double) -> Int { Int(max(min(x * 1000, 1e9), -1e9).rounded()) }
