import Testing
@testable import Theory

@Suite struct CollapseTests {
  @Test(
    "Contraction is the closed form",
    arguments: [(10, 0.972659, 0.250), (100, 0.997478, 0.881), (1000, 0.999750, 0.988)])
  func contractionIsTheClosedForm(_ n: Int, _ alpha: Double, _ after50: Double) {
    let loop = GaussianCollapse(sampleCount: n)
    #expect(abs(loop.contraction - alpha) < 1e-6)
    #expect(abs(loop.expectedDeviation(after: 50) - after50) < 5e-4 + 1e-9)
  }

  @Test("Two samples have the known constant") func twoSamplesHaveTheKnownConstant() {
    // E|z| of a standard normal is sqrt(2 / pi).
    #expect(abs(GaussianCollapse(sampleCount: 2).contraction - (2 / Double.pi).squareRoot()) < 1e-12)
  }

  @Test("Simulation agrees within its error") func simulationAgreesWithinItsError() {
    var study = CollapseStudy()
    study.draws = 1_000_000
    for n in [10, 100] {
      let simulated = study.simulated(sampleCount: n, seed: 1)
      let predicted = GaussianCollapse(sampleCount: n).expectedDeviation(after: 50)
      #expect(abs(simulated.mean - predicted) <= 3 * simulated.standardError, "\(simulated)")
    }
  }

  @Test("Simulation agrees within three percent", .enabled(if: runsLongTests), arguments: [10, 100, 1000])
  func simulationAgreesWithinThreePercent(_ n: Int) {
    let predicted = GaussianCollapse(sampleCount: n).expectedDeviation(after: 50)
    #expect(abs(CollapseStudy().simulated(sampleCount: n, seed: 1).mean / predicted - 1) < 0.03)
  }

  @Test("A single run collapses") func aSingleRunCollapses() {
    let run = GaussianCollapse(sampleCount: 10).run(generations: 500, seed: 1)
    #expect(run.count == 501 && run[0] == 1)
    #expect(run[500] < 1e-3)
  }
}
