import Foundation
import Randomness

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
      let target = ToyMixture.peak * exp(-squared / 2)
      let proposal = ToyMixture.peak / proposalVariance * exp(-squared / (2 * proposalVariance))
      let density = (1 - share) * histogram.density(at: point, truncating: true) + share * target
      if density > random.uniform() * envelope * proposal { return point }
    }
  }
}

/// The empirical density of points in the plane, over a grid that just covers them.
///
///     let histogram = PlaneHistogram(points, bins: 10)
///     print(histogram.density(at: PlanePoint(0, 0)))
///
/// Not guaranteed: any smoothness; with fewer points than cells most cells are empty.
struct PlaneHistogram: Sendable {
  /// Cells along each axis.
  let bins: Int
  private let origin: PlanePoint
  private let width: PlanePoint
  private var densities: [Double]

  /// Counts `points` in `bins` x `bins` cells between their least and greatest coordinates.
  init(_ points: [PlanePoint], bins: Int) {
    precondition(bins > 0 && !points.isEmpty, "a histogram has cells and points")
    var (low, high) = (points[0], points[0])
    for point in points {
      low = PlanePoint(min(low.x, point.x), min(low.y, point.y))
      high = PlanePoint(max(high.x, point.x), max(high.y, point.y))
    }
    self.bins = bins
    origin = low
    // Points that coincide still get a cell of some area.
    width = PlanePoint(max(high.x - low.x, 1e-9) / Double(bins), max(high.y - low.y, 1e-9) / Double(bins))
    densities = [Double](repeating: 0, count: bins * bins)
    let each = 1 / (Double(points.count) * width.x * width.y)
    for point in points {
      // The greatest coordinate belongs to the last cell.
      let column = min(bins - 1, Int((point.x - low.x) / width.x))
      let row = min(bins - 1, Int((point.y - low.y) / width.y))
      densities[column * bins + row] += each
    }
  }

  /// The greatest density of a cell.
  var peak: Double { densities.max() ?? 0 }

  /// A point drawn from the density.
  func sample(using random: inout SeededGenerator) -> PlanePoint {
    var mark = random.uniform()
    let area = width.x * width.y
    var cell = densities.lastIndex { $0 > 0 } ?? 0
    for (index, density) in densities.enumerated() where density > 0 {
      mark -= density * area
      guard mark >= 0 else {
        cell = index
        break
      }
    }
    let (column, row) = (Double(cell / bins), Double(cell % bins))
    return PlanePoint(
      origin.x + (column + random.uniform()) * width.x, origin.y + (row + random.uniform()) * width.y)
  }

  /// The density at a point; zero outside the grid.
  ///
  /// With `truncating` the cell is found as the published toy does, by truncation towards zero: points up to one cell
  /// below the grid then count as in its first cells.
  func density(at point: PlanePoint, truncating: Bool = false) -> Double {
    let rule = truncating ? FloatingPointRoundingRule.towardZero : .down
    let column = ((point.x - origin.x) / width.x).rounded(rule)
    let row = ((point.y - origin.y) / width.y).rounded(rule)
    guard column >= 0, row >= 0, column < Double(bins), row < Double(bins) else { return 0 }
    return densities[Int(column) * bins + Int(row)]
  }
}
