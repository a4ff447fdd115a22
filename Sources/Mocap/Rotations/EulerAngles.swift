import Foundation

/// One axis of a joint's frame.
public enum Axis: Int, Sendable, Hashable, Codable, CaseIterable {
  /// The figure's left in T-pose.
  case x
  /// Up in T-pose.
  case y
  /// Forward in T-pose.
  case z

  /// The unit vector along the axis.
  public var unit: SIMD3<Double> {
    var v = SIMD3<Double>()
    v[rawValue] = 1
    return v
  }
}
