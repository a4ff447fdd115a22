import Dynamics
import Mocap

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
  ///   - steadies: Whether feet's lifts are spread over frames; see ``FootLock/steadies``.
  init(
    _ input: Motion, body: BodyModel, floorTolerance: ClosedRange<Double> = FloorLevelling.tolerance,
    steadies: Bool = false
  ) {
    let (smooth, width) = MotionSmoothing.apply(input, body: body)
    if width > 0 { notes.append("Noise was smoothed with weights of \(milliseconds(width)) ms.") }
    let (level, raised) = FloorLevelling.apply(smooth, body: body, tolerance: floorTolerance)
    if raised != 0 { notes.append("The clip was moved by \(milliseconds(raised)) mm onto the floor.") }
    self.raised = raised
    let lifted = FloorLevelling.liftBody(level, body: body)
    let contacts = ContactDetection.contacts(of: lifted, body: body)
    (motion, standing) = FootLock(body: body, steadies: steadies).apply(lifted, contacts: contacts)
  }

  /// Contacts as the report has them.
  static func contacts(_ standing: [[Bool]]) -> [FootContacts] {
    zip(standing[0], standing[1]).map { FootContacts(left: $0, right: $1) }
  }
}

private func milliseconds(_ x: Double) -> Int { Int(max(min(x * 1000, 1e9), -1e9).rounded()) }
