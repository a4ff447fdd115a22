import Randomness
import Testing
@testable import Theory

@Suite struct ModesTests {
  @Test("Curated only ends in one mode and real data keeps all", arguments: PlaneDistribution.allCases)
  func curatedOnlyEndsInOneModeAndRealDataKeepsAll(_ distribution: PlaneDistribution) throws {
    var study = ModesStudy()
    (study.generations, study.count) = runsLongTests ? (12, 1000) : (5, 240)
    let pure = study.generations(distribution, lambda: .infinity, seed: 1)
    let mixed = study.generations(distribution, lambda: 1, seed: 1)
    let (first, last, kept) = (try #require(pure.first), try #require(pure.last), try #require(mixed.last))
    #expect(first.liveModes == distribution.modeCount)
    #expect(last.liveModes == 1 && last.modeShares[0] > 0.99, "\(last.modeShares)")
    #expect(last.meanReward > first.meanReward && last.variance < 0.5 * first.variance)
    #expect(kept.liveModes == distribution.modeCount, "\(kept.modeShares)")
    #expect(kept.meanReward > first.meanReward)
  }

  @Test("Every iteration raises the likelihood") func everyIterationRaisesTheLikelihood() {
    var random = SeededGenerator(seed: 1)
    let points = PlaneDistribution.twoMoons.sample(150, using: &random)
    var model = GaussianMixture(components: 6, startingFrom: points, seed: 1)
    var previous = model.logLikelihood(of: points)
    for _ in 0..<8 {
      model.fit(to: points, iterations: 1)
      let likelihood = model.logLikelihood(of: points)
      // The ridge may cost a little once the components have settled.
      #expect(likelihood > previous - 1e-3)
      previous = likelihood
    }
    #expect(abs(model.weights.reduce(0, +) - 1) < 1e-9)
  }

  @Test("Samples lie on their modes", arguments: PlaneDistribution.allCases)
  func samplesLieOnTheirModes(_ distribution: PlaneDistribution) {
    var random = SeededGenerator(seed: 2)
    let points = distribution.balancedSample(400, using: &random)
    #expect(points.allSatisfy { distribution.nearestMode(to: $0).distance < 1.5 })
    let even = 1 / Double(distribution.modeCount)
    #expect(distribution.modeShares(of: points).allSatisfy { abs($0 - even) < 0.02 })
  }

  @Test("Sliced distance of a shift is its projection") func slicedDistanceOfAShiftIsItsProjection() {
    var random = SeededGenerator(seed: 3)
    let points = PlaneDistribution.eightGaussians.sample(200, using: &random)
    let moved = points.map { PlanePoint($0.x + 3, $0.y) }
    // The mean of cos^2 over the directions is a half.
    #expect(abs(SlicedWasserstein(directions: 32)(points, moved) - 3 / 2.0.squareRoot()) < 1e-9)
  }

  @Test("The reward is clipped near its centre") func theRewardIsClippedNearItsCentre() {
    let reward = CenterReward(center: PlanePoint(4, 0))
    #expect(reward(PlanePoint(4, 0.9)) == 0)
    #expect(abs(reward(PlanePoint(4, 3)) + 20) < 1e-12)
  }
}
