import Support

/// A space in which sets are compared: the features of real windows, computed once, and their standardisation.
struct FeatureSpace: Sendable, Hashable, Codable {
  let name: String
  let standardizer: Standardizer?
  let evaluation: FeatureMatrix
  let training: FeatureMatrix

  /// A space from the raw features of real windows; `smallest` is the least deviation that a column is divided by, `nil`
  /// where features are taken as they are.
  init(name: String, evaluation: FeatureMatrix, training: FeatureMatrix, standardizedBy smallest: Double?) {
    self.name = name
    let standardizer = smallest.map { Standardizer(fitting: training, smallest: $0) }
    self.standardizer = standardizer
    self.evaluation = standardizer?(evaluation) ?? evaluation
    self.training = standardizer?(training) ?? training
  }

  /// The metrics of a set with the given raw features, against the evaluation windows.
  func metrics(of raw: FeatureMatrix, bootstrap: Bootstrap) throws(SurefootError) -> [Metric: Estimate] {
    guard raw.count > 1 else { throw .tooFew(what: "a set", have: raw.count, need: 2) }
    guard raw.isFinite else { throw .notFinite("a feature") }
    let features = standardizer?(raw) ?? raw
    let frechet = try FrechetDistance(to: Moments(of: evaluation))
    let distance = try bootstrap.interval(around: try frechet(Moments(of: features)), count: features.count) {
      weights throws(SurefootError) in try frechet(Moments(of: features, weights: weights))
    }
    let pairs = DistanceTable(features, features)
    let ones = [Int](repeating: 1, count: features.count)
    let diversity = bootstrap.interval(around: Diversity.mean(pairs, weights: ones), count: features.count) {
      Diversity.mean(pairs, weights: $0)
    }
    switch name {
    case "kinetic":
      let energy = bootstrap.mean(of: KineticFeatures.energies(of: raw))
      return [.fidKinetic: distance, .diversityKinetic: diversity, .kineticEnergy: energy]
    case "geometric": return [.fidGeometric: distance, .diversityGeometric: diversity]
    default:
      let around = try neighbourhoodMetrics(of: features, bootstrap: bootstrap)
      return around.merging([.fid: distance, .diversity: diversity]) { first, _ in first }
    }
  }

  /// Precision, recall, density, coverage and the distance to the training windows, each a mean of terms and
  /// bootstrapped over its own terms; none for sets that are too small for the balls.
  private func neighbourhoodMetrics(
    of features: FeatureMatrix, bootstrap: Bootstrap
  ) throws(SurefootError) -> [Metric: Estimate] {
    let k = 5
    guard features.count > k, evaluation.count > k, training.count > 0 else { return [:] }
    let around = try Neighbourhoods(generated: features, real: evaluation, k: k)
    return [
      .precision: bootstrap.mean(of: around.precisionTerms, within: 0...1),
      .recall: bootstrap.mean(of: around.recallTerms, within: 0...1),
      .density: bootstrap.mean(of: around.densityTerms),
      .coverage: bootstrap.mean(of: around.coverageTerms, within: 0...1),
      .nearestTraining: bootstrap.mean(of: Neighbourhoods.nearest(of: features, in: training)),
    ]
  }
}

/// Brings every column of a feature matrix to mean 0 and deviation 1 over a real set, so that no unit outweighs another.
struct Standardizer: Sendable, Hashable, Codable {
  let mean: [Double]
  let deviation: [Double]

  /// Fits to a set; a column that hardly varies is divided by `smallest` instead of its deviation.
  init(fitting features: FeatureMatrix, smallest: Double) {
    let moments = Moments(of: features)
    mean = moments.mean
    deviation = (0..<features.dimension).map {
      max(smallest, moments.covariance[$0 * features.dimension + $0].squareRoot())
    }
  }

  func callAsFunction(_ features: FeatureMatrix) -> FeatureMatrix {
    FeatureMatrix(
      rows: (0..<features.count).map { row in
        features[row].enumerated().map { column, value in (value - mean[column]) / deviation[column] }
      })
  }
}
