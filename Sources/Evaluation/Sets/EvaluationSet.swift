public import Dynamics
public import Foundation
public import Kinematics
public import Support

/// Real windows that sets of motions are measured against, frozen before anything is generated.
///
///     let bootstrap = Bootstrap(seed: 1)
///     let measure: EvaluationSet.Measure = { PlausibilityMetrics.measure($0, body: body) }
///     let set = try EvaluationSet(
///       evaluation: [("walk-1", walk), ("jump-1", jump)], training: windows, encoder: nil, measure: measure,
///       bootstrap: bootstrap)
///     let report = try set.report(on: samples, encoder: nil, measure: measure, bootstrap: bootstrap)
///     if let real = set.realAgainstReal[.fidKinetic], let ours = report[.fidKinetic] { print(ours.value, real.value) }
///
/// The features of the real windows are computed once and kept. The hash that ``save(to:)`` returns identifies the set in
/// ledgers.
public struct EvaluationSet: Sendable, Codable {
  /// The evaluation windows' names.
  public let windows: [String]
  /// The evaluation windows' physics, and their distance to the nearest training window.
  public let real: SetReport
  /// The real training windows measured as if they were samples: the score of a perfect model of the training set.
  public let realAgainstReal: SetReport
  /// The name of the encoder of the features; `nil` without one.
  public let encoder: String?
  let spaces: [FeatureSpace]

  /// Measures a motion's physics.
  public typealias Measure = @Sendable (Motion) throws -> PlausibilityMetrics

  /// Freezes a set.
  ///
  /// - Parameters:
  ///   - evaluation: The windows to measure against, with their names.
  ///   - training: The real windows that models learn from.
  ///   - encoder: Features for FID; without them the encoder's metrics are left out.
  ///   - measure: Measures a motion's physics; called on several threads.
  /// - Throws: ``SurefootError`` for sets of fewer than two windows, or motions that cannot be measured.
  public init(
    evaluation: [(name: String, motion: Motion)], training: [Motion], encoder: (any MotionFeatures)?, measure: Measure,
    bootstrap: Bootstrap
  ) throws {
    guard evaluation.count > 1 else {
      throw SurefootError.tooFew(what: "the evaluation set", have: evaluation.count, need: 2)
    }
    guard training.count > 1 else {
      throw SurefootError.tooFew(what: "the training set", have: training.count, need: 2)
    }
    let motions = evaluation.map(\.motion)
    windows = evaluation.map(\.name)
    self.encoder = encoder?.name
    var spaces: [FeatureSpace] = []
    var againstReal: [Metric: Estimate] = [:]
    var real = SetReport.physics(of: try blockingConcurrentMap(motions, measure), bootstrap: bootstrap)
    for features in EvaluationSet.allFeatures(encoder) {
      let (held, seen) = (try features.features(of: motions), try features.features(of: training))
      let space = FeatureSpace(
        name: features.name, evaluation: held, training: seen,
        standardizedBy: EvaluationSet.smallestDeviation[features.name])
      spaces.append(space)
      againstReal.merge(try space.metrics(of: seen, bootstrap: bootstrap)) { $1 }
      if features is KineticFeatures {
        real[.kineticEnergy] = bootstrap.mean(of: KineticFeatures.energies(of: held))
      }
    }
    self.spaces = spaces
    if let space = spaces.last, encoder != nil {
      real[.nearestTraining] = bootstrap.mean(of: Neighbourhoods.nearest(of: space.evaluation, in: space.training))
    }
    self.real = SetReport(count: motions.count, figures: real)
    againstReal.merge(SetReport.physics(of: try blockingConcurrentMap(training, measure), bootstrap: bootstrap)) { $1 }
    againstReal[.nearestTraining] = nil
    realAgainstReal = SetReport(count: training.count, figures: againstReal)
  }

  /// The metrics of a set of motions against the evaluation windows.
  ///
  /// - Parameter encoder: The encoder that the set was frozen with.
  public func report(
    on motions: [Motion], encoder: (any MotionFeatures)?, measure: Measure, bootstrap: Bootstrap
  ) throws -> SetReport {
    try report(
      on: motions, physics: try blockingConcurrentMap(motions, measure), encoder: encoder, bootstrap: bootstrap)
  }

  /// The metrics of a set of motions whose physics was measured before.
  public func report(
    on motions: [Motion], physics: [PlausibilityMetrics], encoder: (any MotionFeatures)?, bootstrap: Bootstrap
  ) throws -> SetReport {
    guard encoder?.name == self.encoder else {
      throw SurefootError.mismatch(
        "the evaluation set was frozen with encoder \(self.encoder ?? "none"), not \(encoder?.name ?? "none")")
    }
    var figures = SetReport.physics(of: physics, bootstrap: bootstrap)
    for (features, space) in zip(EvaluationSet.allFeatures(encoder), spaces) {
      figures.merge(try space.metrics(of: try features.features(of: motions), bootstrap: bootstrap)) { $1 }
    }
    return SetReport(count: motions.count, figures: figures)
  }

  /// Writes the frozen set as JSON and returns its SHA-256.
  @discardableResult
  public func save(to url: URL) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let data = try encoder.encode(self)
    try AtomicFile.write(data, to: url)
    return SHA256.hexadecimal(of: data)
  }

  /// Reads a frozen set.
  public static func load(from url: URL) throws -> EvaluationSet {
    do {
      return try JSONDecoder().decode(EvaluationSet.self, from: try Data(contentsOf: url))
    } catch {
      throw SurefootError(
        file: url.path, message: "is no frozen evaluation set (\(error))", suggestion: "delete it; it is made anew")
    }
  }

  /// The least divisor of a column of kinetic and geometric features, which are standardised: a speed or acceleration near
  /// zero, and a relation that real motion seldom holds (5 % of frames).
  private static let smallestDeviation = ["kinetic": 1e-3, "geometric": 0.05]

  private static func allFeatures(_ encoder: (any MotionFeatures)?) -> [any MotionFeatures] {
    [KineticFeatures(), GeometricFeatures()] + (encoder.map { [$0] } ?? [])
  }
}
