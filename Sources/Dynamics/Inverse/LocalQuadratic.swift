import Foundation

/// Smooth velocity and acceleration of evenly sampled values: at every sample a parabola is fitted to its neighbours by
/// least squares with Gaussian weights (Savitzky and Golay, Anal. Chem. 36 (1964), with weights).
///
/// It reproduces a parabola in time exactly, at the ends too: a body in free fall has the acceleration of gravity.
package struct LocalQuadratic: Sendable {
  /// One sample's fit: the range of its neighbours, and their weights in the value, the slope and the curvature.
  package struct Fit: Sendable {
    /// The neighbours, including the sample itself.
    package var range: Range<Int>
    /// Weights of the smoothed value.
    package var value: [Double]
    /// Weights of the first derivative [1/s].
    package var slope: [Double]
    /// Weights of the second derivative [1/s^2].
    package var curvature: [Double]
  }

  /// One fit for each sample.
  package let fits: [Fit]

  /// Fits for `count` samples `step` seconds apart, with Gaussian weights of standard deviation `width` seconds (at least
  /// 0.7 samples). Fewer than three samples have no slope and no curvature.
  package init(count: Int, step: Double, width: Double) {
    let sigma = LocalQuadratic.sigma(step, width)
    let radius = max(1, min(LocalQuadratic.radius(step: step, width: width), 4 * count))
    var cache: [Int: Fit] = [:]
    fits = (0..<count).map { index in
      let low = max(0, min(index - radius, count - 3))
      let high = min(count, max(index + radius + 1, 3))
      let key = (index - low) * (2 * radius + 8) + (high - index)
      if var known = cache[key] {
        known.range = low..<high
        return known
      }
      let fit = LocalQuadratic.fit(low..<high, centre: index, sigma: sigma, step: step)
      cache[key] = fit
      return fit
    }
  }

  /// The number of neighbours on either side in a sample's fit, away from the ends.
  static func radius(step: Double, width: Double) -> Int {
    max(1, Int(min((3 * sigma(step, width)).rounded(.up), 1e9)))
  }

  /// The weights' standard deviation in samples.
  private static func sigma(_ step: Double, _ width: Double) -> Double { max(width / step, 0.7) }

  /// Solves the 3 x 3 normal equations of the weighted fit once for all values.
  private static func fit(_ range: Range<Int>, centre: Int, sigma: Double, step: Double) -> Fit {
    let offsets = range.map { Double($0 - centre) }
    let weights = offsets.map { exp(-$0 * $0 / (2 * sigma * sigma)) }
    guard offsets.count >= 3 else {
      return Fit(
        range: range, value: weights.map { $0 / weights.reduce(0, +) }, slope: offsets.map { _ in 0 },
        curvature: offsets.map { _ in 0 })
    }
    let moments = (0...4).map { power in zip(offsets, weights).reduce(0) { $0 + pow($1.0, Double(power)) * $1.1 } }
    let rows = inverse(moments)
    func combination(_ row: [Double], _ scale: Double) -> [Double] {
      zip(offsets, weights).map { t, w in (row[0] + row[1] * t + row[2] * t * t) * w * scale }
    }
    return Fit(
      range: range, value: combination(rows[0], 1), slope: combination(rows[1], 1 / step),
      curvature: combination(rows[2], 2 / (step * step)))
  }

  /// The inverse of the moment matrix `m[i + j]`.
  private static func inverse(_ m: [Double]) -> [[Double]] {
    let a = m[2] * m[4] - m[3] * m[3]
    let b = m[2] * m[3] - m[1] * m[4]
    let c = m[1] * m[3] - m[2] * m[2]
    let determinant = m[0] * a + m[1] * b + m[2] * c
    let d = m[0] * m[4] - m[2] * m[2]
    let e = m[1] * m[2] - m[0] * m[3]
    let f = m[0] * m[2] - m[1] * m[1]
    return [[a, b, c], [b, d, e], [c, e, f]].map { $0.map { $0 / determinant } }
  }

  /// The weighted sum of the values in a range, for one of a ``Fit``'s three weights.
  package static func sum(_ weights: [Double], _ range: Range<Int>, _ value: (Int) -> SIMD3<Double>) -> SIMD3<Double> {
    var total = SIMD3<Double>.zero
    for (k, index) in range.enumerated() { total += weights[k] * value(index) }
    return total
  }
}
