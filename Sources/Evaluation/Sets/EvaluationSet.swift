public import Dynamics
public import Foundation
public import Kinematics
public import Support

/// Real windows that sets are measured against, frozen before anything is generated.
///
///     let set = try EvaluationSet(evaluation: held, training: seen, encoder: encoder, measure: physics, bootstrap: b)
///     let report = try set.report(on: samples, encoder: encoder, measure: physics, bootstrap: b)
///     print(report[.fid] ?? "no encoder", set.realAgainstReal[.fid] ?? "")
///
/// Features of the real windows are computed once and kept; ``sha256`` names them in ledgers.
public struct EvaluationSet: Sendable, Codable {
  /// The evaluation windows' names.
  public let windows: [String]
  /// The evaluation windows measured by themselves: their physics, and their nearest training window.
  public let real: SetReport
  /// The real training windows measured as if they had been generated: what a perfect model of the training set scores.
  public let realAgainstReal: SetReport
  /// The name of the encoder that the features were taken with.
  public let encoder: String?
  let spaces: [FeatureSpace]

  /// How a motion's physics is measured.
  public typealias Measure = @Sendable (Motion) throws -> PlausibilityMetrics

  /// Freezes a set.
  ///
  /// - Parameters:
  ///   - evaluation: The windows to measure against, with their names.
  ///   - training: The real windows that models learn from.
  ///   - encoder: Features for FID; without them the encoder's figures are left out.
  ///   - measure: A motion's physics.
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
    var again: [Figure: Estimate] = [:]
    var real = SetReport.physics(of: try blockingConcurrentMap(motions, measure), bootstrap: bootstrap)
    for features in EvaluationSet.allFeatures(encoder) {
      let (ours, theirs) = (try features.features(of: motions), try features.features(of: training))
      let space = FeatureSpace(
        name: features.name, evaluation: ours, training: theirs,
        standardizedBy: EvaluationSet.smallestDeviation[features.name])
      spaces.append(space)
      again.merge(try space.figures(of: theirs, bootstrap: bootstrap)) { $1 }
      if features is KineticFeatures {
        real[.kineticEnergy] = bootstrap.mean(of: KineticFeatures.energies(of: ours))
      }
    }
    self.spaces = spaces
    if let space = spaces.last, encoder != nil {
      real[.nearestTraining] = bootstrap.mean(of: Neighbourhoods.nearest(of: space.evaluation, in: space.training))
    }
    self.real = SetReport(count: motions.count, figures: real)
    again.merge(SetReport.physics(of: try blockingConcurrentMap(training, measure), bootstrap: bootstrap)) { $1 }
    again[.nearestTraining] = nil
    realAgainstReal = SetReport(count: training.count, figures: again)
  }

  /// The figures of a set of motions against the evaluation windows.
  ///
  /// - Parameter encoder: The one that the set was frozen with.
  public func report(
    on motions: [Motion], encoder: (any MotionFeatures)?, measure: Measure, bootstrap: Bootstrap
  ) throws -> SetReport {
    try report(
      on: motions, physics: try blockingConcurrentMap(motions, measure), encoder: encoder, bootstrap: bootstrap)
  }

  /// The figures of a set of motions whose physics is known already.
  public func report(
    on motions: [Motion], physics: [PlausibilityMetrics], encoder: (any MotionFeatures)?, bootstrap: Bootstrap
  ) throws -> SetReport {
    guard encoder?.name == self.encoder else {
      throw SurefootError.mismatch(
        "the evaluation set was frozen with encoder \(self.encoder ?? "none"), not \(encoder?.name ?? "none")")
    }
    var figures = SetReport.physics(of: physics, bootstrap: bootstrap)
    for (features, space) in zip(EvaluationSet.allFeatures(encoder), spaces) {
      figures.merge(try space.figures(of: try features.features(of: motions), bootstrap: bootstrap)) { $1 }
    }
    return SetReport(count: motions.count, figures: figures)
  }

  /// Writes the frozen set as JSON and gives its SHA-256.
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

  /// Kinetic and geometric features are standardised, and a column is divided by at least this: a relation that real
  /// motion hardly ever holds (5 % of frames), a speed or acceleration near nothing.
  private static let smallestDeviation = ["kinetic": 1e-3, "geometric": 0.05]

  private static func allFeatures(_ encoder: (any MotionFeatures)?) -> [any MotionFeatures] {
    [KineticFeatures(), GeometricFeatures()] + (encoder.map { [$0] } ?? [])
  }
}
