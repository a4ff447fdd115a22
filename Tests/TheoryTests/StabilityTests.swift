import Testing
@testable import Theory

@Suite struct StabilityTests {
  @Test("Thresholds are the theorems") func thresholdsAreTheTheorems() {
    #expect(StabilityCalculator(lambda: 0.1).greatestStableLambda == 0.5)
    #expect(abs(StabilityCalculator(lambda: 0.1, gamma: 1).greatestStableLambda - 2 / 3.0) < 1e-12)
    #expect(StabilityCalculator(lambda: 0.1, gamma: .infinity).greatestStableLambda == 1)
    let rough = StabilityCalculator(lambda: 0.1, alpha: 2, epsilon: 0.5, lipschitz: 4)
    #expect(abs(rough.greatestStableLambda - 0.25) < 1e-12)
  }

  @Test("The condition is where the factor passes one", arguments: [0, 0.3, 1, 5, 100])
  func theConditionIsWhereTheFactorPassesOne(_ gamma: Double) {
    var calculator = StabilityCalculator(lambda: 0, alpha: 1.3, epsilon: 0.4, lipschitz: 0.7, gamma: gamma)
    let edge = calculator.greatestStableLambda
    calculator.lambda = edge * 0.999
    #expect(calculator.isStable && calculator.contraction < 1)
    calculator.lambda = edge * 1.001
    #expect(!calculator.isStable && calculator.contraction > 1)
  }

  @Test("Beyond the pole the factor is infinite") func beyondThePoleTheFactorIsInfinite() {
    #expect(StabilityCalculator(lambda: 1).uncorrectedContraction == .infinity)
    #expect(StabilityCalculator(lambda: 1, gamma: .infinity).contraction == .infinity)
    #expect(StabilityCalculator(lambda: 0.5, gamma: .infinity).contraction == 0)
  }

  @Test("The sharper rate is sharper") func theSharperRateIsSharper() throws {
    let calculator = StabilityCalculator(lambda: 0.3, alpha: 1, epsilon: 0.2, lipschitz: 0.5)
    let refined = try #require(calculator.refinedContraction)
    #expect(abs(refined - 0.33 / 1.27) < 1e-12)
    #expect(refined < calculator.uncorrectedContraction)
    #expect(StabilityCalculator(lambda: 0.3, alpha: 1, epsilon: 2, lipschitz: 1).refinedContraction == nil)
    #expect(StabilityCalculator(lambda: 6, alpha: 1, epsilon: 0.2, lipschitz: 0.5).refinedContraction == nil)
  }

  @Test("The divergence bound ends at its condition") func theDivergenceBoundEndsAtItsCondition() throws {
    let bound = try #require(StabilityCalculator.curatedDivergenceBound(lambda: 0.25, candidates: 4))
    #expect(abs(bound - 1.3862943611) < 1e-9)
    #expect(StabilityCalculator.curatedDivergenceBound(lambda: 1 / 3.0, candidates: 4) == nil)
    #expect(StabilityCalculator.curatedDivergenceBound(lambda: 7, candidates: 1) == 0)
  }

  @Test("Measured contraction is the exact rate and below the bound", arguments: [0, 1, 5] as [Double])
  func measuredContractionIsTheExactRateAndBelowTheBound(_ gamma: Double) throws {
    var loop = MeanLoop(lambda: 0.4, gamma: gamma)
    loop.realCount = 1000
    let measured = RunStatistics((0..<8).map { loop.measuredContraction(seed: $0) })
    let exact = try #require(loop.calculator.refinedContraction) / (1 + gamma)
    #expect(abs(measured.mean - exact) <= 3 * measured.standardError + 0.01 * exact, "\(measured) against \(exact)")
    #expect(measured.mean <= loop.calculator.contraction)
  }
}
