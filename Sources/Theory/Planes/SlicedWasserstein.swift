/// The sliced 2-Wasserstein distance between two sets of points in the plane.
///
///     let distance = SlicedWasserstein(directions: 64)
///     print(distance(samples, truth))
///
/// Bonneel et al., J. Mathematical Imaging and Vision 51 (2015), 10.1007/s10851-014-0506-3. The directions are evenly
/// spread over the half circle, so that nothing is random. Not guaranteed: zero for two samples of one law; compare with
/// the distance of two true samples of the same size.
public struct SlicedWasserstein: Sendable, Hashable {
  /// How many directions the points are projected on.
  public let directions: Int

  /// A distance over evenly spread directions.
  public init(directions: Int = 64) {
    precondition(directions > 0, "a direction is needed")
    self.directions = directions
  }

  /// The distance of two sets of equally many points.
  ///
  /// - Complexity: O(directions n log n).
  public func callAsFunction(_ first: [PlanePoint], _ second: [PlanePoint]) -> Double {
    precondition(first.count == second.count && !first.isEmpty, "sets of equally many points")
    var total = 0.0
    for index in 0..<directions {
      let angle = Double.pi * Double(index) / Double(directions)
      let (c, s) = (cosine(angle), sine(angle))
      let one = first.map { c * $0.x + s * $0.y }.sorted()
      let two = second.map { c * $0.x + s * $0.y }.sorted()
      for i in one.indices { total += (one[i] - two[i]) * (one[i] - two[i]) }
    }
    return (total / Double(directions * first.count)).squareRoot()
  }
}
