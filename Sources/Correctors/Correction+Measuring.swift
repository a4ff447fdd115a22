public import Dynamics
public import Kinematics

extension Correction {
  /// Joints whose mean distance to the input's stays below this in every frame did not move [mm].
  static let unmoved = 0.01

  /// The correction of `input` to `output`, judged and measured on one body: the last line of most correctors.
  ///
  ///     let body = try body.body(for: motion)
  ///     ...
  ///     return .measured(from: motion, to: lifted, body: body, notes: ["Lifted by 3 mm."])
  ///
  /// The verdict is `rejected` if the output has a number that is not finite, `unchanged` if no joint moved, and
  /// `corrected` otherwise. A motion that is not `corrected` is the input itself.
  ///
  /// - Parameters:
  ///   - input: What the corrector was given: finite, with at least one frame.
  ///   - output: What it made of it.
  ///   - body: Whose figures are measured.
  ///   - appliedResidual: What the corrector itself pushed the root with, a frame [body weights]; empty if it simulates
  ///     nothing.
  ///   - contacts: Which feet it let stand, a frame; empty if it does not tell.
  ///   - seconds: CPU seconds spent.
  ///   - notes: What a user should know, a sentence each.
  /// - Precondition: The output has the input's skeleton, frame time and number of frames.
  public static func measured(
    from input: Motion, to output: Motion, body: BodyModel, appliedResidual: [Double] = [],
    contacts: [FootContacts] = [], seconds: Double = 0, notes: [String] = []
  ) -> Correction {
    precondition(
      output.skeleton == input.skeleton && output.frameTime == input.frameTime && output.count == input.count,
      "a correction keeps skeleton, frame time and length")
    guard output.isFinite else {
      return .rejected(
        input, reason: "the result has numbers that are not finite", body: body, seconds: seconds, notes: notes)
    }
    let difference = MotionDifference(input, output)
    guard difference.worstFrame >= unmoved else {
      return uncorrected(
        input, .unchanged, body: body, appliedResidual: appliedResidual, contacts: contacts, seconds: seconds,
        notes: notes)
    }
    let report = CorrectionReport(
      before: .measure(input, body: body), after: .measure(output, body: body), mpjpe: difference.mpjpe,
      rootRelativeMPJPE: difference.rootRelativeMPJPE, accelerationError: difference.accelerationError,
      appliedResidual: appliedResidual, contacts: contacts, jointsAtLimit: jointsAtLimit(output, body: body),
      seconds: seconds, notes: notes)
    return Correction(motion: output, verdict: .corrected, report: report)
  }

  /// The input as it was, with the reason why it could not be corrected.
  ///
  /// - Parameters:
  ///   - input: What the corrector was given: finite, with at least one frame.
  ///   - reason: In one clause, for the user.
  ///   - body: Whose figures are measured.
  ///   - seconds: CPU seconds spent.
  ///   - notes: What a user should know, a sentence each.
  public static func rejected(
    _ input: Motion, reason: String, body: BodyModel, seconds: Double = 0, notes: [String] = []
  ) -> Correction {
    uncorrected(input, .rejected(reason: reason), body: body, seconds: seconds, notes: notes)
  }

  private static func uncorrected(
    _ input: Motion, _ verdict: Verdict, body: BodyModel, appliedResidual: [Double] = [],
    contacts: [FootContacts] = [], seconds: Double, notes: [String]
  ) -> Correction {
    let metrics = PlausibilityMetrics.measure(input, body: body)
    let report = CorrectionReport(
      before: metrics, after: metrics, mpjpe: 0, rootRelativeMPJPE: 0, accelerationError: 0,
      appliedResidual: appliedResidual, contacts: contacts, jointsAtLimit: jointsAtLimit(input, body: body),
      seconds: seconds, notes: notes)
    return Correction(motion: input, verdict: verdict, report: report)
  }

  private static func jointsAtLimit(_ motion: Motion, body: BodyModel) -> [String] {
    let limits = JointLimits(body: body)
    let segments = Set(motion.poses.flatMap { limits.excesses(in: body.state(of: $0)).map(\.segment) })
    return segments.sorted { $0.rawValue < $1.rawValue }.map {
      body.skeleton.joints[body.bodies[$0.rawValue].carrier].name
    }
  }
}
