public import Dynamics
public import Kinematics

/// What became of a motion.
///
/// On disk it is its ``description``: `corrected`, `unchanged` or `rejected (REASON)`.
public enum Verdict: Sendable, Hashable, Codable, LosslessStringConvertible {
  /// The motion was changed and is plausible by the corrector's own standard.
  case corrected
  /// Nothing needed to change.
  case unchanged
  /// The motion could not be corrected; the correction holds the input as it was.
  case rejected(reason: String)

  /// Whether the motion may be used as a corrected one.
  public var isUsable: Bool { kind != .rejected }

  /// A verdict without its reason.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// See ``Verdict/corrected``.
    case corrected
    /// See ``Verdict/unchanged``.
    case unchanged
    /// See ``Verdict/rejected(reason:)``.
    case rejected
  }

  /// The verdict without its reason, to count by or to print in a column.
  public var kind: Kind {
    switch self {
    case .corrected: .corrected
    case .unchanged: .unchanged
    case .rejected: .rejected
    }
  }

  /// `corrected`, `unchanged` or `rejected (reason)`.
  public var description: String {
    switch self {
    case .corrected: "corrected"
    case .unchanged: "unchanged"
    case .rejected(let reason): "rejected (\(reason))"
    }
  }

  /// Reads a ``description``; `nil` for any other text.
  public init?(_ description: String) {
    switch description {
    case "corrected": self = .corrected
    case "unchanged": self = .unchanged
    default:
      let start = "rejected ("
      guard description.hasPrefix(start), description.hasSuffix(")") else { return nil }
      self = .rejected(reason: String(description.dropFirst(start.count).dropLast()))
    }
  }

  /// Reads a description.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let verdict = Verdict(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\"\(text)\" is not a verdict: corrected, unchanged or rejected (REASON)")
    }
    self = verdict
  }

  /// Writes the description.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// A corrector's result: the motion, what became of it, and the figures.
///
/// Make one with ``measured(from:to:body:appliedResidual:contacts:seconds:notes:)`` or
/// ``rejected(_:reason:body:seconds:notes:)``, which judge and measure.
public struct Correction: Sendable {
  /// The corrected motion, with the input's skeleton, frame time and length; the input itself if rejected.
  public var motion: Motion
  /// What became of it.
  public var verdict: Verdict
  /// The figures.
  public var report: CorrectionReport

  /// A correction whose verdict and figures were found in another way than by ``BodyModel``.
  public init(motion: Motion, verdict: Verdict, report: CorrectionReport) {
    self.motion = motion
    self.verdict = verdict
    self.report = report
  }

  /// The correction of `input` to `output`, judged and measured on one body: the last line of most correctors.
  ///
  ///     let body = try body.body(for: motion)
  ///     ...
  ///     return .measured(from: motion, to: lifted, body: body, notes: ["Lifted by 3 mm."])
  ///
  /// The verdict is `rejected` if the output has a number that is not finite, `unchanged` if no joint moved, and
  /// `corrected` otherwise. A motion that is not `corrected` is the input itself.
  ///
  /// - Parameters:
  ///   - input: The motion that the corrector was given: finite, with at least one frame.
  ///   - output: Its corrected version.
  ///   - body: Whose figures are measured.
  ///   - appliedResidual: The wrench with which the corrector itself pushed the root, a frame [body weights]; empty if
  ///     it simulates nothing.
  ///   - contacts: Which feet stand, a frame; empty if the corrector does not know.
  ///   - seconds: CPU seconds spent.
  ///   - notes: What a user should know, a sentence each.
  /// - Precondition: The output has the input's skeleton, frame time and number of frames.
  public static func measured(
    from input: Motion, to output: Motion, body: BodyModel, appliedResidual: [Double] = [],
    contacts: [GroundContacts] = [], seconds: Double = 0, notes: [String] = []
  ) -> Correction {
    precondition(
      output.skeleton == input.skeleton && output.frameTime == input.frameTime && output.count == input.count,
      "a correction keeps skeleton, frame time and length")
    return CorrectionAssessment(input: PosedMotion(input), body: body).correction(
      to: PosedMotion(output), contacts: contacts, appliedResidual: appliedResidual, notes: notes, seconds: seconds)
  }

  /// The input as it was, with the reason why it could not be corrected.
  ///
  /// - Parameters:
  ///   - input: The motion that the corrector was given: finite, with at least one frame.
  ///   - reason: In one clause, for the user.
  ///   - body: Whose figures are measured.
  ///   - seconds: CPU seconds spent.
  ///   - notes: What a user should know, a sentence each.
  public static func rejected(
    _ input: Motion, reason: String, body: BodyModel, seconds: Double = 0, notes: [String] = []
  ) -> Correction {
    CorrectionAssessment(input: PosedMotion(input), body: body).rejection(
      reason: reason, notes: notes, seconds: seconds)
  }
}
