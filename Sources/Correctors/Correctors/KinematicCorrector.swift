public import Dynamics
import Foundation
public import Kinematics

/// Corrects what geometry alone can: noise, the floor's height, parts below the floor, sliding and tilted feet.
///
///     let correction = try await KinematicCorrector().correct(clip.motion, seed: 0)
///
/// Smoothing only where there is noise; one level for the whole clip; contacts by the speed and height of the sole's
/// corners; each contact one fixed footprint reached by two-bone inverse kinematics (see `FootLock`). No law of motion is
/// asked: a body may still lean where it would fall. Nothing is random.
public struct KinematicCorrector: Corrector {
  /// `kinematic`.
  public let name = "kinematic"
  /// Whose body.
  public var body: CorrectorBody
  /// A motion whose joints come further from the input's than this in the mean of a frame is rejected [m].
  public var largestError = 0.5

  /// A corrector for one body, or for any.
  public init(body: CorrectorBody = CorrectorBody()) { self.body = body }

  /// Corrects one motion; see ``Corrector/correct(_:seed:)``.
  public func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
    try await CapturedPart(motion).correct { try correctHere($0) }
  }

  private func correctHere(_ motion: Motion) throws -> Correction {
    let started = ProcessorTime.thread
    let body = try body.body(for: motion)
    let cleanup = KinematicCleanup(
      motion, body: body, floorTolerance: self.body.floorTolerance(for: motion))
    let contacts = KinematicCleanup.contacts(cleanup.standing)
    return CorrectionMaker(input: motion, body: body, started: started, largestError: largestError).make(
      cleanup.motion, raised: cleanup.raised, contacts: contacts, applied: [], notes: cleanup.notes)
  }
}

/// CPU time of the calling thread.
enum ProcessorTime {
  /// [s].
  static var thread: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}
