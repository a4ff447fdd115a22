import Correction
import Dynamics
import Evaluation
import Mocap

/// One body for all figures of a dataset: sole points and shoulders calibrated on its real training windows.
struct Measures {
  let body: BodyModel

  init(_ dataset: MotionDataset, calibratedOn motions: [Motion]) throws {
    body = try BodyModel(
      skeleton: dataset.skeleton, joints: try CorrectorBody.joints(of: dataset.skeleton),
      calibratedOn: Array(motions.prefix(64)))
  }

  /// A motion's physics.
  var measure: EvaluationSet.Measure {
    let body = body
    return { PlausibilityMetrics.measure($0, body: body) }
  }

  /// The corrector of that name, or the external one of that command, on the same body.
  func corrector(_ name: String) throws -> any Corrector {
    try Correctors.resolve(name, body: CorrectorBody(shared: body))
  }
}
