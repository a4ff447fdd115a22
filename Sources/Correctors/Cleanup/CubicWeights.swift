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
