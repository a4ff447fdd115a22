import Foundation
import Randomness

/// A one-dimensional loop whose model is a Gaussian kernel density.
///
///     var loop = KernelDensityLoop(realCount: 200, syntheticCount: 1000)
///     let distances = loop.run(at: [5, 20], seed: 1)        // total variation to the truth
///     loop.realCount = 0                                                     // fully synthetic
///
/// Fu et al., "Towards Theoretical Understandings of Self-Consuming Generative Models", arXiv 2402.11778. The truth is
/// N(0, 1); each generation trains on the same real points and the newest samples, with Silverman's bandwidth
/// `1.06 s N^(-1/5)`. Total variation is measured on a grid of step 0.02 (linear binning), which is exact to about 1e-3.
/// Not guaranteed: the paper's rates, which hold for other bandwidths.
struct KernelDensityLoop: Sendable, Hashable {
  /// Real points in every training set after the first; generation 0 always trains on ``firstCount`` real points.
  var realCount: Int
  /// Synthetic points in every training set after the first.
  var syntheticCount: Int
  /// Real points of generation 0.
  var firstCount: Int

  /// A loop with fixed amounts of real and synthetic data.
  init(realCount: Int, syntheticCount: Int, firstCount: Int? = nil) {
    precondition(realCount + syntheticCount > 1, "a density is fitted to at least two points")
    self.realCount = realCount
    self.syntheticCount = syntheticCount
    self.firstCount = firstCount ?? max(realCount, 2)
  }

  /// The loop that sees real points at generation 0 only.
  static func fullySynthetic(count: Int) -> KernelDensityLoop {
    KernelDensityLoop(realCount: 0, syntheticCount: count, firstCount: count)
  }

  /// The total variation to the truth at each generation named in `marks`, in their order.
  func run(at marks: [Int], seed: UInt64) -> [Double] {
    var random = SeededGenerator(seed: Seed.derive(seed, "kernel-density"))
    let first = (0..<firstCount).map { _ in random.normal() }
    var model = KernelDensity(first)
    var distances: [Int: Double] = [:]
    for generation in 0...(marks.max() ?? 0) {
      if generation > 0 {
        var set = Array(first.prefix(realCount))
        set.reserveCapacity(realCount + syntheticCount)
        for _ in 0..<syntheticCount { set.append(model.sample(using: &random)) }
        model = KernelDensity(set)
      }
      if marks.contains(generation) { distances[generation] = model.totalVariationToNormal() }
    }
    return marks.map { distances[$0] ?? .nan }
  }
}

/// A Gaussian kernel density on the line, with Silverman's bandwidth.
struct KernelDensity {
  let points: [Double]
  let bandwidth: Double

  init(_ points: [Double]) {
    self.points = points
    let n = Double(points.count)
    var (sum, squares) = (0.0, 0.0)
    for x in points {
      sum += x
      squares += x * x
    }
    let deviation = (max(0, squares - sum * sum / n) / (n - 1)).squareRoot()
    bandwidth = 1.06 * deviation * pow(n, -0.2)
  }

  func sample(using random: inout SeededGenerator) -> Double {
    points[Int(random.uniform() * Double(points.count))] + bandwidth * random.normal()
  }

  /// Half the integral of the density's difference to N(0, 1), on a grid that reaches beyond both.
  func totalVariationToNormal() -> Double {
    let step = 0.02
    let reach = max(points.max() ?? 0, -(points.min() ?? 0), 5) + 5 * bandwidth
    let half = Int(reach / step) + 2
    var counts = [Double](repeating: 0, count: 2 * half + 1)
    for x in points {
      let position = x / step + Double(half)
      let cell = Int(position)
      counts[cell] += 1 - (position - Double(cell))
      counts[cell + 1] += position - Double(cell)
    }
    let density = smoothed(counts, width: bandwidth / step).map { $0 / (Double(points.count) * step) }
    var difference = 0.0
    for (i, value) in density.enumerated() {
      let x = Double(i - half) * step
      difference += (value - exp(-x * x / 2) / (2 * Double.pi).squareRoot()).magnitude
    }
    return difference * step / 2
  }

  /// The counts spread by a Gaussian of `width` cells that sums to one.
  private func smoothed(_ counts: [Double], width: Double) -> [Double] {
    let reach = max(1, Int(5 * width))
    var kernel = (-reach...reach).map { exp(-Double($0 * $0) / (2 * width * width)) }
    let sum = kernel.reduce(0, +)
    for i in kernel.indices { kernel[i] /= sum }
    var result = [Double](repeating: 0, count: counts.count)
    for (i, count) in counts.enumerated() where count != 0 {
      for j in max(0, i - reach)...min(counts.count - 1, i + reach) { result[j] += count * kernel[j - i + reach] }
    }
    return result
  }
}
