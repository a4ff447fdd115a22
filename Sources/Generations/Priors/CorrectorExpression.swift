import Correctors
public import Support

/// What `corrector` in a specification says: correctors in a row, `spectrum@1+predictive`.
public struct CorrectorExpression: Sendable, Hashable {
  /// One corrector of the row.
  public struct Part: Sendable, Hashable {
    /// `predictive`, `spectrum`, `external:COMMAND`.
    public var name: String
    /// The strength after `@`; `nil` for the corrector's default.
    public var gamma: Double?

    /// The data prior that the name means; `nil` for any other corrector.
    public var prior: PriorName? { PriorName(part: name) }
  }

  /// The correctors, in the order in which they work.
  public let parts: [Part]

  /// Reads a expression.
  ///
  /// - Throws: ``SurefootError`` for a part without a name, a strength that is none, or a `debias` with nothing before it.
  public init(_ text: String) throws(SurefootError) {
    var parts: [Part] = []
    for piece in text.split(separator: "+", omittingEmptySubsequences: false).map(String.init) {
      var part = Part(name: piece)
      if !piece.hasPrefix(CorrectorRegistry.externalPrefix), let at = piece.lastIndex(of: "@") {
        let value = String(piece[piece.index(after: at)...])
        guard let gamma = Double(value == ".inf" ? "inf" : value), gamma >= 0 else {
          throw SurefootError(
            .invalidSettings, file: "corrector", message: "\(piece) has no strength after the @",
            suggestion: "write a number, at least 0, or inf: \(piece[..<at])@1")
        }
        part = Part(name: String(piece[..<at]), gamma: gamma)
      }
      guard !part.name.isEmpty else {
        throw SurefootError(
          .invalidSettings, file: "corrector", message: "\(text) has a corrector without a name",
          suggestion: "write names with a + between them: spectrum+predictive")
      }
      parts.append(part)
    }
    guard parts.count == 1 || !parts.contains(where: { $0.name == "none" && $0.gamma == nil }) else {
      throw SurefootError(
        .invalidSettings, file: "corrector", message: "none stands among other correctors",
        suggestion: "leave it out")
    }
    guard parts[0].prior?.kind != .debias else {
      throw SurefootError(
        .invalidSettings, file: "corrector",
        message: "debias has nothing before it whose effect it could take back",
        suggestion: "write it after a corrector: predictive+debias")
    }
    self.parts = parts
  }

  /// Whether one of its correctors is fitted on real motions.
  public var hasPrior: Bool { parts.contains { $0.prior != nil } }
}

/// A data prior by its name: `spectrum`, or `spectrum-leak` where it is fitted on all training windows.
public struct PriorName: Sendable, Hashable {
  /// The kinds.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// See `DataPrior.spectrum`.
    case spectrum
    /// See `DataPrior.transport`.
    case transport
    /// See `DataPrior.medoids`.
    case medoids
    /// See ``DenoisingPrior``.
    case denoise
    /// See `DataPrior.debiasing`.
    case debias

    /// The strength where none is given. Full transport would copy real windows.
    var defaultGamma: Double { self == .transport ? 1 : .infinity }
  }

  /// The kind.
  public let kind: Kind
  /// Whether it is fitted on windows that the run's model never learns from.
  public let isLeak: Bool

  private static let leak = "-leak"

  /// The names of all priors.
  public static let all = Kind.allCases.map(\.rawValue)

  init?(part name: String) {
    isLeak = name.hasSuffix(PriorName.leak)
    guard let kind = Kind(rawValue: isLeak ? String(name.dropLast(PriorName.leak.count)) : name) else { return nil }
    self.kind = kind
  }
}
