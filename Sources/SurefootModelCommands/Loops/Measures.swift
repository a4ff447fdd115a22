import Correctors
import Datasets
import Dynamics
import Evaluation
import Kinematics

/// One body for all figures of a dataset: sole points and shoulders calibrated on its real training windows.
struct Measures {
  let body: BodyModel

  /// About how many motions the body is calibrated on.
  private static let calibrating = 200

  init(_ dataset: MotionDataset, calibratedOn motions: [Motion]) throws {
    // Evenly over all of them: the first ones come from one or two people.
    let step = max(1, motions.count / Measures.calibrating)
    body = try BodyModel(
      skeleton: dataset.skeleton, joints: try CorrectorBody.joints(of: dataset.skeleton),
      calibratedOn: stride(from: 0, to: motions.count, by: step).map { motions[$0] })
  }

  /// A motion's physics.
  var measure: EvaluationSet.Measure {
    let body = body
    return { PlausibilityMetrics.measure($0, body: body) }
  }

  /// The corrector of that name, or the external one of that command, on the same body.
  func corrector(_ name: String) throws -> any Corrector {
    try CorrectorRegistry.resolve(name, body: CorrectorBody(shared: body))
  }
}
