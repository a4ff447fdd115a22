import Dynamics
public import Kinematics

/// Corrects a motion that is to be played over and over: the last pose and velocity meet the first.
///
///     let corrector = CycleCorrector(KinematicCorrector())
///     let loop = try await corrector.correct(walk, seed: 0).motion
///
/// The clip's ends are brought together, three cycles in a row are corrected, so that feet stand across the seam, and the
/// middle one is the result. See ``MotionCycle``.
public struct CycleCorrector: Corrector {
  /// What corrects.
  public var corrector: any Corrector
  /// Whose body.
  public var body: CorrectorBody
  /// How far a cycle moves the body on, where that is known [m].
  public var displacement: SIMD3<Double>?

  /// A corrector of cycles by another one.
  public init(_ corrector: any Corrector, body: CorrectorBody = CorrectorBody(), displacement: SIMD3<Double>? = nil) {
    self.corrector = corrector
    self.body = body
    self.displacement = displacement
  }

  /// `cycle(NAME)`.
  public var name: String { "cycle(\(corrector.name))" }

  /// Corrects one cycle.
  ///
  /// - Throws: ``SurefootError`` for a clip that cannot cycle, and what the corrector throws.
  public func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
    try CorrectorBody.check(motion)
    let cycle = try MotionCycle(of: motion, displacement: displacement)
    var correction = try await corrector.correct(cycle.thrice(cycle.closed(motion)), seed: seed)
    let middle = MotionCycle.middle(motion.count)
    let output = cycle.closed(correction.motion.frames(middle))
    let model = try body.body(for: motion)
    var report = CorrectionReport.assess(from: PosedMotion(motion), to: PosedMotion(output)) {
      .measure($0, body: model)
    }
    let whole = correction.report
    if whole.appliedResidual.count > middle.upperBound { report.appliedResidual = Array(whole.appliedResidual[middle]) }
    if whole.contacts.count > middle.upperBound { report.contacts = Array(whole.contacts[middle]) }
    report.jointsAtLimit = whole.jointsAtLimit
    report.peakTorques = whole.peakTorques
    report.planning = whole.planning
    report.corrector = whole.corrector
    report.seconds = whole.seconds
    report.notes = ["Times are those of three cycles in a row, of which the second is the result."] + whole.notes
    guard correction.verdict.isUsable else {
      correction.motion = motion
      correction.report = CorrectionReport(unchanged: report.before)
      correction.report.notes = report.notes
      correction.report.seconds = whole.seconds
      return correction
    }
    return Correction(motion: output, verdict: .corrected, report: report)
  }
}
