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
