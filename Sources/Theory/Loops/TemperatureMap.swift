import Foundation

/// A closed loop on a finite knowledge law that is sampled at a temperature and refreshed with external data.
///
///     let map = TemperatureMap(external: [0.5, 0.3, 0.2], temperature: 0.9, freshShare: 0.1)
///     print(map.fixedPoint())                                 // about (0.803, 0.127, 0.070)
///     print(map.next([0.5, 0.3, 0.2], step: 1))
///
/// The form studied by Marchi et al., "Heat Death of Generative Models in Closed-Loop Learning", arXiv 2404.02325:
/// `p' = (1 - a) p + a ((1 - g) s_T(p) + g e)` with `s_T(p)_i` proportional to `p_i^(1 / T)`. Not guaranteed: a fixed
/// point independent of the start; below T = 1 without fresh data every atom attracts its own basin, and at T = 1
/// without fresh data every law is fixed.
struct TemperatureMap: Sendable, Hashable {
  /// The law of the external data.
  let external: [Double]
  /// The sampling temperature: below one sharpens, above one flattens.
  let temperature: Double
  /// The share g of fresh external data.
  let freshShare: Double

  /// A map; the temperature is positive and the share within 0 ... 1.
  init(external: [Double], temperature: Double, freshShare: Double) {
    precondition(temperature > 0 && (0...1).contains(freshShare), "T > 0 and 0 <= g <= 1")
    self.external = external
    self.temperature = temperature
    self.freshShare = freshShare
  }

  /// The law sampled at the temperature.
  func tempered(_ law: [Double]) -> [Double] {
    let highest = law.max() ?? 1
    let powers = law.map { pow($0 / highest, 1 / temperature) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// The next law; `step` is the learning rate a, within 0 ... 1.
  func next(_ law: [Double], step: Double) -> [Double] {
    let sampled = tempered(law)
    return law.indices.map { i in
      let target = (1 - freshShare) * sampled[i] + freshShare * external[i]
      return (1 - step) * law[i] + step * target
    }
  }

  /// The law that the loop reaches from `start` (the external law unless given), to within `tolerance` a step.
  func fixedPoint(from start: [Double]? = nil, tolerance: Double = 1e-12, limit: Int = 200_000) -> [Double] {
    var law = start ?? external
    for _ in 0..<limit {
      let following = next(law, step: 1)
      let change = zip(law, following).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
      law = following
      if change < tolerance { break }
    }
    return law
  }
}
