import Dynamics
import Kinematics

/// What all correctors that simulate share: a thread of their own, the clean-up before the simulation, and the judgement
/// after it.
struct SimulatedCorrector: Sendable {
  /// Whose body.
  let body: CorrectorBody
  /// A motion whose joints come further from the input's than this in the mean of a frame is rejected [m].
  let maxError: Double
  /// Whether the simulation is planned: the clean-up then prepares the motion for that.
  let isPlanned: Bool

  /// A cleaned clip, near the origin, where numbers are exact, wherever it was.
  struct Clip {
    /// The reference.
    let motion: PosedMotion
    /// Which frames each foot stands in: one row a foot, left then right.
    let standing: [[Bool]]
    let body: BodyModel
    let cancellation: Cancellation
  }

  /// A simulation's result.
  struct Outcome {
    /// The simulated motion; the reference where the simulation failed.
    var motion: PosedMotion
    /// Why there is no motion, if so.
    var failure: String?
    /// The residual wrench, a frame [body weights].
    var appliedResidual: [Double] = []
    /// Each joint's largest torque [N m].
    var peakTorques: [String: Double]?
    var planning: PlanningCounts?
    var notes: [String] = []
  }

  /// Corrects one motion by a simulation.
  func correct(
    _ motion: Motion, simulate: @escaping @Sendable (Clip) throws -> Outcome
  ) async throws -> Correction {
    try await RestPoseTrimmer(motion).correct { motion in
      try await CorrectorThread.run { try correctHere(motion, $0, simulate) }
    }
  }

  private func correctHere(
    _ motion: Motion, _ cancellation: Cancellation, _ simulate: (Clip) throws -> Outcome
  ) throws -> Correction {
    let started = ProcessorTime.thread
    try CorrectorBody.check(motion)
    let anatomy = try body.anatomy(for: motion)
    let input = PosedMotion(motion)
    let body = try self.body.body(for: input, anatomy: anatomy)
    try cancellation.check()
    let origin = motion.poses[0].rootPosition.horizontal
    let cleanup = try KinematicCleanup.clean(
      input.moved(by: -origin), body: body, floorTolerance: self.body.floorTolerance(for: motion),
      forPlanning: isPlanned, cancellation: cancellation)
    let outcome = try simulate(
      Clip(motion: cleanup.motion, standing: cleanup.standing, body: body, cancellation: cancellation))
    try cancellation.check()
    let assessment = CorrectionAssessment(input: input, body: body, maxError: maxError, warnsOfShortMotions: true)
    let notes = [body.missingParts].compactMap { $0 } + cleanup.notes + outcome.notes
    var correction: Correction
    if let failure = outcome.failure {
      correction = assessment.rejection(
        reason: failure, contacts: cleanup.contacts, appliedResidual: outcome.appliedResidual, notes: notes,
        seconds: ProcessorTime.thread - started)
    } else {
      correction = assessment.correction(
        to: outcome.motion.moved(by: origin), raised: cleanup.raised, contacts: cleanup.contacts,
        appliedResidual: outcome.appliedResidual, notes: notes, seconds: ProcessorTime.thread - started)
    }
    correction.report.peakTorques = outcome.peakTorques
    correction.report.planning = outcome.planning
    return correction
  }
}
