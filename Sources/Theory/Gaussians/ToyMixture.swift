public import Randomness

/// `(1 - t) histogram + t N(0, I)`, `t = gamma / (1 + gamma)`: the corrected law of the Gaussian toy.
struct ToyMixture {
  private let histogram: PlaneHistogram
  private let share: Double
  private static let peak = 1 / (2 * Double.pi)

  init(_ histogram: PlaneHistogram, gamma: Double) {
    self.histogram = histogram
    share = CorrectionStrength(gamma).share
  }

  func sample(by sampler: ToySampler, using random: inout SeededGenerator) -> PlanePoint {
    switch sampler {
    case .exact:
      guard random.uniform() < share else { return histogram.sample(using: &random) }
      return PlaneGaussian.standard.sample(using: &random)
    case .peakRatio:
      let greatest = (1 - share) * histogram.peak + share * ToyMixture.peak
      return reject(proposalVariance: 1, envelope: greatest / ToyMixture.peak, using: &random)
    case .published:
      return reject(proposalVariance: 2, envelope: 2, using: &random)
    }
  }

  private func reject(
    proposalVariance: Double, envelope: Double, using random: inout SeededGenerator
  ) -> PlanePoint {
    let scale = proposalVariance.squareRoot()
    while true {
      let point = PlanePoint(scale * random.normal(), scale * random.normal())
      let squared = point.x * point.x + point.y * point.y
      let target = ToyMixture.peak * exponential(-squared / 2)
      let proposal = ToyMixture.peak / proposalVariance * exponential(-squared / (2 * proposalVariance))
      let density = (1 - share) * histogram.density(at: point, truncating: true) + share * target
      if density > random.uniform() * envelope * proposal { return point }
    }
  }
}
