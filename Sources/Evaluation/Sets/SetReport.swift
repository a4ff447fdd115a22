public import Dynamics

/// The figures of one set of motions.
public struct SetReport: Sendable, Hashable, Codable {
  /// How many motions.
  public var count: Int
  /// Every figure that was measured, with its 95 % interval.
  public var figures: [Figure: Estimate]

  /// A report by its parts.
  public init(count: Int, figures: [Figure: Estimate]) {
    self.count = count
    self.figures = figures
  }

  /// A figure, if it was measured.
  public subscript(figure: Figure) -> Estimate? { figures[figure] }

  /// The means of clips' plausibility with bootstrap intervals over clips; no figures for an empty set.
  public static func physics(of clips: [PlausibilityMetrics], bootstrap: Bootstrap) -> [Figure: Estimate] {
    guard !clips.isEmpty else { return [:] }
    let values: [(Figure, (PlausibilityMetrics) -> Double)] = [
      (.physErr, \.physErr), (.penetrate, \.penetrate), (.float, \.float), (.skate, \.skate),
      (.skateSpeed, \.skateSpeed), (.skatingRatio, \.skatingRatio), (.residualWrench, \.residualWrench),
      (.residualWrench95, \.residualWrench95), (.selfPenetration, \.selfPenetration),
      (.jointLimitExcess, \.jointLimitExcess), (.jerk, \.jerk),
    ]
    return Dictionary(
      uniqueKeysWithValues: values.map { figure, value in (figure, bootstrap.mean(of: clips.map(value))) })
  }
}
