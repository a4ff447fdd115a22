public import Randomness

/// A Gaussian in the plane, with its full covariance.
///
///     var random = SeededGenerator(seed: 1)
///     let truth = PlaneGaussian.standard
///     let fitted = PlaneGaussian(fittedTo: (0..<50).map { _ in truth.sample(using: &random) })
///     print(fitted.wassersteinDistance(to: truth))
///
/// The 2-Wasserstein distance is the closed form of Dowson and Landau, J. Multivariate Analysis 12 (1982),
/// 10.1016/0047-259X(82)90077-X. Not guaranteed: a meaningful fit to fewer than three points (the ridge of `1e-6` only
/// keeps it from degenerating).
public struct PlaneGaussian: Sendable, Hashable, Codable {
  /// The mean.
  public var mean: PlanePoint
  /// The variance of the first coordinate.
  public var varianceX: Double
  /// The variance of the second coordinate.
  public var varianceY: Double
  /// The covariance of the two coordinates.
  public var covariance: Double

  /// A Gaussian by its moments.
  public init(mean: PlanePoint, varianceX: Double, varianceY: Double, covariance: Double) {
    self.mean = mean
    self.varianceX = varianceX
    self.varianceY = varianceY
    self.covariance = covariance
  }

  /// Zero mean, identity covariance.
  public static let standard = PlaneGaussian(mean: PlanePoint(0, 0), varianceX: 1, varianceY: 1, covariance: 0)

  /// The maximum-likelihood Gaussian of a set of points, with `ridge` added to the variances.
  public init(fittedTo points: [PlanePoint], ridge: Double = 1e-6) {
    var moments = PlaneMoments()
    for point in points { moments.add(point) }
    self.init(moments, ridge: ridge)
  }

  /// The maximum-likelihood Gaussian of a set of points known by its moments, with `ridge` added to the variances.
  init(_ moments: PlaneMoments, ridge: Double = 1e-6) {
    precondition(moments.count > 0, "a Gaussian is fitted to at least one point")
    let n = moments.count
    let mean = PlanePoint(moments.x / n, moments.y / n)
    self.init(
      mean: mean, varianceX: max(0, moments.xx / n - mean.x * mean.x) + ridge,
      varianceY: max(0, moments.yy / n - mean.y * mean.y) + ridge, covariance: moments.xy / n - mean.x * mean.y)
  }

  /// One point, by the covariance's Cholesky factor.
  public func sample(using random: inout SeededGenerator) -> PlanePoint {
    let (a, b) = (random.normal(), random.normal())
    let first = varianceX.squareRoot()
    let mixed = covariance / first
    let second = max(0, varianceY - mixed * mixed).squareRoot()
    return PlanePoint(mean.x + first * a, mean.y + mixed * a + second * b)
  }

  /// The 2-Wasserstein distance between two Gaussians.
  ///
  /// In the plane `tr sqrt(M) = sqrt(tr M + 2 sqrt(det M))` for `M` similar to the product of the covariances.
  public func wassersteinDistance(to other: PlaneGaussian) -> Double {
    let trace =
      varianceX * other.varianceX + varianceY * other.varianceY + 2 * covariance * other.covariance
    let determinant = self.determinant * other.determinant
    let traceOfRoot = max(0, trace + 2 * max(0, determinant).squareRoot()).squareRoot()
    let means = mean.distance(to: other.mean)
    let spread = varianceX + varianceY + other.varianceX + other.varianceY - 2 * traceOfRoot
    return (means * means + max(0, spread)).squareRoot()
  }

  private var determinant: Double { varianceX * varianceY - covariance * covariance }
}
