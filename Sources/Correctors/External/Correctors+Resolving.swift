public import Support

extension Correctors {
  /// What a name of an external program begins with.
  public static let externalPrefix = "external:"

  /// The corrector that a word in a run's specification means: one of ``names``, or `external:COMMAND`.
  ///
  ///     let corrector = try Correctors.resolve("external:python3 fix.py", body: body)
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
