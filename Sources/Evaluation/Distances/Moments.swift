/// The mean and the unbiased covariance of a set of feature vectors: what a Fréchet distance knows of it.
public struct Moments: Sendable, Hashable, Codable {
  /// The number of vectors that they are taken from.
  public let count: Int
  /// The mean vector.
  public let mean: [Double]
  /// The covariance with divisor `count - 1`, row by row (it is symmetric).
  public let covariance: [Double]

  /// The length of the vectors.
  public var dimension: Int { mean.count }

  /// The moments of at least two vectors; zeros for the covariance of a single one.
  ///
  /// - Complexity: O(count · dimension²).
  public init(of features: FeatureMatrix) {
    self.init(of: features, weights: [Int](repeating: 1, count: features.count))
  }

  /// The moments of the set in which vector `i` occurs `weights[i]` times: a bootstrap's resample.
  ///
  /// - Precondition: One weight a vector, one of them positive.
  public init(of features: FeatureMatrix, weights: [Int]) {
    let (n, d) = (features.count, features.dimension)
    precondition(weights.count == n, "one weight a vector")
    let total = weights.reduce(0, +)
    precondition(total > 0, "moments of no vectors")
    var mean = [Double](repeating: 0, count: d)
    for row in 0..<n where weights[row] > 0 {
      for column in 0..<d { mean[column] += Double(weights[row]) * features.values[row * d + column] }
    }
    for column in 0..<d { mean[column] /= Double(total) }
    self.count = total
    self.covariance = Moments.covariance(of: features, weights: weights, mean: mean, total: total)
    self.mean = mean
  }

  private static func covariance(
    of features: FeatureMatrix, weights: [Int], mean: [Double], total: Int
  ) -> [Double] {
    let (n, d) = (features.count, features.dimension)
    var sums = [Double](repeating: 0, count: d * d)
    var centred = [Double](repeating: 0, count: d)
    sums.withUnsafeMutableBufferPointer { sums in
      for row in 0..<n where weights[row] > 0 {
        for column in 0..<d { centred[column] = features.values[row * d + column] - mean[column] }
        centred.withUnsafeBufferPointer { centred in
          for i in 0..<d {
            let weighted = Double(weights[row]) * centred[i]
            for j in i..<d { sums[i * d + j] += weighted * centred[j] }
          }
        }
      }
      let divisor = Double(max(1, total - 1))
      for i in 0..<d {
        for j in i..<d {
          sums[i * d + j] /= divisor
          sums[j * d + i] = sums[i * d + j]
        }
      }
    }
    return sums
  }
}
