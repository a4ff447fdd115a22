/// A point of the plane.
public struct PlanePoint: Sendable, Hashable, Codable {
  /// The first coordinate.
  public var x: Double
  /// The second coordinate.
  public var y: Double

  /// The point `(x, y)`.
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  /// The Euclidean distance to another point.
  public func distance(to other: PlanePoint) -> Double {
    let (dx, dy) = (x - other.x, y - other.y)
    return (dx * dx + dy * dy).squareRoot()
  }
}
