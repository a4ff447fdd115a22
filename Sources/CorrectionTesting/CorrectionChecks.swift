import Correctors
import Dynamics
import Kinematics

/// Checks one correction of one motion, whatever the corrector.
struct CorrectionChecks {
  let correction: Correction
  let motion: Motion

  /// A sentence for everything that is not.
  var failures: [String] { shape + verdict + unmapped + figures + frames }

  private var report: CorrectionReport { correction.report }
  private var result: Motion { correction.motion }

  /// Whether input and output can be compared joint by joint.
  private var isComparable: Bool {
    result.count == motion.count && result.skeleton.count == motion.skeleton.count
      && result.poses.allSatisfy { $0.rotations.count == motion.skeleton.count }
  }

  /// Rate, length, hierarchy, names and channels are the input's.
  private var shape: [String] {
    var failures: [String] = []
    let (before, after) = (motion.skeleton.joints, result.skeleton.joints)
    if result.frameTime != motion.frameTime {
      failures.append("the frame time was not kept: \(motion.frameTime) s became \(result.frameTime) s")
    }
    if result.count != motion.count { failures.append("\(motion.count) frames became \(result.count)") }
    guard before.count == after.count else { return failures + ["\(before.count) joints became \(after.count)"] }
    for (a, b) in zip(before, after) where a != b {
      let part =
        a.name != b.name
        ? "name" : a.parent != b.parent ? "parent" : a.channels != b.channels ? "channels" : "offset or tip"
      failures.append("the \(part) of joint \(a.name) was not kept")
    }
    return failures
  }

  /// A usable result is finite; any other than a corrected one is the input; a corrected one is not.
  private var verdict: [String] {
    var failures: [String] = []
    switch correction.verdict {
    case .corrected: if result == motion { failures.append("the verdict is corrected, but nothing changed") }
    case .unchanged, .rejected:
      if result != motion { failures.append("the verdict is \(correction.verdict), but the motion is not the input") }
    }
    if case .rejected(let reason) = correction.verdict, !reason.contains(where: \.isLetter) {
      failures.append("a rejection gives no reason")
    }
    if correction.verdict.isUsable, !result.isFinite {
      failures.append("a usable result has numbers that are not finite")
    }
    return failures
  }

  /// Joints of no biped (``OddMotion/extraJoints``, ``OddMotion/movedJoint``) keep their motion relative to their parents.
  private var unmapped: [String] {
    guard isComparable, result.isFinite else { return [] }
    return motion.skeleton.joints.indices.filter { motion.skeleton.joints[$0].name.hasPrefix("Extra") }.filter {
      joint in
      zip(motion.poses, result.poses).contains { before, after in
        let moved = (before.translations[joint] ?? .zero) - (after.translations[joint] ?? .zero)
        return before.rotations[joint].angle(to: after.rotations[joint]) > 1e-6 || moved.length > 1e-9
      }
    }.map { "the joint \(motion.skeleton.joints[$0].name), which is not a part of a biped, does not keep its motion" }
  }

  /// The report's figures are possible, and those of this motion.
  private var figures: [String] {
    var failures: [String] = []
    for (name, metrics) in [("before", report.before), ("after", report.after)] {
      for (figure, value) in metrics.figures where !value.isFinite || value < 0 {
        failures.append("the report's \(figure) \(name) is \(value)")
      }
      if metrics.skatingRatio > 1 { failures.append("the report's skating ratio \(name) is above 1") }
    }
    if correction.verdict != .corrected, report.after != report.before {
      failures.append("the verdict is \(correction.verdict), but the figures after are not those before")
    }
    if !report.seconds.isFinite || report.seconds < 0 { failures.append("the report's seconds are \(report.seconds)") }
    guard isComparable else { return failures }
    let measured = MotionDifference(motion, result)
    for (name, said, value) in [
      ("MPJPE", report.mpjpe, measured.mpjpe),
      ("root-relative MPJPE", report.rootRelativeMPJPE, measured.rootRelativeMPJPE),
      ("acceleration error", report.accelerationError, measured.accelerationError),
    ] where !(abs(value - said) <= 0.01 + 0.001 * value) {
      failures.append("the report says \(name) \(said) mm, measured are \(value) mm")
    }
    return failures
  }

  /// What the report has by frame and by joint.
  private var frames: [String] {
    var failures: [String] = []
    if !report.appliedResidual.isEmpty, report.appliedResidual.count != motion.count, correction.verdict.isUsable {
      failures.append("\(report.appliedResidual.count) applied residuals for \(motion.count) frames")
    }
    if !report.appliedResidual.allSatisfy({ $0.isFinite && $0 >= 0 }) {
      failures.append("an applied residual is negative or not finite")
    }
    if !report.contacts.isEmpty, report.contacts.count != motion.count {
      failures.append("\(report.contacts.count) contacts for \(motion.count) frames")
    }
    for name in report.jointsAtLimit where motion.skeleton.index(of: name) == nil {
      failures.append("the report names a joint \(name) that the skeleton does not have")
    }
    if report.notes.contains(where: { !$0.contains(where: \.isLetter) }) { failures.append("a note says nothing") }
    return failures
  }
}

extension PlausibilityMetrics {
  fileprivate var figures: [(String, Double)] {
    [
      ("penetration", penetrate), ("float", float), ("skate", skate), ("skate speed", skateSpeed),
      ("skating ratio", skatingRatio), ("residual wrench", residualWrench),
      ("95th percentile of the residual wrench", residualWrench95), ("self-penetration", selfPenetration),
      ("joint-limit excess", jointLimitExcess), ("jerk", jerk),
      ("skeleton penetration", skeletonPenetration?.share ?? 0), ("deepest joint", skeletonPenetration?.deepest ?? 0),
    ]
  }
}
