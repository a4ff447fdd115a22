import Dynamics
import Kinematics

/// What all correctors that simulate share: a thread of their own, the clean-up before the simulation, the choice of the
/// stretches that need none, and the judgement after it.
struct SimulatedCorrector: Sendable {
  /// Whose body.
  let body: CorrectorBody
  /// A motion whose joints come further from the input's than this in the mean of a frame is rejected [m].
  let maxError: Double
  /// Whether the simulation is planned: the clean-up then prepares the motion for that.
  let isPlanned: Bool
  /// Stretches with a residual wrench up to this are kept without simulation; 0 simulates all [body weights].
  let plausibleResidual: Double
  /// What a person says about the clip's feet.
  var feet = FootConstraints()

  /// A cleaned clip, near the origin, where numbers are exact, wherever it was.
  struct Clip {
    /// The reference.
    let motion: PosedMotion
    /// Which frames each foot stands in: one row a foot, left then right.
    let standing: [[Bool]]
    /// What each foot was to do.
    let schedule: ContactSchedule
    let body: BodyModel
    /// The frames that have to be simulated; the rest is kept.
    let ranges: [Range<Int>]
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
    /// CPU seconds that other threads spent.
    var secondsElsewhere = 0.0
  }

  /// Corrects one motion by a simulation.
  func correct(
    _ motion: Motion, simulate: @escaping @Sendable (Clip) throws -> Outcome
  ) async throws -> Correction {
    let trimmer = RestPoseTrimmer(motion)
    var trimmed = self
    trimmed.feet = feet.within(trimmer.range)
    return try await trimmer.correct { [trimmed] motion in
      try await CorrectorThread.run { try trimmed.correctHere(motion, $0, simulate) }
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
    var local = body
    local.ground = body.ground.moved(by: -origin)
    // What is cleaned for a plan follows the input less closely: the gentle clean-up is kept where it can be.
    let gentle = try clean(input.moved(by: -origin), local, motion, forPlanning: false, cancellation)
    let kept = plausible(gentle, local)
    var cleanup = gentle
    var outcome: Outcome
    var contacts = gentle.contacts
    if let kept, kept.stretches.isWhole {
      outcome = Outcome(motion: kept.motion, notes: [kept.stretches.note])
    } else {
      if isPlanned {
        cleanup = try clean(input.moved(by: -origin), local, motion, forPlanning: true, cancellation)
        contacts = cleanup.contacts
      }
      outcome = try simulate(
        Clip(
          motion: cleanup.motion, standing: cleanup.standing, schedule: cleanup.schedule, body: local,
          ranges: kept?.stretches.simulatedRanges(margin: PredictiveParts.margin) ?? [motion.poses.indices],
          cancellation: cancellation))
      try cancellation.check()
      if let kept, outcome.failure == nil { keep(kept, in: &outcome, &contacts) }
    }
    try cancellation.check()
    let assessment = CorrectionAssessment(
      input: input, body: body, maxError: maxError, limits: FollowingLimits(), warnsOfShortMotions: true)
    let notes = [body.missingParts].compactMap { $0 } + cleanup.notes + outcome.notes
    var correction: Correction
    if let failure = outcome.failure {
      correction = assessment.rejection(
        reason: failure, contacts: contacts, appliedResidual: outcome.appliedResidual, notes: notes,
        seconds: ProcessorTime.thread - started + outcome.secondsElsewhere)
    } else {
      let (cleared, clearance) = CarriedClearance.cleared(outcome.motion, body: local)
      correction = assessment.correction(
        to: cleared.moved(by: origin), raised: cleanup.raised,
        contacts: LoadedContacts.contacts(of: cleared, standing: contacts, body: local),
        appliedResidual: outcome.appliedResidual, notes: notes + clearance,
        seconds: ProcessorTime.thread - started + outcome.secondsElsewhere)
    }
    correction.report.peakTorques = outcome.peakTorques
    correction.report.planning = outcome.planning
    return correction
  }

  /// A motion of which the plausible stretches are kept.
  private struct Kept {
    let motion: PosedMotion
    let contacts: [GroundContacts]
    /// Where it is plausible by itself.
    let stretches: PlausibleStretches
  }

  private func clean(
    _ input: PosedMotion, _ body: BodyModel, _ motion: Motion, forPlanning: Bool, _ cancellation: Cancellation
  ) throws -> KinematicCleanup {
    try KinematicCleanup.clean(
      input, body: body, floorTolerance: self.body.floorTolerance(for: motion), forPlanning: forPlanning, feet: feet,
      cancellation: cancellation)
  }

  /// The kinematic correction within the joints' limits; `nil` if all is to be simulated.
  private func plausible(_ gentle: KinematicCleanup, _ body: BodyModel) -> Kept? {
    guard plausibleResidual > 0 else { return nil }
    let inLimits = LimitClearance(body: body).apply(gentle.motion)
    let (clear, _) = ArmClearance(body: body).apply(inLimits)
    return Kept(
      motion: clear, contacts: gentle.contacts,
      stretches: PlausibleStretches(of: clear, body: body, tolerance: plausibleResidual))
  }

  /// Puts the stretches that are as plausible as the simulation in its place.
  private func keep(_ kept: Kept, in outcome: inout Outcome, _ contacts: inout [GroundContacts]) {
    let stretches = kept.stretches.compared(with: outcome.motion)
    guard !stretches.isEmpty else { return }
    outcome.motion = stretches.merge(with: outcome.motion)
    outcome.notes.append(stretches.note)
    for (index, share) in stretches.shares.enumerated() where share >= 0.5 { contacts[index] = kept.contacts[index] }
  }
}
