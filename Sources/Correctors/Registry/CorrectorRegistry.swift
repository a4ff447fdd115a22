public import Support

/// The correctors that a name on the command line or in a run's specification means.
///
///     let corrector = try CorrectorRegistry.resolve("external:python3 fix.py", body: body)
public enum CorrectorRegistry {
  /// One line a corrector, in order of the work they do.
  private static let correctors: [(name: String, make: @Sendable (CorrectorBody, FootConstraints) -> any Corrector)] = [
    ("kinematic", { KinematicCorrector(body: $0, feet: $1) }),
    (
      "tracking",
      {
        var corrector = TrackingCorrector(body: $0)
        corrector.feet = $1
        return corrector
      }
    ),
    (
      "predictive",
      {
        var corrector = PredictiveCorrector(body: $0)
        corrector.feet = $1
        return corrector
      }
    ),
  ]

  /// The names, in order of the work they do.
  public static let names = correctors.map(\.name)

  /// The one to use unless another is asked for.
  public static let standard = "predictive"

  /// The name of an external program begins with this.
  public static let externalPrefix = "external:"

  /// The corrector of that name, with its default settings, for one body or any.
  ///
  /// - Parameter feet: What a person says about the clip's feet.
  /// - Throws: ``SurefootError`` that lists the names if there is none.
  public static func named(
    _ name: String, body: CorrectorBody = CorrectorBody(), feet: FootConstraints = FootConstraints()
  ) throws(SurefootError) -> any Corrector {
    guard let entry = correctors.first(where: { $0.name == name }) else {
      throw SurefootError(
        .correctionFailed,
        message: "there is no corrector named \(name)", suggestion: "use one of: \(names.joined(separator: ", "))")
    }
    return entry.make(body, feet)
  }

  /// The corrector that a word in a run's specification means: one of ``names``, or `external:COMMAND`.
  ///
  /// - Throws: ``SurefootError`` if there is no such corrector or program.
  public static func resolve(_ word: String, body: CorrectorBody = CorrectorBody()) throws(SurefootError)
    -> any Corrector
  {
    guard word.hasPrefix(externalPrefix) else {
      guard word != "external" else {
        throw SurefootError(
          .correctionFailed,
          message: "the corrector external lacks its program", suggestion: "write \"external:COMMAND\"")
      }
      return try named(word, body: body)
    }
    return try ExternalCorrector(command: String(word.dropFirst(externalPrefix.count)), body: body)
  }
}
