import Testing
@testable import Theory

@Suite struct ExtrapolationTests {
  let example = GaussianExtrapolation(baseVariance: 0.9, auxiliaryVariance: 0.81)

  @Test("Score variances are the closed form", arguments: [0.5, 1, 1.5, 2])
  func scoreVariancesAreTheClosedForm(_ w: Double) {
    #expect(abs(example.scoreVariance(weight: w) - 1 / ((1 + w) / 0.9 - w / 0.81)) < 1e-12)
  }

  @Test("Score variances are the references") func scoreVariancesAreTheReferences() {
    for (w, printed) in [(0.5, 0.9529), (1, 1.0125), (1.5, 1.080), (2, 1.157)] {
      #expect(abs(example.scoreVariance(weight: w) - printed) < 6e-4)
    }
    // 81 / 85, 81 / 80, 81 / 75 and 81 / 70: the same numbers as fractions.
    for (w, part) in [(0.5, 85.0), (1, 80), (1.5, 75), (2, 70)] {
      #expect(abs(example.scoreVariance(weight: w) - 81 / part) < 1e-6)
    }
  }

  @Test("The best weight makes the truth") func theBestWeightMakesTheTruth() {
    #expect(abs(example.bestScoreWeight() - 0.9) < 1e-12)
    #expect(abs(example.scoreVariance(weight: example.bestScoreWeight()) - 1) < 1e-12)
    #expect(abs(example.greatestWeight - 9) < 1e-9)
    #expect(example.scoreVariance(weight: 9.1) == .infinity)
  }

  @Test("The flows variance is what integrating it gives") func theFlowsVarianceIsWhatIntegratingItGives() {
    // dv/ds^2 = v * ((1 + w) / (0.9 + s^2) - w / (0.81 + s^2)), from strong noise down, in log s.
    let w = 0.7
    var (variance, noise) = (1e8, 1e8)
    let factor = 1 - 1e-4
    while noise > 1e-8 {
      let middle = noise * (1 + factor) / 2
      let rate = (1 + w) / (0.9 + middle) - w / (0.81 + middle)
      variance *= 1 - rate * noise * (1 - factor) + 0.5 * (rate * noise * (1 - factor)) * (rate * noise * (1 - factor))
      noise *= factor
    }
    #expect(abs(variance - example.sampledVariance(weight: w)) < 1e-4)
    #expect(abs(example.sampledVariance(weight: 1) - 1) < 1e-12)
  }

  @Test("Neon follows its parametrisation") func neonFollowsItsParametrisation() {
    #expect(abs(example.neonVariance(weight: 1 / 0.9) - 1) < 1e-12)
    #expect(example.neonVarianceByDeviation(weight: 1) < 1 && example.neonVarianceByDeviation(weight: 1.1) > 1)
    #expect(example.neonVariance(weight: 0) == 0.9)
  }

  @Test("A negative model improves a trained diffusion", .enabled(if: runsLongTests), arguments: [1, 2, 3] as [UInt64])
  func aNegativeModelImprovesATrainedDiffusion(_ seed: UInt64) {
    let experiment = PlaneExtrapolation()
    let pair = experiment.train(seed: seed)
    for kind in PlaneExtrapolation.Kind.allCases {
      let plain = experiment.distance(pair, weight: 0, by: kind)
      let best = ExtrapolationStudy.weights.dropFirst().map { experiment.distance(pair, weight: $0, by: kind) }.min()
      #expect((best ?? .infinity) < 0.97 * plain, "\(kind): \(best ?? .nan) against \(plain)")
    }
  }
}
