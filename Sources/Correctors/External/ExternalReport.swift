import Support

/// An external program's report on its work: the JSON file named by `{report}`. Every member may be left out.
///
///     {"verdict": "corrected", "appliedResidual": [0, 0.1], "contacts": [{"left": true, "right": false}],
///      "notes": ["Feet were locked."]}
///
/// A rejected clip has `"verdict": "rejected"` and a `"reason"`, and needs no output file.
public struct ExternalReport: Sendable, Hashable, Codable {
  /// `corrected`, `unchanged` or `rejected`; judged from the motion if absent.
  public var verdict: Verdict.Kind?
  /// Why the clip was rejected.
  public var reason: String?
  /// See ``CorrectionReport/appliedResidual``.
  public var appliedResidual: [Double]?
  /// See ``CorrectionReport/contacts``.
  public var contacts: [GroundContacts]?
  /// What a user should know, a sentence each.
  public var notes: [String]?

  /// A report to write from a program of yours.
  public init(
    verdict: Verdict.Kind? = nil, reason: String? = nil, appliedResidual: [Double]? = nil,
    contacts: [GroundContacts]? = nil,
    notes: [String]? = nil
  ) {
    self.verdict = verdict
    self.reason = reason
    self.appliedResidual = appliedResidual
    self.contacts = contacts
    self.notes = notes
  }

  /// Reads a report.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let word = try container.decodeIfPresent(String.self, forKey: .verdict) {
      guard let kind = Verdict.Kind(rawValue: word) else {
        throw DecodingError.dataCorruptedError(
          forKey: .verdict, in: container,
          debugDescription: "the verdict \"\(word)\" is unknown; write corrected, unchanged or rejected")
      }
      verdict = kind
    }
    reason = try container.decodeIfPresent(String.self, forKey: .reason)
    appliedResidual = try container.decodeIfPresent([Double].self, forKey: .appliedResidual)
    contacts = try container.decodeIfPresent([GroundContacts].self, forKey: .contacts)
    notes = try container.decodeIfPresent([String].self, forKey: .notes)
  }

  /// Refuses what cannot be true of a motion of that many frames.
  func check(frames: Int) throws(SurefootError) {
    func refuse(_ problem: String, _ suggestion: String) throws(SurefootError) {
      throw SurefootError(.correctionFailed, message: "the program's report \(problem)", suggestion: suggestion)
    }
    if let appliedResidual {
      guard appliedResidual.isEmpty || appliedResidual.count == frames else {
        return try refuse(
          "has \(appliedResidual.count) applied residuals for \(frames) frames", "write one a frame, or none")
      }
      guard appliedResidual.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
        return try refuse("has an applied residual that is negative or no number", "write body weights, 0 or more")
      }
    }
    if let contacts, !contacts.isEmpty, contacts.count != frames {
      try refuse("has \(contacts.count) contacts for \(frames) frames", "write one a frame, or none")
    }
  }
}
