import Dynamics
public import Kinematics

/// Corrects what geometry alone can: noise, the floor's height, parts below the floor, sliding and tilted feet.
///
///     let correction = try await KinematicCorrector().correct(clip.motion, seed: 0)
///
/// Use it for a fast clean-up, where the body may still lean so that it would fall. It smooths only where there is noise,
/// moves the whole clip to one level, finds contacts by the speed and height of the sole's corners, and gives each contact
/// one fixed footprint that two-bone inverse kinematics reaches (see `FootLock`). Nothing is random.
public struct KinematicCorrector: Corrector {
  /// Whose body.
  public var body: CorrectorBody
  /// A motion whose joints come further from the input's than this in the mean of a frame is rejected [m].
  public var maxError = KinematicCorrector.defaultMaxError

  /// What a person says about the clip's feet: contacts, or a mode.
  public var feet: FootConstraints

  private static let defaultMaxError = 0.5

  /// `kinematic`, with what differs from the default settings.
  public var name: String {
    "kinematic"
      + SettingDifferences().adding("maxError", maxError, default: Self.defaultMaxError)
      .adding("feet", feet.description, default: FootConstraints().description).suffix
  }

  /// A corrector for one body, or for any.
  public init(body: CorrectorBody = CorrectorBody(), feet: FootConstraints = FootConstraints()) {
    self.body = body
    self.feet = feet
  }

  /// Corrects one motion on a thread of its own; see ``Corrector/correct(_:seed:)``.
  public func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
    var corrector = self
    let trimmer = RestPoseTrimmer(motion)
    corrector.feet = feet.within(trimmer.range)
    return try await trimmer.correct { [corrector] motion in
      try await CorrectorThread.run { try corrector.correctHere(motion, $0) }
    }
  }

  private func correctHere(_ motion: Motion, _ cancellation: Cancellation) throws -> Correction {
    let started = ProcessorTime.thread
    try CorrectorBody.check(motion)
    let input = PosedMotion(motion)
    let body = try self.body.body(for: input, anatomy: self.body.anatomy(for: motion))
    try cancellation.check()
    let cleanup = try KinematicCleanup.clean(
      input, body: body, floorTolerance: self.body.floorTolerance(for: motion), feet: feet,
      cancellation: cancellation)
    try cancellation.check()
    let (cleared, clearance) = CarriedClearance.cleared(cleanup.motion, body: body)
    try cancellation.check()
    let assessment = CorrectionAssessment(
      input: input, body: body, maxError: maxError, limits: FollowingLimits(), warnsOfShortMotions: true)
    let correction = assessment.correction(
      to: cleared, raised: cleanup.raised,
      contacts: LoadedContacts.contacts(of: cleared, standing: cleanup.contacts, body: body),
      notes: [body.missingParts].compactMap { $0 } + cleanup.notes + clearance,
      seconds: ProcessorTime.thread - started)
    try cancellation.check()
    return correction
  }
}
