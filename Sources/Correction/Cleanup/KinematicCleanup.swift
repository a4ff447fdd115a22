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

  /// - Parameter floorTolerance: A floor in here stays where it is [m].
  init(_ input: Motion, body: BodyModel, floorTolerance: ClosedRange<Double> = FloorLevelling.tolerance) {
    let (smooth, width) = MotionSmoothing.apply(input, body: body)
    if width > 0 { notes.append("Noise was smoothed with weights of \(milliseconds(width)) ms.") }
    let (level, raised) = FloorLevelling.apply(smooth, body: body, tolerance: floorTolerance)
    if raised != 0 { notes.append("The clip was moved by \(milliseconds(raised)) mm onto the floor.") }
    self.raised = raised
    let lifted = FloorLevelling.liftBody(level, body: body)
    (motion, standing) = FootLock(body: body).apply(lifted, contacts: ContactDetection.contacts(of: lifted, body: body))
  }

  /// Contacts as the report has them.
  static func contacts(_ standing: [[Bool]]) -> [FootContacts] {
    zip(standing[0], standing[1]).map { FootContacts(left: $0, right: $1) }
  }
}

private func milliseconds(_ x: Double) -> Int { Int(max(min(x * 1000, 1e9), -1e9).rounded()) }
