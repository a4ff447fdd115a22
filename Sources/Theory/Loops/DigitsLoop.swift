import Randomness

/// A self-consuming loop on digits: retrains a small diffusion model on real images and its own, corrected samples.
///
/// The replacing loop of Gillman et al. (2024), arXiv 2402.07087: generation 0 learns from n real images, each later one
/// is fine-tuned on them and on lambda n of its own newest samples.
struct DigitsLoop: Sendable {
  let lambda: Double
  let corrector: DigitCorrector
  let generations: Int
  /// Training steps of each later generation, and its learning rate.
  let steps: Int
  let learningRate: Float
  /// The number of samples that are measured.
  let measured: Int

  /// A generation's figures.
  struct Generation: Sendable {
    let distance: Double
    let accuracy: Double
  }

  /// Runs the loop from a trained generation 0.
  ///
  /// - Parameters:
  ///   - real: The n real images.
  ///   - judge: The classifier, and the features of real images that it was not trained on.
  func run(
    from start: DigitDiffusion, real: DigitImages, judge: DigitClassifier, reference: FeatureGaussian, seed: UInt64
  ) -> [Generation] {
    func measure(_ model: DigitDiffusion, _ generation: Int) -> Generation {
      let labels = (0..<measured).map { $0 % 10 }
      let samples = model.sample(labels, seed: Seed.derive(seed, "evaluation", generation))
      let features = FeatureGaussian(judge.features(of: samples))
      return Generation(distance: features.distance(to: reference), accuracy: judge.accuracy(on: samples))
    }
    var model = start
    var results = [measure(model, 0)]
    let drawn = Int(lambda * Double(real.count))
    for generation in 1..<(generations + 1) {
      var random = SeededGenerator(seed: Seed.derive(seed, "prompts", generation))
      var labels: [Int] = []
      while labels.count < drawn { labels += real.labels.shuffled(using: &random).prefix(drawn - labels.count) }
      let samples = model.sample(labels, seed: Seed.derive(seed, "samples", generation))
      model.train(
        on: real.adding(corrector.corrected(samples)), steps: steps, learningRate: learningRate,
        seed: Seed.derive(seed, "training", generation))
      results.append(measure(model, generation))
    }
    return results
  }
}
