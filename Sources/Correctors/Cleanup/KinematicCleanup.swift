public import Dynamics
public import Kinematics

/// The steps of the kinematic correction, and what each did.
struct KinematicCleanup {
  var motion: Motion
  /// One row a foot, left then right.
  var standing: [[Bool]]
  /// By how much the whole clip was raised [m].
  var raised: Double
  var notes: [String] = []

  /// - Parameters:
  ///   - floorTolerance: A floor in here stays where it is [m].
  ///   - forPlanning: Whether a planned simulation follows the result. It can follow no pop, no drift over standing feet
  ///     and no measuring noise: all three are taken out, and feet's lifts are spread over frames
  ///     (``FootLock/steadies``).
  init(
    _ input: Motion, body: BodyModel, floorTolerance: ClosedRange<Double> = FloorLevelling.tolerance,
    forPlanning: Bool = false
  ) {
    let (whole, pops) = forPlanning ? PoseLeaps.apply(input, body: body) : (input, 0)
    if pops > 0 { notes.append("\(pops) pops of a few frames were bridged.") }
    var (smooth, width) = MotionSmoothing.apply(whole, body: body)
    if width > 0 { notes.append("Noise was smoothed with weights of \(milliseconds(width)) ms.") }
    if width == 0, forPlanning {
      smooth = MotionSmoothing.smoothed(whole, width: MotionSmoothing.fine, joints: body.ownJoints)
    }
    let (level, raised) = FloorLevelling.apply(smooth, body: body, tolerance: floorTolerance)
    if raised != 0 { notes.append("The clip was moved by \(milliseconds(raised)) mm onto the floor.") }
    self.raised = raised
    let (steady, moved) = forPlanning ? RootDrift.apply(level, body: body) : (level, 0)
    if moved > 0 { notes.append("A drift of the root of up to \(milliseconds(moved)) mm was taken out.") }
    let lifted = FloorLevelling.liftBody(steady, body: body)
    let contacts = ContactDetection.contacts(of: lifted, body: body)
    (motion, standing) = FootLock(body: body, steadies: forPlanning).apply(lifted, contacts: contacts)
  }

  /// Contacts as the report has them.
  static func contacts(_ standing: [[Bool]]) -> [FootContacts] {
    zip(standing[0], standing[1]).map { FootContacts(left: $0, right: $1) }
  }
}

private func milliseconds(_ x: Double) -> Int { Int(max(min(x * 1000, 1e9), -1e9).rounded()) }
