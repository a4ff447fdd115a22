public import Dynamics
public import Kinematics
import Retargeting

/// The forces of a corrected motion, from inverse dynamics of the motion as it is written.
///
///     let forces = try CorrectionForces(of: correction, from: clip.motion)
///     try ForceFile.write(forces, to: url, convention: clip.convention)
///
/// The feet that may bear force are those that the correction's report has standing, and those that are near the floor and
/// slow, as they land and leave. Where the report does not say, all feet near the floor may. Frames of an artificial rest pose at either end have no forces.
public struct CorrectionForces: Sendable {
  /// The forces of the captured frames.
  public let forces: MotionForces
  /// Which of the motion's frames these are.
  public let frames: Range<Int>
  /// The number of the motion's frames.
  public let count: Int
  /// Seconds from one frame to the next.
  public let frameTime: Double
  /// The body's mass [kg].
  public let mass: Double
  /// The joints' names, one for each segment but the pelvis, in the order of ``Segment``.
  public let joints: [String]

  /// Finds the forces of a correction.
  ///
  /// - Parameters:
  ///   - correction: What a corrector gave.
  ///   - input: The motion that it was given: soles are calibrated on it, as for the correction.
  ///   - body: Whose forces.
  /// - Throws: ``SurefootError`` for a motion that no corrector takes.
  public init(of correction: Correction, from input: Motion, body: CorrectorBody = CorrectorBody()) throws {
    let trimmer = RestPoseTrimmer(input)
    frames = trimmer.range
    count = input.count
    frameTime = input.frameTime
    let before = trimmer.motion.frames(frames)
    let after = correction.motion.frames(frames)
    let model = try body.body(for: before)
    let contacts = correction.report.contacts
    let soles = FootContacts(soles: PosedMotion(after), body: model)
    let near = [0..<4, 4..<8].map { corners in
      after.poses.indices.map { soles.rests(anyOf: corners, at: $0, .underDrift) }
    }
    let standing =
      contacts.count == count
      ? [contacts[frames].map(\.left), contacts[frames].map(\.right)].enumerated().map { side, reported in
        zip(reported, near[side]).map { $0 || $1 }
      } : nil
    forces = MotionForces(after, body: model, standing: standing)
    mass = model.mass
    joints = model.bodies.dropFirst().map { input.skeleton.joints[$0.driven.first ?? 0].name }
  }
}
