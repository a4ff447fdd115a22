import Foundation

/// Hermite's cubic between two values: `start + change * (end - start) + first * slope at the start + last * slope at the
/// end`, with slopes in values a whole interval.
struct CubicWeights {
  let change: Double
  let first: Double
  let last: Double

  /// At a share `t` of the interval.
  init(_ t: Double) {
    change = t * t * (3 - 2 * t)
    first = t * (1 - t) * (1 - t)
    last = t * t * (t - 1)
  }
}

extension [Double] {
  /// The largest value within `radius` entries of each.
  func dilated(_ radius: Int) -> [Double] {
    indices.map { i in self[Swift.max(0, i - radius)...Swift.min(count - 1, i + radius)].max() ?? self[i] }
  }

  /// Weighted by a Gaussian of `sigma` entries; the ends are held.
  func blurred(_ sigma: Double) -> [Double] {
    guard sigma > 0.05, count > 1 else { return self }
    let radius = Int((3 * sigma).rounded(.up))
    let weights = (-radius...radius).map { exp(-0.5 * (Double($0) / sigma) * (Double($0) / sigma)) }
    let total = weights.reduce(0, +)
    return indices.map { i in
      var sum = 0.0
      for (k, weight) in weights.enumerated() {
        sum += weight * self[Swift.min(count - 1, Swift.max(0, i + k - radius))]
      }
      return sum / total
    }
  }

  /// The value below which the share `q` of the numbers lies; 0 for none.
  func quantile(_ q: Double) -> Double {
    guard !isEmpty else { return 0 }
    return sorted()[Int(q * Double(count - 1))]
  }
}

/// The difference of two angles in -pi...pi.
func angleDifference(_ a: Double, _ b: Double) -> Double {
  let d = (a - b).truncatingRemainder(dividingBy: 2 * .pi)
  return d > .pi ? d - 2 * .pi : d < -.pi ? d + 2 * .pi : d
}
