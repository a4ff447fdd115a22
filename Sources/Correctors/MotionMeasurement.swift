public import Dynamics
public import Kinematics

/// A motion's figures without a correction: those that a correction's report has for the input.
///
///     let measurement = try MotionMeasurement(of: clip.motion)
///     print(measurement.metrics.physErr, "mm", measurement.metrics.residualWrench, "body weights")
///
/// Use it to see whether a clip needs a correction. An artificial rest pose at either end is left out, and soles are
/// calibrated on the motion, as ``PredictiveCorrector`` does both.
public struct MotionMeasurement: Sendable, Hashable {
  /// The figures.
  public let metrics: PlausibilityMetrics
  /// What a user should know, a sentence each.
  public let notes: [String]

  /// Measures a motion on the floor at height 0.
  ///
  /// - Parameters:
  ///   - motion: Metres, Y up; any biped skeleton.
  ///   - body: Whose figures are measured: one body for all motions, or one for each.
  /// - Throws: ``SurefootError`` for a motion that no corrector takes: no frames, a number that is not finite, an
  ///   impossible frame time, a skeleton that is not a biped's.
  public init(of motion: Motion, body: CorrectorBody = CorrectorBody()) throws {
    let trimmer = RestPoseTrimmer(motion)
    metrics = try Self.metrics(of: trimmer.motion.frames(trimmer.range), body)
    notes = trimmer.leftOut.map { ["\($0) a rest pose, not motion: not measured."] } ?? []
  }

  private static func metrics(of motion: Motion, _ body: CorrectorBody) throws -> PlausibilityMetrics {
    try CorrectorBody.check(motion)
    let anatomy = try body.anatomy(for: motion)
    let posed = PosedMotion(motion)
    return .measure(posed, body: try body.body(for: posed, anatomy: anatomy))
  }
}
