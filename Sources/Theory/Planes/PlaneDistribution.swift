public import Randomness

/// The two-dimensional data sets on which retraining is studied.
///
///     var random = SeededGenerator(seed: 1)
///     let points = PlaneDistribution.eightGaussians.sample(2048, using: &random)
///     let shares = PlaneDistribution.eightGaussians.modeShares(of: points)
///     print(shares.count)                                     // 8
///
/// Eight Gaussians stand on a circle of radius 4, deviation 0.3; two moons are half circles of radius 2 with noise of
/// deviation 0.15. Our own scales: the papers (Bertrand et al., arXiv 2310.00429; Ferbach et al., arXiv 2407.09499)
/// name the sets but not all constants. Not guaranteed: comparability with distances printed elsewhere.
public enum PlaneDistribution: String, Sendable, Hashable, CaseIterable, Codable {
  /// Eight equal modes on a circle.
  case eightGaussians = "eight-gaussians"
  /// Two interleaved half circles.
  case twoMoons = "two-moons"

  /// One point.
  public func sample(using random: inout SeededGenerator) -> PlanePoint {
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
  public func sample(_ count: Int, using random: inout SeededGenerator) -> [PlanePoint] {
    (0..<count).map { _ in sample(using: &random) }
  }

  /// `count` points with the modes taken in turn, so that every mode has its exact share.
  ///
  /// A set to measure distances to: it lacks the noise of the modes' counts, which would hide small differences.
  public func balancedSample(_ count: Int, using random: inout SeededGenerator) -> [PlanePoint] {
    (0..<count).map { point(mode: $0 % modeCount, using: &random) }
  }

  /// How many modes there are: eight Gaussians, two moons.
  public var modeCount: Int { self == .eightGaussians ? 8 : 2 }

  /// The mode to which a point is nearest, and how far it is from that mode's centre or arc.
  public func nearestMode(to point: PlanePoint) -> (mode: Int, distance: Double) {
    let distances = (0..<modeCount).map { distance(from: point, toMode: $0) }
    let best = distances.indices.min { distances[$0] < distances[$1] } ?? 0
    return (best, distances[best])
  }

  /// The share of the points nearest to each mode.
  public func modeShares(of points: [PlanePoint]) -> [Double] {
    var shares = [Double](repeating: 0, count: modeCount)
    for point in points { shares[nearestMode(to: point).mode] += 1 / Double(points.count) }
    return shares
  }

  /// A point inside the mode 0 on which a reward can be centred; the other modes lie more than 1 from it.
  public var rewardCenter: PlanePoint {
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
    return PlanePoint(4 * cosine(angle), 4 * sine(angle))
  }

  private static func moon(isUpper: Bool, angle: Double) -> PlanePoint {
    isUpper
      ? PlanePoint(2 * cosine(angle) - 1, 2 * sine(angle) - 0.5)
      : PlanePoint(1 - 2 * cosine(angle), 0.5 - 2 * sine(angle))
  }
}
