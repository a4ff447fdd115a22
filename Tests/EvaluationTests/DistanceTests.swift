@testable import Evaluation
import Randomness
import Support
import Testing

@Suite struct DistanceTests {
  @Test("Frechet of known gaussians") func frechetOfKnownGaussians() throws {
    // Diagonal covariances 1 and 4 at a distance of 3: 9 + (1 + 4 - 2 · 2) in each of the two dimensions.
    let corners: [[Double]] = [[1, 1], [1, -1], [-1, 1], [-1, -1]]
    let unit = corners.map { $0.map { $0 * (3.0 / 4).squareRoot() } }
    let wide = unit.map { [2 * $0[0] + 3, 2 * $0[1]] }
    let distance = try FrechetDistance.between(FeatureMatrix(rows: unit), FeatureMatrix(rows: wide))
    #expect(abs(distance - (9 + 2 * (1 + 4 - 4))) < 1e-9)
  }

  @Test("Frechet of a set to itself is zero even when rank deficient")
  func frechetOfASetToItselfIsZeroEvenWhenRankDeficient() throws {
    let few = FeatureMatrix(rows: Made.gaussian(seed: 3, count: 8, dimension: 24))
    #expect(try FrechetDistance.between(few, few) < 1e-6)
  }

  @Test("Moments of weights equal moments of copies") func momentsOfWeightsEqualMomentsOfCopies() {
    let features = FeatureMatrix(rows: Made.gaussian(seed: 1, count: 5, dimension: 3))
    let weighted = Moments(of: features, weights: [0, 2, 1, 0, 3])
    let copied = Moments(of: features.rows([1, 1, 2, 4, 4, 4]))
    for (a, b) in zip(weighted.covariance + weighted.mean, copied.covariance + copied.mean) {
      #expect(abs(a - b) < 1e-12)
    }
  }

  @Test("Neighbourhoods on a line") func neighbourhoodsOnALine() throws {
    // Real 0, 1, 2, 10 with k = 1: radii 1, 1, 1, 8. Generated 0.5 lies in the balls of 0 and 1; 3 in those of 2 and 10.
    let real = FeatureMatrix(rows: [[0], [1], [2], [10]])
    let generated = FeatureMatrix(rows: [[0.5], [3], [-5]])
    let around = try Neighbourhoods(generated: generated, real: real, k: 1)
    #expect(around.precisionTerms == [1, 1, 0])
    #expect(around.densityTerms == [2, 2, 0])
    #expect(around.coverageTerms == [1, 1, 1, 1])
    // Generated radii: 2.5, 2.5, 5.5; so 10 is the one real point outside them all.
    #expect(around.recallTerms == [1, 1, 1, 0])
    #expect(around.nearestTerms == [0.5, 1, 5])
  }

  @Test("A set covers itself") func aSetCoversItself() throws {
    let set = FeatureMatrix(rows: Made.gaussian(seed: 5, count: 30, dimension: 4))
    let around = try Neighbourhoods(generated: set, real: set, k: 5)
    #expect(around.precisionTerms.allSatisfy { $0 == 1 })
    #expect(around.coverageTerms.allSatisfy { $0 == 1 })
  }

  @Test("Lost modes cost coverage and diversity but not precision")
  func lostModesCostCoverageAndDiversityButNotPrecision() throws {
    let left = Made.gaussian(seed: 1, count: 60, dimension: 2, mean: -20)
    let right = Made.gaussian(seed: 2, count: 60, dimension: 2, mean: 20)
    let real = FeatureMatrix(rows: left + right)
    let collapsed = FeatureMatrix(rows: Made.gaussian(seed: 3, count: 120, dimension: 2, mean: 20))
    let around = try Neighbourhoods(generated: collapsed, real: real, k: 5)
    #expect(around.coverageTerms.reduce(0, +) <= 60)
    #expect(around.precisionTerms.reduce(0, +) > 100)
    #expect(try Diversity.of(collapsed) < 0.2 * Diversity.of(real))
  }

  @Test("Too few vectors are an error") func tooFewVectorsAreAnError() {
    let small = FeatureMatrix(rows: Made.gaussian(seed: 1, count: 4, dimension: 2))
    #expect(throws: SurefootError.tooFew(what: "the real set", have: 4, need: 6)) {
      try Neighbourhoods(generated: small, real: small, k: 5)
    }
  }

  @Test("Diversity is the mean pair distance") func diversityIsTheMeanPairDistance() throws {
    #expect(try Diversity.of(FeatureMatrix(rows: [[0], [3], [9]])) == 6)
  }

  @Test("Bootstrap interval of a mean matches its standard error")
  func bootstrapIntervalOfAMeanMatchesItsStandardError() {
    var random = SeededGenerator(seed: 11)
    let terms = (0..<400).map { _ in 10 + random.normal() }
    let estimate = Bootstrap(resamples: 400, seed: 1).mean(of: terms)
    // 1.96 standard errors of 400 unit normals: 0.098.
    #expect(abs((estimate.upper - estimate.lower) / 2 - 0.098) < 0.015)
    #expect(estimate.lower < estimate.value && estimate.value < estimate.upper)
    #expect(Bootstrap(resamples: 400, seed: 1).mean(of: terms) == estimate)
    #expect(Bootstrap(resamples: 400, seed: 2).mean(of: terms) != estimate)
  }
}
