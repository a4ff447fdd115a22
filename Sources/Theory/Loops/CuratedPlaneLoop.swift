import Randomness

/// A reward of points in the plane: zero within a radius of a centre, then falling in proportion to the distance.
///
///     let reward = CenterReward(center: PlanePoint(4, 0))
///     print(reward(PlanePoint(4, 0.5)))                // 0, the greatest
///     print(reward(PlanePoint(0, 0)))                  // -10 (4 - 1) = -30
///
/// The clipped negative distance of Ferbach et al., arXiv 2407.09499; slope 10 and radius 1 as recalled from the paper's
/// two-dimensional experiments. Not guaranteed: that these are its exact constants.
struct CenterReward: Sendable, Hashable {
  /// The centre.
  var center: PlanePoint
  /// Reward lost a unit of distance beyond the radius.
  var slope = 10.0
  /// The radius within which nothing is lost.
  var radius = 1.0

  /// A reward around a centre.
  init(center: PlanePoint) { self.center = center }

  /// The reward of a point.
  func callAsFunction(_ point: PlanePoint) -> Double {
    -slope * max(0, point.distance(to: center) - radius)
  }
}

/// Retraining on curated samples of two moons or eight Gaussians, alone or mixed with the real data.
///
///     var loop = CuratedPlaneLoop(.eightGaussians)
///     let pure = loop.run(seed: 1).last               // all mass in one mode
///     loop.lambda = 1
///     let mixed = loop.run(seed: 1).last              // every mode keeps at least half of its share
///
/// The experiment of Ferbach et al., arXiv 2407.09499, with a mixture of Gaussians in place of the paper's flow: each
/// generation fine-tunes by expectation-maximisation. Not guaranteed: the paper's pictures; the claim tested is the
/// collapse of the pure loop onto the mode that holds the reward's maximum, and that real data prevents it.
struct CuratedPlaneLoop: Sendable, Hashable {
  /// The data.
  var distribution: PlaneDistribution
  /// The reward that curators choose by.
  var reward: CenterReward
  /// The samples that a curator chooses from.
  var candidates = 4
  /// Synthetic : real; infinite for curated samples alone.
  var lambda = Double.infinity
  /// Real points, and curated points where there are no real ones.
  var count = 1000
  /// Components of the mixture.
  var components = 16
  /// Generations after the first fit.
  var generations = 12

  /// The pure loop on a data set, with the reward centred in its mode 0.
  init(_ distribution: PlaneDistribution) {
    self.distribution = distribution
    reward = CenterReward(center: distribution.rewardCenter)
  }

  /// A generation's model, described by 2000 of its samples.
  struct Generation: Sendable, Hashable, Codable {
    /// The share of samples nearest to each mode.
    let modeShares: [Double]
    /// The mean reward.
    let meanReward: Double
    /// The samples' total variance.
    let variance: Double

    /// How many modes hold at least a quarter of an even share.
    var liveModes: Int { modeShares.filter { $0 >= 0.25 / Double(modeShares.count) }.count }
  }

  /// Generations `0 ... generations`.
  func run(seed: UInt64) -> [Generation] {
    var random = SeededGenerator(seed: Seed.derive(seed, "curated-plane", distribution.rawValue))
    let real = distribution.sample(count, using: &random)
    var model = GaussianMixture(components: components, startingFrom: real, seed: seed)
    model.fit(to: real, iterations: 40)
    var list = [describe(model, using: &random)]
    let synthetic = lambda.isFinite ? Int((lambda * Double(count)).rounded()) : count
    for _ in 0..<generations {
      var set = lambda.isFinite ? real : []
      for _ in 0..<synthetic { set.append(curated(model, using: &random)) }
      model.fit(to: set, iterations: 5)
      list.append(describe(model, using: &random))
    }
    return list
  }

  private func curated(_ model: GaussianMixture, using random: inout SeededGenerator) -> PlanePoint {
    let samples = (0..<candidates).map { _ in model.sample(using: &random) }
    return samples[BradleyTerry(candidates: candidates).choose(among: samples.map { reward($0) }, using: &random)]
  }

  private func describe(_ model: GaussianMixture, using random: inout SeededGenerator) -> Generation {
    let samples = model.sample(2000, using: &random)
    let whole = PlaneGaussian(fittedTo: samples)
    return Generation(
      modeShares: distribution.modeShares(of: samples),
      meanReward: samples.reduce(0) { $0 + reward($1) } / Double(samples.count),
      variance: whole.varianceX + whole.varianceY)
  }
}
