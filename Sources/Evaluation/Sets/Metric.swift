public import Dynamics

/// A metric of a set of motions, with its one definition, its unit, and which direction is better.
///
///     for metric in Metric.betweenSets { print(metric.title, metric.unit, metric.definition) }
///
/// The raw values are the names in ledgers, reports and JSON output.
public enum Metric: String, Sendable, Hashable, Codable, CodingKeyRepresentable, CaseIterable {
  // Between sets.
  case fid, fidKinetic, fidGeometric, precision, recall, density, coverage
  case diversity, diversityKinetic, diversityGeometric, nearestTraining, kineticEnergy
  // Physics, averaged over the clips of a set.
  case physErr, penetrate, float, skate, skateSpeed, skatingRatio, residualWrench, residualWrench95
  case selfPenetration, jointLimitExcess, jerk, skeletonPenetration, deepestJoint

  /// Which direction is better; neither for metrics that should equal the real set's.
  public enum Better: String, Sendable, Codable {
    case lower, higher, likeReal
  }

  /// The name in the literature, for tables and charts.
  public var title: String {
    switch self {
    case .fid: "FID"
    case .fidKinetic: "FID_k"
    case .fidGeometric: "FID_g"
    case .precision: "Precision"
    case .recall: "Recall"
    case .density: "Density"
    case .coverage: "Coverage"
    case .diversity: "Diversity"
    case .diversityKinetic: "Diversity_k"
    case .diversityGeometric: "Diversity_g"
    case .nearestTraining: "Nearest training"
    case .kineticEnergy: "Kinetic energy"
    case .physErr: "Phys-Err"
    case .penetrate: "Penetrate"
    case .float: "Float"
    case .skate: "Skate"
    case .skateSpeed: "Skate speed"
    case .skatingRatio: "Skating ratio"
    case .residualWrench: "Residual wrench"
    case .residualWrench95: "Residual wrench, p95"
    case .selfPenetration: "Self-penetration"
    case .jointLimitExcess: "Joint-limit excess"
    case .jerk: "Jerk"
    case .skeletonPenetration: "Skeleton penetration"
    case .deepestJoint: "Deepest joint"
    }
  }

  /// The unit, empty for a pure number.
  public var unit: String {
    switch self {
    case .physErr, .penetrate, .float, .selfPenetration, .deepestJoint: "mm"
    case .skate: "mm/frame"
    case .skateSpeed: "m/s"
    case .residualWrench, .residualWrench95: "body weights"
    case .jointLimitExcess: "degrees"
    case .kineticEnergy: "J/kg"
    case .jerk: "m/s³"
    default: ""
    }
  }

  /// Which direction is better.
  public var better: Better {
    switch self {
    case .precision, .recall, .density, .coverage: .higher
    case .diversity, .diversityKinetic, .diversityGeometric, .nearestTraining, .kineticEnergy, .jerk: .likeReal
    default: .lower
    }
  }

  /// The metrics that compare a set with the evaluation windows.
  public static let betweenSets: [Metric] = Array(allCases.prefix(while: { $0 != .physErr }))
  /// The metrics of physics.
  public static let physics: [Metric] = Array(allCases.drop(while: { $0 != .physErr }))

