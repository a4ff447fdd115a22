public import Correctors
public import Dynamics
public import Evaluation
public import Kinematics

extension Correction {
  /// A real motion put where a sample begins, facing as it does, as the correction of that sample.
  ///
  /// - Parameter real: As many frames as the sample, first facing forward at the origin.
  static func standIn(
    _ real: Motion, for sample: Motion, measure: EvaluationSet.Measure
  ) throws -> Correction {
    let first = sample.poses[0]
    let placed = real.placed(rotation: first.rotations[0].heading, displacement: first.rootPosition.horizontal)
    let output = Motion(skeleton: sample.skeleton, frameTime: sample.frameTime, poses: placed.poses)
    let report = try CorrectionReport.assess(from: PosedMotion(sample), to: PosedMotion(output)) {
      try measure($0.motion)
    }
    return Correction(motion: output, verdict: .corrected, report: report)
  }

  /// A sample that no real motion can stand in for, as it is.
  static func withoutStandIn(
    for sample: Motion, reason: String, measure: EvaluationSet.Measure
  ) throws -> Correction {
    Correction(
      motion: sample, verdict: .rejected(reason: reason), report: CorrectionReport(unchanged: try measure(sample)))
  }
}
