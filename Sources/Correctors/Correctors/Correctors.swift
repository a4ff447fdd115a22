public import Support

/// The correctors that a name on the command line or in a run's specification means.
public enum Correctors {
  /// The names, in order of the work they do.
  public static let names = ["kinematic", "tracking", "predictive"]

  /// The one to use unless another is asked for.
  public static let standard = "predictive"

  /// The corrector of that name, for one body or any.
  ///
  /// - Throws: ``SurefootError`` that lists the names if there is none.
  public static func named(_ name: String, body: CorrectorBody = CorrectorBody()) throws(SurefootError)
    -> any Corrector
  {
    switch name {
    case "kinematic": return KinematicCorrector(body: body)
    case "tracking": return TrackingCorrector(body: body)
    case "predictive": return PredictiveCorrector(body: body)
    default:
      throw SurefootError(
        .correctionFailed,
        message: "there is no corrector named \(name)", suggestion: "use one of: \(names.joined(separator: ", "))")
    }
  }
}
