import Randomness
import Testing
@testable import Theory

@Suite struct CurationTests {
  static let rewards = [0, 0.25, 0.5, 0.75, 1]

  @Test(
    "Pure loop reproduces the reference",
    arguments: [
      (2, [1.85548, 2.22428, 2.49098, 2.66357, 2.71728], [0.2476, 0.4659, 0.6964, 0.9135, 0.9983]),
      (4, [1.91104, 2.39172, 2.61214, 2.70402, 2.71824], [0.2774, 0.6052, 0.8426, 0.9766, 0.9999]),
    ])
  func pureLoopReproducesTheReference(_ candidates: Int, _ rewards: [Double], _ masses: [Double]) {
    let loop = CuratedLoop(rewards: Self.rewards, candidates: candidates, lambda: .infinity)
    let laws = loop.run(generations: 50)
    for (index, t) in [1, 5, 10, 20, 50].enumerated() {
      #expect(abs(loop.expectedExponential(laws[t]) - rewards[index]) < 1e-5)
      #expect(abs(loop.massOnBest(laws[t]) - masses[index]) < 1e-4)
      #expect(abs(laws[t].reduce(0, +) - 1) < 1e-12)
    }
    let bounds = CurationBounds(loop)
    for t in 0..<50 { #expect(bounds.improvementSlack(from: laws[t], to: laws[t + 1]) >= -1e-12) }
    #expect(loop.varianceOfExponential(laws[50]) < 0.01 * loop.varianceOfExponential(laws[0]))
  }

  @Test(
    "Mixed loop reproduces the reference",
    arguments: [(2, 0.25, 1.77919, 1.76237), (4, 0.25, 1.79310, 1.76676), (4, 1, 1.91061, nil)]
      as [(Int, Double, Double, Double?)])
  func mixedLoopReproducesTheReference(_ candidates: Int, _ lambda: Double, _ fixed: Double, _ floor: Double?) {
    let loop = CuratedLoop(rewards: Self.rewards, candidates: candidates, lambda: lambda)
    let laws = loop.run(generations: 200)
    let bounds = CurationBounds(loop)
    #expect(abs(loop.expectedExponential(laws[200]) - fixed) < 1e-5)
    if let floor { #expect(abs(bounds.rewardFloor - floor) < 1e-5) }
    for law in laws.dropFirst() { #expect(loop.expectedExponential(law) >= bounds.rewardFloor - 1e-12) }
  }

  @Test("Mixed loops drift is bounded", arguments: [(2, 0.00089, 0.28768), (4, 0.00208, 1.38629)])
  func mixedLoopsDriftIsBounded(_ candidates: Int, _ divergence: Double, _ ceiling: Double) throws {
    let loop = CuratedLoop(rewards: Self.rewards, candidates: candidates, lambda: 0.25)
    let limit = try #require(CurationBounds(loop).divergenceCeiling)
    #expect(abs(limit - ceiling) < 1e-5)
    let laws = loop.run(generations: 200)
    #expect(abs(loop.divergenceFromReference(laws[200]) - divergence) < 1e-5)
    for law in laws { #expect(loop.divergenceFromReference(law) <= limit) }
    let beyond = CuratedLoop(rewards: Self.rewards, candidates: candidates, lambda: 1 / Double(candidates - 1))
    #expect(CurationBounds(beyond).divergenceCeiling == nil)
  }

  @Test("A skewed reference ends on its best atoms") func aSkewedReferenceEndsOnItsBestAtoms() {
    let loop = CuratedLoop(rewards: [1, 0, 1], reference: [0.1, 0.6, 0.3], candidates: 3, lambda: .infinity)
    let last = loop.run(generations: 200)[200]
    // Theorem 2.1: the reference restricted to the maximisers, here 1 : 3.
    #expect(abs(last[0] - 0.25) < 1e-6 && abs(last[2] - 0.75) < 1e-6)
  }

  @Test("One candidate is no curation") func oneCandidateIsNoCuration() {
    let law = [0.2, 0.3, 0.5]
    let curated = BradleyTerry(candidates: 1).curated(law, rewards: [0, 5, 1])
    for (a, b) in zip(law, curated) { #expect(abs(a - b) < 1e-12) }
  }

  @Test("Draws follow the enumerated law") func drawsFollowTheEnumeratedLaw() {
    var random = SeededGenerator(seed: 8)
    let choice = BradleyTerry(candidates: 3)
    var counts = [Double](repeating: 0, count: 5)
    let draws = 20_000
    for _ in 0..<draws {
      let shown = (0..<3).map { _ in Int(random.uniform() * 5) }
      counts[shown[choice.choose(among: shown.map { Self.rewards[$0] }, using: &random)]] += 1
    }
    let exact = choice.curated([Double](repeating: 0.2, count: 5), rewards: Self.rewards)
    for (count, p) in zip(counts, exact) {
      #expect(abs(count / Double(draws) - p) < 4 * (p * (1 - p) / Double(draws)).squareRoot())
    }
  }

  @Test("Huge rewards do not overflow") func hugeRewardsDoNotOverflow() {
    var random = SeededGenerator(seed: 8)
    #expect(BradleyTerry(candidates: 2).choose(among: [-5000, 5000], using: &random) == 1)
    #expect(BradleyTerry(candidates: 2).choose(among: [-9000, -5000], using: &random) == 1)
  }
}
