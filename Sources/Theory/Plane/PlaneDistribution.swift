import Foundation
import Randomness

/// The two-dimensional data sets on which retraining is studied.
///
///     var random = SeededGenerator(seed: 1)
///     let points = PlaneDistribution.eightGaussians.sample(2048, using: &random)
///     let shares = PlaneDistribution.eightGaussians.modeShares(of: points)
///     print(shares.count)                                     // 8
///
/// Eight Gaussians stand on a circle of radius 4, deviation 0.3; two moons are half circles of radius 2 with noise of
/// deviation 0.15. The scales are ours: the papers (Bertrand et al., arXiv 2310.00429; Ferbach et al., arXiv 2407.09499)
/// name the sets but not all constants. Not guaranteed: comparability with distances printed elsewhere.
enum PlaneDistribution: String, Sendable, Hashable, CaseIterable, Codable {
  /// Eight equal modes on a circle.
  case eightGaussians = "eight-gaussians"
  /// Two interleaved half circles.
  case twoMoons = "two-moons"

  /// One point.
  func sample(using random: inout SeededGenerator) -> PlanePoint {
    point(mode: Int(random.uniform() * Double(modeCount)), using: &random)
  }

  private func point(mode: Int, using random: inout SeededGenerator) -> PlanePoint {
    let (place, deviation) =
      switch self {
      case .eightGaussians: (PlaneDistribution.center(mode), 0.3)
      case .twoMoons: (PlaneDistribution.moon(isUpper: mode == 0, angle: .pi * random.uniform()), 0.15)
      }
    return PlanePoint(place.x + deviation * random.normal(), place.y + deviation * random.normal())
  }

  /// `count` independent points.
  func sample(_ count: Int, using random: inout SeededGenerator) -> [PlanePoint] {
    (0..<count).map { _ in sample(using: &random) }
  }

  /// `count` points with the modes taken in turn, so that every mode has its exact share.
  ///
  /// A set to measure distances to: it lacks the noise of the modes' counts, which would hide small differences.
  func balancedSample(_ count: Int, using random: inout SeededGenerator) -> [PlanePoint] {
    (0..<count).map { point(mode: $0 % modeCount, using: &random) }
  }

  /// How many modes there are: eight Gaussians, two moons.
  var modeCount: Int { self == .eightGaussians ? 8 : 2 }

  /// The mode to which a point is nearest, and how far it is from that mode's centre or arc.
  func nearestMode(to point: PlanePoint) -> (mode: Int, distance: Double) {
    let distances = (0..<modeCount).map { distance(from: point, toMode: $0) }
    let best = distances.indices.min { distances[$0] < distances[$1] } ?? 0
    return (best, distances[best])
  }

  /// The share of the points nearest to each mode.
  func modeShares(of points: [PlanePoint]) -> [Double] {
    var shares = [Double](repeating: 0, count: modeCount)
    for point in points { shares[nearestMode(to: point).mode] += 1 / Double(points.count) }
    return shares
  }

  /// A point inside the mode 0 on which a reward can be centred; the other modes lie more than 1 from it.
  var rewardCenter: PlanePoint {
    self == .eightGaussians ? PlaneDistribution.center(0) : PlaneDistribution.moon(isUpper: true, angle: 0.75 * .pi)
  }

  private func distance(from point: PlanePoint, toMode mode: Int) -> Double {
    switch self {
    case .eightGaussians: point.distance(to: PlaneDistribution.center(mode))
    case .twoMoons:
      (0...24).reduce(Double.infinity) { least, step in
        min(least, point.distance(to: PlaneDistribution.moon(isUpper: mode == 0, angle: .pi * Double(step) / 24)))
      }
    }
  }

  private static func center(_ index: Int) -> PlanePoint {
    let angle = 2 * Double.pi * Double(index) / 8
    return PlanePoint(4 * cos(angle), 4 * sin(angle))
  }

  private static func moon(isUpper: Bool, angle: Double) -> PlanePoint {
    isUpper
      ? PlanePoint(2 * cos(angle) - 1, 2 * sin(angle) - 0.5)
      : PlanePoint(1 - 2 * cos(angle), 0.5 - 2 * sin(angle))
  }
}

/// The sliced 2-Wasserstein distance between two sets of points in the plane.
///
///     let distance = SlicedWasserstein(directions: 64)
///     print(distance(samples, truth))
///
/// Bonneel et al., J. Mathematical Imaging and Vision 51 (2015), 10.1007/s10851-014-0506-3. The directions are evenly
/// spread over the half circle, so that nothing is random. Not guaranteed: zero for two samples of one law; compare with
/// the distance of two true samples of the same size.
struct SlicedWasserstein: Sendable, Hashable {
  /// How many directions the points are projected on.
  let directions: Int

  /// A distance over evenly spread directions.
  init(directions: Int = 64) {
    precondition(directions > 0, "a direction is needed")
    self.directions = directions
  }

  /// The distance of two sets of equally many points.
  ///
  /// - Complexity: O(directions n log n).
  func callAsFunction(_ first: [PlanePoint], _ second: [PlanePoint]) -> Double {
    precondition(first.count == second.count && !first.isEmpty, "sets of equally many points")
    var total = 0.0
    for index in 0..<directions {
      let angle = Double.pi * Double(index) / Double(directions)
      let (c, s) = (cos(angle), sin(angle))
      let one = first.map { c * $0.x + s * $0.y }.sorted()
      let two = second.map { c * $0.x + s * $0.y }.sorted()
      for i in one.indices { total += (one[i] - two[i]) * (one[i] - two[i]) }
    }
    return (total / Double(directions * first.count)).squareRoot()
  }
}
