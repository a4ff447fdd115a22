import Correctors
import Dynamics
import Evaluation
import Kinematics

extension Correction {
  /// The correction that replaces a sample by a real motion, placed where the sample begins and facing as it does.
  ///
  /// - Parameter real: As long as the sample; in the first frame it faces forward at the origin.
  static func replacement(
    of sample: Motion, by real: Motion, measure: EvaluationSet.Measure
  ) throws -> Correction {
    let first = sample.poses[0]
    let placed = real.placed(rotation: first.rotations[0].heading, displacement: first.rootPosition.horizontal)
    let output = Motion(skeleton: sample.skeleton, frameTime: sample.frameTime, poses: placed.poses)
    let report = try CorrectionReport.assess(from: PosedMotion(sample), to: PosedMotion(output)) {
      try measure($0.motion)
    }
    return Correction(motion: output, verdict: .corrected, report: report)
  }

  /// The rejection of a sample for which there is no real motion.
  static func noRealMotion(
    for sample: Motion, reason: String, measure: EvaluationSet.Measure
  ) throws -> Correction {
    Correction(
      motion: sample, verdict: .rejected(reason: reason), report: CorrectionReport(unchanged: try measure(sample)))
  }
}
