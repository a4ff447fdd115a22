/// A point, direction or displacement in metres, Y up.
public typealias Vector3 = SIMD3<Double>

extension SIMD3 where Scalar == Double {
  /// Right-handed unit axes: X to the figure's left, Y up, Z the way it faces.
  public static let unitX = SIMD3(1, 0, 0)
  /// Up.
  public static let unitY = SIMD3(0, 1, 0)
  /// The way a figure in T-pose faces.
  public static let unitZ = SIMD3(0, 0, 1)

  /// The scalar product.
  public func dot(_ other: Self) -> Double { (self * other).sum() }

  /// The right-handed vector product.
  public func cross(_ other: Self) -> Self {
    SIMD3(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  /// The squared Euclidean length.
  public var squaredLength: Double { dot(self) }

  /// The Euclidean length.
  public var length: Double { squaredLength.squareRoot() }

  /// The vector of length 1 in the same direction, or zero for the zero vector.
  public var normalized: Self { length > 0 ? self / length : self }

  /// The vector with its height set to zero: its shadow on the floor.
  public var horizontal: Self { SIMD3(x, 0, z) }

  /// Whether no component is NaN or infinite.
  public var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }
}
