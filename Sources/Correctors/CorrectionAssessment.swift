import Dynamics
import Foundation
import Kinematics

/// Judges a corrector's output and fills its report: every corrector's last step.
struct CorrectionAssessment {
  let input: PosedMotion
  let body: BodyModel
  /// An output whose joints come further from the input's than this in the mean of a frame is rejected [m].
  var maxError = Double.infinity
  /// What else is another motion; `nil` takes any.
  var limits: FollowingLimits?
  /// Whether a corrected motion that is too short for dynamics gets a note.
  var warnsOfShortMotions = false

  /// Joints whose mean distance to the input's stays below this in every frame did not move [mm].
  private static let unmoved = 0.01

  /// The judged and measured correction.
  ///
  /// - Parameters:
  ///   - output: The corrector's result.
  ///   - raised: By how much the clip was moved onto the floor, which does not count as an error of tracking [m].
  ///   - contacts: Which feet stand, a frame; may be empty.
  ///   - appliedResidual: The wrench on the root, a frame [body weights]; may be empty.
  ///   - notes: What a user should know, a sentence each.
  ///   - seconds: CPU seconds spent; asked for last, when all is measured.
  func correction(
    to output: PosedMotion, raised: Double = 0, contacts: [GroundContacts] = [], appliedResidual: [Double] = [],
    notes: [String] = [], seconds: @autoclosure () -> Double
  ) -> Correction {
    guard output.motion.isFinite else {
      return rejection(
        reason: "the result has numbers that are not finite", contacts: contacts, appliedResidual: appliedResidual,
        notes: notes, seconds: seconds())
    }
    let onFloor = raised == 0 ? input : input.raised { _ in raised }
    let difference = MotionDifference(onFloor, output)
    let following = limits.map { _ in Following(input, output, raised: raised) }
    guard !(difference.worstFrame > 1000 * maxError) else {
      return rejection(
        reason:
          "the result leaves the input: in a frame the joints are \(Int(min(difference.worstFrame, 1e15))) mm from the "
          + "input's in the mean, more than \(Int(1000 * maxError)) mm",
        contacts: contacts, appliedResidual: appliedResidual, notes: notes, seconds: seconds())
    }
    let scale = body.legLength / 0.835
    if let limits, let reason = following?.departure(limits, scale: scale) ?? floating(limits, onFloor, output) {
      return rejection(
        reason: "the result is another motion: \(reason)", contacts: contacts, appliedResidual: appliedResidual,
        notes: notes, seconds: seconds())
    }
    if difference.worstFrame < CorrectionAssessment.unmoved, raised == 0 {
      return uncorrected(.unchanged, contacts, appliedResidual, notes, seconds)
    }
    var report = CorrectionReport.assess(
      from: input, to: output, difference: raised == 0 ? difference : MotionDifference(input, output)
    ) { .measure($0, body: body) }
    report.appliedResidual = appliedResidual
    report.contacts = contacts
    report.jointsAtLimit = jointsAtLimit(output)
    report.looseStretches = limits.flatMap { following?.looseStretches($0, scale: scale) }
    report.notes = notes
    if warnsOfShortMotions, output.count < 3 {
      report.notes.append("A motion of fewer than 3 frames has no dynamics.")
    }
    report.seconds = seconds()
    return Correction(motion: output.motion, verdict: .corrected, report: report)
  }

  /// That the output floats above the floor, and further than the input does; `nil` if not.
  private func floating(_ limits: FollowingLimits, _ input: PosedMotion, _ output: PosedMotion) -> String? {
    func height(_ motion: PosedMotion) -> Double {
      motion.poses.indices.reduce(0) { $0 + max(0, body.lowestPoint(in: body.state(of: motion.frames(at: $1)))) }
        / Double(max(1, motion.count))
    }
    let after = height(output)
    guard after > limits.float, after - height(input) > limits.float else { return nil }
    return "the body floats \(Int((1000 * after).rounded())) mm above the floor in the mean"
  }

  /// The input as it was, with the reason why it could not be corrected.
  func rejection(
    reason: String, contacts: [GroundContacts] = [], appliedResidual: [Double] = [], notes: [String] = [],
    seconds: @autoclosure () -> Double
  ) -> Correction {
    uncorrected(.rejected(reason: reason), contacts, appliedResidual, notes, seconds)
  }

  private func uncorrected(
    _ verdict: Verdict, _ contacts: [GroundContacts], _ appliedResidual: [Double], _ notes: [String],
    _ seconds: () -> Double
  ) -> Correction {
    var report = CorrectionReport(unchanged: .measure(input, body: body))
    report.appliedResidual = appliedResidual
    report.contacts = contacts
    report.jointsAtLimit = jointsAtLimit(input)
    report.notes = notes
    report.seconds = seconds()
    return Correction(motion: input.motion, verdict: verdict, report: report)
  }

  /// The names of the joints beyond their limits in some frame, in the segments' order.
  private func jointsAtLimit(_ motion: PosedMotion) -> [String] {
    let limits = JointLimits(body: body)
    var segments: Set<Segment> = []
    for index in motion.poses.indices {
      for excess in limits.excesses(in: body.state(of: motion.frames(at: index))) { segments.insert(excess.segment) }
    }
    return body.bodies.filter { segments.contains($0.segment) }.map { body.skeleton.joints[$0.carrier].name }
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
