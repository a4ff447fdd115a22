import Randomness

/// How the Gaussian toy's synthetic points reach the training set.
enum ToyCorrection: Sendable, Hashable {
  /// The model's samples, unchanged.
  case raw
  /// Fresh points from the histogram of the samples mixed with the target: strength gamma, 0 ... infinity.
  case mixedWithTarget(gamma: Double)
}

/// Which synthetic points the Gaussian toy trains on beside the real ones.
enum ToyMemory: Sendable, Hashable {
  /// At generation k the first `floor((i + 1) / k * m)` points of every earlier generation i, as published.
  case accumulate
  /// The newest generation's points only.
  case replace
}

/// How the Gaussian toy draws from the mixture of the samples' histogram and the target.
///
/// The toy's figures depend on this more than on the loop. Both rejection samplers use an envelope too low for the
/// histogram, accept always where it is exceeded, and so draw from a flattened density; both find a point's cell by
/// truncation towards zero, which doubles the first row and column.
public enum ToySampler: String, Sendable, Hashable, CaseIterable, Codable {
  /// Proposal N(0, I), envelope (greatest density of the mixture) / (peak of the target). Reproduces the table of figures
  /// that this project holds as a reference.
  case peakRatio = "peak-ratio"
  /// The released script's: proposal N(0, 2 I), envelope 2.
  case published
  /// Draws from the mixture itself.
  case exact
}

/// A self-consuming loop whose model is one Gaussian in the plane.
///
///     let toy = GaussianToy(correction: .mixedWithTarget(gamma: 1))
///     let distances = toy.run(seed: 7)             // W2 to the truth, generation by generation
///     print(distances[400...500].reduce(0, +) / 101)
///
/// Gillman et al., "Self-Correcting Self-Consuming Loops for Generative Model Training", arXiv 2402.07087, the first
/// toy. The correction draws fresh points from `(1 - t) histogram + t target` with `t = gamma / (1 + gamma)`. Not
/// guaranteed: that gamma = 0 is plain self-consumption. A rejection sampler of ``ToySampler`` moves the points even then,
/// which is why ``ToyCorrection/raw`` exists.
struct GaussianToy: Sendable {
  /// The correction of the samples.
  var correction: ToyCorrection
  /// Which samples are kept.
  var memory: ToyMemory
  /// How corrected points are drawn.
  var sampler: ToySampler
  /// Real points, fixed for the whole run.
  var realCount = 50
  /// Points drawn each generation.
  var syntheticCount = 25
  /// Generations after the first fit.
  var generations = 500
  /// Cells of the histogram along each axis.
  var bins = 10

  /// The published toy.
  init(correction: ToyCorrection, memory: ToyMemory = .accumulate, sampler: ToySampler = .peakRatio) {
    self.sampler = sampler
    self.correction = correction
    self.memory = memory
  }

  /// The W2 distance of the model to the truth at generations `0 ... generations`.
  ///
  /// - Complexity: O(generations^2) when samples accumulate.
  func run(seed: UInt64) -> [Double] {
    var random = SeededGenerator(seed: Seed.derive(seed, "gaussian-toy"))
    let truth = PlaneGaussian.standard
    var real = PlaneMoments()
    for _ in 0..<realCount { real.add(truth.sample(using: &random)) }
    var model = PlaneGaussian(real)
    var distances = [model.wassersteinDistance(to: truth)]
    var history = SyntheticHistory(pointsPerGeneration: syntheticCount)
    for _ in 0..<generations {
      let samples = (0..<syntheticCount).map { _ in model.sample(using: &random) }
      history.append(corrected(samples, using: &random))
      var set = real
      set.add(memory == .replace ? history.newest : history.accumulated)
      model = PlaneGaussian(set)
      distances.append(model.wassersteinDistance(to: truth))
    }
    return distances
  }

  private func corrected(_ samples: [PlanePoint], using random: inout SeededGenerator) -> [PlanePoint] {
    guard case .mixedWithTarget(let gamma) = correction else { return samples }
    let mixture = ToyMixture(PlaneHistogram(samples, bins: bins), gamma: gamma)
    return samples.map { _ in mixture.sample(by: sampler, using: &random) }
  }
}

/// The synthetic points of all generations as running sums, so that "the first q of generation i" costs nothing.
private struct SyntheticHistory {
  let pointsPerGeneration: Int
  private var sums: [PlaneMoments] = []

  init(pointsPerGeneration: Int) { self.pointsPerGeneration = pointsPerGeneration }

  private var generations: Int { sums.count / (pointsPerGeneration + 1) }

  mutating func append(_ points: [PlanePoint]) {
    var sum = PlaneMoments()
    sums.append(sum)
    for point in points {
      sum.add(point)
      sums.append(sum)
    }
  }

  var newest: PlaneMoments { sums.last ?? PlaneMoments() }

  var accumulated: PlaneMoments {
    var total = PlaneMoments()
    let (count, m) = (generations, pointsPerGeneration)
    for i in 0..<count { total.add(sums[i * (m + 1) + (i + 1) * m / count]) }
    return total
  }
}
