import Randomness

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
struct PlaneGaussian: Sendable, Hashable, Codable {
  /// The mean.
  var mean: PlanePoint
  /// The variance of the first coordinate.
  var varianceX: Double
  /// The variance of the second coordinate.
  var varianceY: Double
  /// The covariance of the two coordinates.
  var covariance: Double

  /// Zero mean, identity covariance.
  static let standard = PlaneGaussian(mean: PlanePoint(0, 0), varianceX: 1, varianceY: 1, covariance: 0)

  /// A random point, by the Cholesky factor of the covariance.
  func sample(using random: inout SeededGenerator) -> PlanePoint {
    let (a, b) = (random.normal(), random.normal())
    let first = varianceX.squareRoot()
    let mixed = covariance / first
    let second = max(0, varianceY - mixed * mixed).squareRoot()
    return PlanePoint(mean.x + first * a, mean.y + mixed * a + second * b)
  }

  /// The 2-Wasserstein distance between two Gaussians.
  ///
  /// In the plane `tr sqrt(M) = sqrt(tr M + 2 sqrt(det M))` for `M` similar to the product of the covariances.
  func wassersteinDistance(to other: PlaneGaussian) -> Double {
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

extension PlaneGaussian {
  /// The maximum-likelihood Gaussian of a set of points, with `ridge` added to the variances.
  init(fittedTo points: [PlanePoint], ridge: Double = 1e-6) {
    var moments = PlaneMoments()
    for point in points { moments.add(point) }
    self.init(moments, ridge: ridge)
  }

  /// The maximum-likelihood Gaussian of a set of points, given its moments, with `ridge` added to the variances.
  init(_ moments: PlaneMoments, ridge: Double = 1e-6) {
    precondition(moments.count > 0, "a Gaussian is fitted to at least one point")
    let n = moments.count
    let mean = PlanePoint(moments.x / n, moments.y / n)
    self.init(
      mean: mean, varianceX: max(0, moments.xx / n - mean.x * mean.x) + ridge,
      varianceY: max(0, moments.yy / n - mean.y * mean.y) + ridge, covariance: moments.xy / n - mean.x * mean.y)
  }
}

/// A point of the plane.
struct PlanePoint: Sendable, Hashable, Codable {
  /// The first coordinate.
  var x: Double
  /// The second coordinate.
  var y: Double

  /// The point `(x, y)`.
  init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  /// The Euclidean distance to another point.
  func distance(to other: PlanePoint) -> Double {
    let (dx, dy) = (x - other.x, y - other.y)
    return (dx * dx + dy * dy).squareRoot()
  }
}

/// Sums of a set of points from which a Gaussian is fitted; sets are joined by adding their sums.
struct PlaneMoments: Sendable {
  var count = 0.0
  var x = 0.0
  var y = 0.0
  var xx = 0.0
  var yy = 0.0
  var xy = 0.0

  mutating func add(_ point: PlanePoint) {
    count += 1
    x += point.x
    y += point.y
    xx += point.x * point.x
    yy += point.y * point.y
    xy += point.x * point.y
  }

  mutating func add(_ point: PlanePoint, weight: Double) {
    count += weight
    x += weight * point.x
    y += weight * point.y
    xx += weight * point.x * point.x
    yy += weight * point.y * point.y
    xy += weight * point.x * point.y
  }

  mutating func add(_ other: PlaneMoments) {
    count += other.count
    x += other.x
    y += other.y
    xx += other.xx
    yy += other.yy
    xy += other.xy
  }
}
