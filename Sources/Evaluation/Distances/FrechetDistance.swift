public import Linear
public import Support

/// The squared Fréchet (2-Wasserstein) distance of two Gaussians, `|m1 - m2|² + tr(C1 + C2 - 2 (C1 C2)^(1/2))`: FID when
/// the vectors are an encoder's features.
///
/// Heusel et al., "GANs trained by a two time-scale update rule converge to a local Nash equilibrium" (2017),
/// arXiv:1706.08500. The trace of the square root is that of the symmetric `(C1^(1/2) C2 C1^(1/2))^(1/2)`, taken from
/// eigenvalues, which never turns complex; so no `eps` is added, and rank-deficient covariances (fewer motions than
/// dimensions) are exact as well. With few samples the distance is biased upwards: compare only sets of one size, and
/// read it beside real against real.
public struct FrechetDistance: Sendable {
  /// The moments of the set that distances are measured to.
  public let reference: Moments
  private let root: [Double]

  /// Prepares distances to one set.
  ///
  /// - Throws: ``SurefootError`` if the set's covariance is not finite.
  public init(to reference: Moments) throws(SurefootError) {
    self.reference = reference
    root = try FrechetDistance.squareRoot(reference.covariance, size: reference.dimension)
  }

  /// The squared distance from `moments` to the reference, never negative.
  ///
  /// - Complexity: O(dimension³).
  public func callAsFunction(_ moments: Moments) throws(SurefootError) -> Double {
    precondition(moments.dimension == reference.dimension, "features of one kind")
    let d = reference.dimension
    var shift = 0.0
    for i in 0..<d { shift += (moments.mean[i] - reference.mean[i]) * (moments.mean[i] - reference.mean[i]) }
    let half = SquareMatrix.product(root, moments.covariance, size: d)
    let product = SquareMatrix.symmetric(SquareMatrix.product(half, root, size: d), size: d)
    guard let eigen = SymmetricEigen(product, size: d) else { throw .notFinite("a covariance") }
    let crossing = eigen.values.reduce(0) { $0 + max(0, $1).squareRoot() }
    var traces = 0.0
    for i in 0..<d { traces += moments.covariance[i * d + i] + reference.covariance[i * d + i] }
    return max(0, shift + traces - 2 * crossing)
  }

  /// The squared distance of two sets.
  public static func between(_ a: FeatureMatrix, _ b: FeatureMatrix) throws(SurefootError) -> Double {
    try FrechetDistance(to: Moments(of: b))(Moments(of: a))
  }

  private static func squareRoot(_ matrix: [Double], size d: Int) throws(SurefootError) -> [Double] {
    guard matrix.allSatisfy(\.isFinite), let eigen = SymmetricEigen(matrix, size: d) else {
      throw .notFinite("a covariance")
    }
    return eigen.matrix { max(0, $0).squareRoot() }
  }
}

/// The mean and the unbiased covariance of a set of feature vectors: all that a Fréchet distance depends on.
public struct Moments: Sendable, Hashable, Codable {
  /// The number of vectors.
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
