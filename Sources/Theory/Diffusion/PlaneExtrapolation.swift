import Randomness

/// Self-improvement with a negative model on a small trained diffusion of eight Gaussians.
///
///     let experiment = PlaneExtrapolation()
///     let pair = experiment.train(seed: 1)                          // the base, and its fine-tuned copy
///     print(experiment.distance(pair, weight: 0, by: .scores), experiment.distance(pair, weight: 0.5, by: .scores))
///
/// SIMS: Alemohammad et al., arXiv 2408.16333; Neon: its successor, with weights in place of scores. The distance is the
/// sliced W2 to a fixed balanced set of true points; the samples of every weight start from the same noise. The base is
/// small and its sampler takes six steps, so that most of its error is bias, which the auxiliary model repeats. Not
/// guaranteed: a gain at every weight, nor for a base whose error is chance: extrapolation amplifies that.
struct PlaneExtrapolation: Sendable, Hashable {
  /// The quantity that is extrapolated.
  enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
    /// The denoisers' outputs: SIMS.
    case scores
    /// The networks' weights: Neon.
    case weights
  }

  /// Units of each hidden layer.
  var hidden = 24
  /// Optimiser's steps of the base.
  var baseSteps = 3000
  /// Optimiser's steps of the auxiliary model.
  var auxiliarySteps = 1000
  /// Points of a batch.
  var batch = 256
  /// The auxiliary model's learning rate.
  var auxiliaryRate: Float = 3e-4
  /// Real points, and points drawn for the auxiliary model.
  var count = 16384
  /// Points drawn to measure a distance.
  var evaluationCount = 8192
  /// Steps of the sampler.
  var samplerSteps = 6

  /// The experiment in its full size.
  init() {}

  /// A base model and its copy fine-tuned only on the base's samples.
  struct Pair: Sendable {
    /// Trained on real points.
    let base: PlaneDiffusion
    /// Fine-tuned on the base's samples.
    let auxiliary: PlaneDiffusion
  }

  /// Trains both models.
  func train(seed: UInt64) -> Pair {
    var random = SeededGenerator(seed: Seed.derive(seed, "plane-extrapolation"))
    let real = PlaneDistribution.eightGaussians.sample(count, using: &random)
    var base = PlaneDiffusion(hidden: hidden, seed: seed)
    base.train(on: real, steps: baseSteps, batch: batch, seed: seed)
    let samples = base.sample(count, steps: samplerSteps, seed: Seed.derive(seed, "auxiliary"))
    let auxiliary = base.fineTuned(
      on: samples, steps: auxiliarySteps, batch: batch, learningRate: auxiliaryRate, seed: Seed.derive(seed, "fine"))
    return Pair(base: base, auxiliary: auxiliary)
  }

  /// The sliced W2 distance of samples to the truth at an extrapolation weight.
  func distance(_ pair: Pair, weight: Double, by kind: Kind) -> Double {
    let seed: UInt64 = 77
    let samples =
      switch kind {
      case .scores:
        pair.base.sample(
          evaluationCount, steps: samplerSteps, negative: pair.auxiliary, weight: weight, seed: seed)
      case .weights:
        pair.base.extrapolated(from: pair.auxiliary, weight: weight)
          .sample(evaluationCount, steps: samplerSteps, seed: seed)
      }
    return SlicedWasserstein(directions: 32)(samples, truth)
  }

  /// The distance of fresh true points: a lower bound for any model.
  var floor: Double {
    var random = SeededGenerator(seed: Seed.derive(0, "plane-extrapolation", "floor"))
    let fresh = PlaneDistribution.eightGaussians.sample(evaluationCount, using: &random)
    return SlicedWasserstein(directions: 32)(fresh, truth)
  }

  private var truth: [PlanePoint] {
    var random = SeededGenerator(seed: Seed.derive(0, "plane-extrapolation", "truth"))
    return PlaneDistribution.eightGaussians.balancedSample(evaluationCount, using: &random)
  }
}
