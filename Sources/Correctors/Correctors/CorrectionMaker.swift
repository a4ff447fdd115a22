public import Dynamics
public import Kinematics

/// Judges a corrector's output and writes its report: every corrector's last step.
struct CorrectionMaker {
  let input: Motion
  let body: BodyModel
  /// The thread's CPU time when the corrector began.
  let started: Double
  let largestError: Double

  /// Joints that moved less than this in the mean did not move [mm].
  private static let unmoved = 0.01

  /// - Parameters:
  ///   - raised: By how much the clip was moved onto the floor, which counts as no error of tracking [m].
  ///   - failure: Why there is no output, if so.
  func make(
    _ output: Motion, raised: Double, contacts: [FootContacts], applied: [Double], notes: [String],
    failure: String? = nil
  ) -> Correction {
    let verdict = failure.map { .rejected(reason: $0) } ?? verdict(output, raised: raised)
    let motion = verdict == .corrected ? output : input
    let before = PlausibilityMetrics.measure(input, body: body)
    let difference = MotionDifference(input, motion)
    var notes = notes
    if verdict == .corrected, motion.count < 3 { notes.append("A motion of fewer than 3 frames has no dynamics.") }
    let report = CorrectionReport(
      before: before, after: verdict == .corrected ? .measure(motion, body: body) : before, mpjpe: difference.mpjpe,
      rootRelativeMPJPE: difference.rootRelativeMPJPE, accelerationError: difference.accelerationError,
      appliedResidual: applied, contacts: contacts, jointsAtLimit: jointsAtLimit(motion),
      seconds: ProcessorTime.thread - started, notes: notes)
    return Correction(motion: motion, verdict: verdict, report: report)
  }

  private func verdict(_ output: Motion, raised: Double) -> Verdict {
    guard output.isFinite else { return .rejected(reason: "the result has numbers that are not finite") }
    var level = input
    for i in level.poses.indices { level.poses[i].rootPosition.y += raised }
    let difference = MotionDifference(level, output)
    if difference.worstFrame > 1000 * largestError {
      return .rejected(
        reason: "a frame's joints are \(Int(difference.worstFrame)) mm from the input's in the mean, more than "
          + "\(Int(1000 * largestError)) mm")
    }
    return difference.worstFrame < CorrectionMaker.unmoved && raised == 0 ? .unchanged : .corrected
  }

  private func jointsAtLimit(_ motion: Motion) -> [String] {
    let limits = JointLimits(body: body)
    let segments = Set(motion.poses.flatMap { limits.excesses(in: body.state(of: $0)).map(\.segment) })
    return segments.sorted { $0.rawValue < $1.rawValue }.map {
      body.skeleton.joints[body.bodies[$0.rawValue].carrier].name
    }
  }
}
