public import Randomness

/// The empirical density of points in the plane, over a grid that just covers them.
///
///     let histogram = PlaneHistogram(points, bins: 10)
///     print(histogram.density(at: PlanePoint(0, 0)))
///
/// Not guaranteed: any smoothness; with fewer points than cells most cells are empty.
public struct PlaneHistogram: Sendable {
  /// Cells along each axis.
  public let bins: Int
  private let origin: PlanePoint
  private let width: PlanePoint
  private var densities: [Double]

  /// Counts `points` in `bins` x `bins` cells between their least and greatest coordinates.
  public init(_ points: [PlanePoint], bins: Int) {
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
  public var peak: Double { densities.max() ?? 0 }

  /// A point drawn from the density.
  public func sample(using random: inout SeededGenerator) -> PlanePoint {
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
  public func density(at point: PlanePoint, truncating: Bool = false) -> Double {
    let rule = truncating ? FloatingPointRoundingRule.towardZero : .down
    let column = ((point.x - origin.x) / width.x).rounded(rule)
    let row = ((point.y - origin.y) / width.y).rounded(rule)
    guard column >= 0, row >= 0, column < Double(bins), row < Double(bins) else { return 0 }
    return densities[Int(column) * bins + Int(row)]
  }
}
