import Foundation
import Randomness

/// A mixture of Gaussians in the plane, fitted by expectation-maximisation from its present parameters.
///
///     var model = GaussianMixture(components: 16, startingFrom: points, seed: 1)
///     model.fit(to: points, iterations: 40)
///     model.fit(to: retrainingSet, iterations: 10)                    // fine-tuning: a local maximum
///     let samples = model.sample(2000, using: &random)
///
/// Dempster, Laird and Rubin, J. Royal Statistical Society B 39 (1977), 10.1111/j.2517-6161.1977.tb01600.x. Every
/// iteration raises the likelihood, so that a refit from the present parameters is the local maximisation of the
/// retraining papers. Not guaranteed: the global maximum; components whose share vanishes stay where they were.
struct GaussianMixture: Sendable, Hashable {
  /// The components.
  private(set) var components: [PlaneGaussian]
  /// Their shares, which sum to one.
  private(set) var weights: [Double]
  /// A term added to every variance, so that no component shrinks onto a point.
  let ridge = 1e-4

  /// Components placed by k-means++ seeding, with the spread of all points shared among them.
  init(components count: Int, startingFrom points: [PlanePoint], seed: UInt64) {
    precondition(count > 0 && points.count >= count, "a mixture starts from as many points as components")
    var random = SeededGenerator(seed: Seed.derive(seed, "gaussian-mixture"))
    let whole = PlaneGaussian(fittedTo: points)
    var centers = [points[Int(random.uniform() * Double(points.count))]]
    var nearest = points.map { $0.distance(to: centers[0]) }
    while centers.count < count {
      var mark = random.uniform() * nearest.reduce(0) { $0 + $1 * $1 }
      let next = nearest.firstIndex { distance in
        mark -= distance * distance
        return mark < 0
      }
      let center = points[next ?? points.count - 1]
      centers.append(center)
      for i in points.indices { nearest[i] = min(nearest[i], points[i].distance(to: center)) }
    }
    let variance = (whole.varianceX + whole.varianceY) / (2 * Double(count))
    components = centers.map { PlaneGaussian(mean: $0, varianceX: variance, varianceY: variance, covariance: 0) }
    weights = [Double](repeating: 1 / Double(count), count: count)
  }

  /// Runs expectation-maximisation for a number of iterations.
  mutating func fit(to points: [PlanePoint], iterations: Int) {
    precondition(!points.isEmpty, "a mixture is fitted to points")
    for _ in 0..<iterations { update(with: points) }
  }

  /// One point.
  func sample(using random: inout SeededGenerator) -> PlanePoint {
    var mark = random.uniform()
    for (index, weight) in weights.enumerated() {
      mark -= weight
      if mark < 0 { return components[index].sample(using: &random) }
    }
    return components[components.count - 1].sample(using: &random)
  }

  /// `count` independent points.
  func sample(_ count: Int, using random: inout SeededGenerator) -> [PlanePoint] {
    (0..<count).map { _ in sample(using: &random) }
  }

  /// The mean log-likelihood of points.
  func logLikelihood(of points: [PlanePoint]) -> Double {
    let forms = forms
    return points.reduce(0) { $0 + GaussianMixture.responsibilities(of: $1, forms).logDensity } / Double(points.count)
  }

  private mutating func update(with points: [PlanePoint]) {
    let forms = forms
    var moments = [PlaneMoments](repeating: PlaneMoments(), count: components.count)
    for point in points {
      let shares = GaussianMixture.responsibilities(of: point, forms).shares
      for i in shares.indices where shares[i] > 1e-12 { moments[i].add(point, weight: shares[i]) }
    }
    let total = Double(points.count)
    for i in components.indices {
      weights[i] = moments[i].count / total
      // A component with less than a point's worth of data has nothing to be fitted to.
      if moments[i].count > 1e-3 { components[i] = PlaneGaussian(moments[i], ridge: ridge) }
    }
  }

  /// Per component: log(weight) - log(normaliser), the mean and the inverse covariance.
  private struct Form {
    let offset: Double
    let mean: PlanePoint
    let xx: Double
    let yy: Double
    let xy: Double
  }

  private var forms: [Form] {
    zip(components, weights).map { component, weight in
      let determinant = max(
        component.varianceX * component.varianceY - component.covariance * component.covariance, 1e-12)
      let offset =
        weight > 0 ? log(weight) - log(2 * .pi * determinant.squareRoot()) : -Double.infinity
      return Form(
        offset: offset, mean: component.mean, xx: component.varianceY / determinant,
        yy: component.varianceX / determinant, xy: -component.covariance / determinant)
    }
  }

  private static func responsibilities(
    of point: PlanePoint, _ forms: [Form]
  ) -> (shares: [Double], logDensity: Double) {
    var logs = [Double](repeating: 0, count: forms.count)
    var highest = -Double.infinity
    for (i, form) in forms.enumerated() {
      let (dx, dy) = (point.x - form.mean.x, point.y - form.mean.y)
      logs[i] = form.offset - (form.xx * dx * dx + 2 * form.xy * dx * dy + form.yy * dy * dy) / 2
      highest = max(highest, logs[i])
    }
    var sum = 0.0
    for i in logs.indices {
      logs[i] = exp(logs[i] - highest)
      sum += logs[i]
    }
    for i in logs.indices { logs[i] /= sum }
    return (logs, highest + log(sum))
  }
}
