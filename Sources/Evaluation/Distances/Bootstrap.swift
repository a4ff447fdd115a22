import Foundation
public import Randomness

/// A metric's value with its bootstrap interval.
public struct Estimate: Sendable, Hashable, Codable {
  /// The value on the whole set.
  public var value: Double
  /// The lower end of the 95 % interval.
  public var lower: Double
  /// The upper end of the 95 % interval.
  public var upper: Double

  /// A value with an interval from elsewhere; ``Bootstrap`` makes one from data.
  public init(value: Double, lower: Double, upper: Double) {
    self.value = value
    self.lower = lower
    self.upper = upper
  }

  /// A value without an interval, such as a count.
  public init(exactly value: Double) { self.init(value: value, lower: value, upper: value) }
}

/// Seeded bootstrap intervals: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.
///
/// An interval is the value plus and minus 1.96 times the standard deviation over resamples of the set (the normal
/// interval), cut to the metric's range. Percentiles would mislead here: a resample repeats vectors, which biases
/// distances between sets upwards and coverage downwards, so that an interval of percentiles may miss the value itself.
/// Resampling estimates the spread well.
public struct Bootstrap: Sendable {
  /// The number of resamples.
  public let resamples: Int
  /// The seed of the resamples.
  public let seed: UInt64

  /// 200 resamples estimate the spread to 5 %.
  public init(resamples: Int = 200, seed: UInt64) {
    precondition(resamples > 1, "a spread needs two resamples")
    self.resamples = resamples
    self.seed = seed
  }

  /// An interval around `value` for a statistic of `count` vectors, recomputed on multiplicities of each.
  public func interval<Failure>(
    around value: Double, count: Int, within range: ClosedRange<Double> = 0...Double.infinity,
    _ statistic: (_ weights: [Int]) throws(Failure) -> Double
  ) throws(Failure) -> Estimate {
    var random = SeededGenerator(seed: Seed.derive(seed, "bootstrap"))
    var values: [Double] = []
    values.reserveCapacity(resamples)
    for _ in 0..<resamples {
      var weights = [Int](repeating: 0, count: count)
      for _ in 0..<count { weights[Int.random(in: 0..<count, using: &random)] += 1 }
      values.append(try statistic(weights))
    }
    let mean = values.reduce(0, +) / Double(resamples)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(resamples - 1)
    let half = 1.959_964 * variance.squareRoot()
    return Estimate(
      value: value, lower: max(range.lowerBound, value - half), upper: min(range.upperBound, value + half))
  }

  /// The mean of some terms with its interval.
  public func mean(of terms: [Double], within range: ClosedRange<Double> = 0...Double.infinity) -> Estimate {
    guard !terms.isEmpty else { return Estimate(exactly: 0) }
    let value = terms.reduce(0, +) / Double(terms.count)
    guard terms.count > 1 else { return Estimate(exactly: value) }
    return interval(around: value, count: terms.count, within: range) { weights in
      var sum = 0.0
      for (term, weight) in zip(terms, weights) { sum += Double(weight) * term }
      return sum / Double(terms.count)
    }
  }
}
