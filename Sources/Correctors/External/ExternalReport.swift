public import Kinematics
public import Support

/// What an external program says about its work: the JSON file named by `{report}`. Every member may be left out.
///
///     {"verdict": "corrected", "appliedResidual": [0, 0.1], "contacts": [{"left": true, "right": false}],
///      "notes": ["Feet were locked."]}
///
/// A rejected clip has `"verdict": "rejected"` and a `"reason"`, and needs no output file.
public struct ExternalReport: Sendable, Hashable, Codable {
  /// `corrected`, `unchanged` or `rejected`; told from the motion if absent.
  public var verdict: String?
  /// Why the clip was rejected.
  public var reason: String?
  /// See ``CorrectionReport/appliedResidual``.
  public var appliedResidual: [Double]?
  /// See ``CorrectionReport/contacts``.
  public var contacts: [FootContacts]?
  /// What a user should know, a sentence each.
  public var notes: [String]?

  /// A report by its parts.
  public init(
    verdict: String? = nil, reason: String? = nil, appliedResidual: [Double]? = nil, contacts: [FootContacts]? = nil,
    notes: [String]? = nil
  ) {
    self.verdict = verdict
    self.reason = reason
    self.appliedResidual = appliedResidual
    self.contacts = contacts
    self.notes = notes
  }

  /// Refuses what cannot be true of a motion of that many frames.
  func check(frames: Int) throws(SurefootError) {
    func refuse(_ problem: String, _ suggestion: String) throws(SurefootError) {
      throw SurefootError(.correctionFailed, message: "the program's report \(problem)", suggestion: suggestion)
    }
    if let verdict, !["corrected", "unchanged", "rejected"].contains(verdict) {
      try refuse("has the verdict \"\(verdict)\"", "write corrected, unchanged or rejected")
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
