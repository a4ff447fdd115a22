import Evaluation

/// Label agreement: the share of the nearest real windows that have the clip's action, between 0 and 1.
///
/// Distances are taken between standardised kinetic and geometric features, not the encoder's features: a set that FID
/// measures must not be chosen by the same features. Each of the k nearest windows is weighted by its label's rarity, so
/// that a common label is no easier to agree with.
struct LabelReward: Reward {
  let name = "label"
  private let features: [(any MotionFeatures)]
  private let scales: [(mean: [Double], deviation: [Double])]
  private let real: FeatureMatrix
  private let labels: [String]
  private let weights: [String: Double]
  private let k: Int

  /// - Precondition: `clips` is not empty.
  init(real clips: [TrainingClip], k: Int = 5) throws {
    precondition(!clips.isEmpty, "label agreement needs real windows")
    features = [KineticFeatures(), GeometricFeatures()]
    var scales: [(mean: [Double], deviation: [Double])] = []
    var rows = clips.map { _ in [Double]() }
    for one in features {
      let matrix = try one.features(of: clips.map(\.motion))
      let scale = LabelReward.scale(matrix)
      scales.append(scale)
      for index in rows.indices { rows[index] += LabelReward.apply(scale, matrix[index]) }
    }
    self.scales = scales
    real = FeatureMatrix(rows: rows)
    labels = clips.map(\.action)
    weights = Dictionary(grouping: labels) { $0 }.mapValues { 1 / Double($0.count) }
    self.k = min(k, clips.count)
  }

  /// 1 where all k nearest windows have the clip's action.
  func rewards(of candidates: [Candidate]) async throws -> [Double] {
    var rows = candidates.map { _ in [Double]() }
    for (one, scale) in zip(features, scales) {
      let matrix = try one.features(of: candidates.map(\.motion))
      for index in rows.indices { rows[index] += LabelReward.apply(scale, matrix[index]) }
    }
    let matrix = FeatureMatrix(rows: rows)
    return candidates.indices.map { index in
      let distances = (0..<real.count).map { matrix.distance(index, to: real, $0) }
      let nearest = distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }.prefix(k)
      let total = nearest.reduce(0) { $0 + (weights[labels[$1]] ?? 0) }
      let agreeing = nearest.filter { labels[$0] == candidates[index].action }
      return agreeing.reduce(0) { $0 + (weights[labels[$1]] ?? 0) } / total
    }
  }

  private static func scale(_ matrix: FeatureMatrix) -> (mean: [Double], deviation: [Double]) {
    let count = Double(matrix.count)
    var mean = [Double](repeating: 0, count: matrix.dimension)
    var square = mean
    for row in 0..<matrix.count {
      for (column, value) in matrix[row].enumerated() {
        mean[column] += value / count
        square[column] += value * value / count
      }
    }
    let root = Double(matrix.dimension).squareRoot()
    // Both kinds of features weigh the same, however many columns they have.
    return (mean, zip(square, mean).map { max(0.05, max(0, $0 - $1 * $1).squareRoot()) * root })
  }

  private static func apply(
    _ scale: (mean: [Double], deviation: [Double]), _ row: ArraySlice<Double>
  ) -> [Double] {
    row.enumerated().map { ($1 - scale.mean[$0]) / scale.deviation[$0] }
  }
}
