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
    let difference = MotionDifference(sample, output)
    return Correction(
      motion: output, verdict: .corrected,
      report: CorrectionReport(
        before: try measure(sample), after: try measure(output), mpjpe: difference.mpjpe,
        rootRelativeMPJPE: difference.rootRelativeMPJPE, accelerationError: difference.accelerationError))
  }

  /// The rejection of a sample for which there is no real motion.
  static func noRealMotion(
    for sample: Motion, reason: String, measure: EvaluationSet.Measure
  ) throws -> Correction {
    let metrics = try measure(sample)
    return Correction(
      motion: sample, verdict: .rejected(reason: reason),
      report: CorrectionReport(before: metrics, after: metrics, mpjpe: 0, rootRelativeMPJPE: 0, accelerationError: 0))
  }
}
