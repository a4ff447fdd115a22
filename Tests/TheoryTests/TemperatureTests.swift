import Testing
@testable import Theory

@Suite struct TemperatureTests {
  @Test(
    "Fixed points are the references",
    arguments: [
      (0.7, 0, [1, 0, 0]), (0.7, 0.1, [0.935, 0.040, 0.025]), (0.7, 0.5, [0.602, 0.251, 0.147]),
      (0.9, 0.1, [0.803, 0.127, 0.070]), (0.9, 0.5, [0.521, 0.293, 0.187]), (1.5, 0, [1 / 3.0, 1 / 3.0, 1 / 3.0]),
      (1.5, 0.5, [0.458, 0.310, 0.232]),
    ] as [(Double, Double, [Double])])
  func fixedPointsAreTheReferences(_ temperature: Double, _ share: Double, _ expected: [Double]) {
    let map = TemperatureMap(external: [0.5, 0.3, 0.2], temperature: temperature, freshShare: share)
    let law = map.fixedPoint()
    for (a, b) in zip(law, expected) { #expect(abs(a - b) < 1e-3) }
    for (a, b) in zip(law, map.next(law, step: 1)) { #expect(abs(a - b) < 1e-9) }
  }

  @Test("Temperature one keeps every law") func temperatureOneKeepsEveryLaw() {
    let law = [0.7, 0.2, 0.1]
    let map = TemperatureMap(external: [0.5, 0.3, 0.2], temperature: 1, freshShare: 0)
    for (a, b) in zip(map.next(law, step: 0.5), law) { #expect(abs(a - b) < 1e-12) }
  }

  @Test("A smaller step reaches the same fixed point") func aSmallerStepReachesTheSameFixedPoint() {
    let map = TemperatureMap(external: [0.5, 0.3, 0.2], temperature: 0.9, freshShare: 0.1)
    var law = map.external
    for _ in 0..<2000 { law = map.next(law, step: 0.1) }
    for (a, b) in zip(law, map.fixedPoint()) { #expect(abs(a - b) < 1e-6) }
  }
}