  /// The definition, in a sentence.
  public var definition: String {
    switch self {
    case .fid:
      "Squared Fréchet distance of Gaussians fitted to the features of a motion encoder that was trained once on real "
        + "training windows and frozen. Comparable only between sets of one size and one encoder."
    case .fidKinetic:
      "The same on 66 kinetic features (mean squared horizontal and vertical speed, mean acceleration of 22 joints), "
        + "standardised by the real training windows."
    case .fidGeometric:
      "The same on 32 geometric relations (shares of frames), standardised by the real training windows."
    case .precision:
      "Share of motions inside the 5-nearest-neighbour ball of some evaluation window (encoder features)."
    case .recall: "Share of evaluation windows inside the 5-nearest-neighbour ball of some motion of the set."
    case .density: "Mean number of evaluation windows' balls around a motion, over 5."
    case .coverage: "Share of evaluation windows whose ball holds a motion of the set: falls first when modes are lost."
    case .diversity: "Mean distance over all pairs (encoder features)."
    case .diversityKinetic: "Mean distance over all pairs (standardised kinetic features)."
    case .diversityGeometric: "Mean distance over all pairs (standardised geometric features)."
    case .nearestTraining:
      "Mean distance to the nearest training window (encoder features); far below the real evaluation windows' own "
        + "figure means memorising."
    case .kineticEnergy:
      "Half the mean squared speed of the 22 joints, each counting the same: falls where motions grow still."
    case .physErr: "Penetrate + Float + Skate."
    case .penetrate: "Depth of the body's lowest point below the floor beyond a 5 mm tolerance, mean over all frames."
    case .float: "Height of the body's lowest point above the floor beyond a 5 mm tolerance, mean over all frames."
    case .skate: "Horizontal displacement of foot points at or below 5 mm in two adjacent frames, mean over all frames."
    case .skateSpeed: "Skate as a speed."
    case .skatingRatio: "Share of frames in which a foot below 5 cm moves faster than 0.5 m/s (GMD's definition)."
    case .residualWrench: "Mean force and torque on the root that the best contact forces leave unexplained."
    case .residualWrench95: "95th percentile over frames of the residual wrench."
    case .selfPenetration: "Deepest overlap of two body parts that are not neighbours."
    case .jointLimitExcess: "Largest excess over an anatomical joint limit."
    case .jerk: "Mean magnitude of the joints' third derivative of position."
    case .skeletonPenetration:
      "Share of frames in which a joint or End Site lies more than 5 mm below the floor. It needs no body model: it sees "
        + "toes, fingers and props."
    case .deepestJoint: "How far a clip's deepest joint or End Site lies below the floor, mean over clips."
    }
  }
}

/// The metrics of one set of motions.
///
///     let report = try evaluationSet.report(on: samples, encoder: encoder, measure: measure, bootstrap: bootstrap)
///     if let fid = report[.fid] { print(fid.value, fid.lower, fid.upper) }
public struct SetReport: Sendable, Hashable, Codable {
  /// The number of motions.
  public var count: Int
  /// Every metric that was measured, with its 95 % interval.
  public var figures: [Metric: Estimate]

  /// A report of metrics from elsewhere; ``EvaluationSet`` makes one from motions.
  public init(count: Int, figures: [Metric: Estimate]) {
    self.count = count
    self.figures = figures
  }

  /// A metric, if it was measured.
  public subscript(metric: Metric) -> Estimate? { figures[metric] }

  /// The means of clips' plausibility with bootstrap intervals over clips; no metrics for an empty set.
  public static func physics(of clips: [PlausibilityMetrics], bootstrap: Bootstrap) -> [Metric: Estimate] {
    guard !clips.isEmpty else { return [:] }
    let values: [(Metric, (PlausibilityMetrics) -> Double)] = [
      (.physErr, \.physErr), (.penetrate, \.penetrate), (.float, \.float), (.skate, \.skate),
      (.skateSpeed, \.skateSpeed), (.skatingRatio, \.skatingRatio), (.residualWrench, \.residualWrench),
      (.residualWrench95, \.residualWrench95), (.selfPenetration, \.selfPenetration),
      (.jointLimitExcess, \.jointLimitExcess), (.jerk, \.jerk),
    ]
    var figures = Dictionary(
      uniqueKeysWithValues: values.map { metric, value in (metric, bootstrap.mean(of: clips.map(value))) })
    // Clips that an earlier version recorded have none.
    let below = clips.compactMap(\.skeletonPenetration)
    if !below.isEmpty {
      figures[.skeletonPenetration] = bootstrap.mean(of: below.map(\.share), within: 0...1)
      figures[.deepestJoint] = bootstrap.mean(of: below.map(\.deepest))
    }
    return figures
  }
}

/// The former name of ``Metric``.
public typealias Figure = Metric
