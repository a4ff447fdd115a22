public import Kinematics

/// A foot's sole as the box under it sees it, in the frame of the ankle's joint.
public struct Foot: Sendable, Hashable {
  /// Turns the foot's anatomical axes (X left, Y up off the sole, Z to the toes) into the ankle's frame.
  public let axes: Quaternion
  /// From the ankle straight down to the sole [m].
  public let ankleHeight: Double
  /// From the ankle's shadow on the sole back to the heel's edge [m].
  public let heel: Double
  /// From the ankle's shadow on the sole forward to the front edge at the ball [m].
  public let front: Double
  /// [m].
  public let width: Double

  /// A foot by its parts.
  public init(axes: Quaternion, ankleHeight: Double, heel: Double, front: Double, width: Double) {
    self.axes = axes
    self.ankleHeight = ankleHeight
    self.heel = heel
    self.front = front
    self.width = width
  }

  /// A point given along the anatomical axes from the ankle, in the ankle's frame.
  public func point(left: Double, up: Double, forward: Double) -> SIMD3<Double> {
    axes.act(SIMD3(left, up, forward))
  }

  /// The sole's corners in the ankle's frame: heel left, heel right, ball left, ball right.
  public var solePoints: [SIMD3<Double>] {
    [(1.0, -heel), (-1.0, -heel), (1.0, front), (-1.0, front)].map { side, forward in
      point(left: side * width / 2, up: -ankleHeight, forward: forward)
    }
  }

  /// The box from the sole up to the ankle.
  var shape: Shape {
    let height = max(ankleHeight, 0.03)
    return .box(
      centre: point(left: 0, up: height / 2 - ankleHeight, forward: (front - heel) / 2), rotation: axes,
      halfExtents: SIMD3(width / 2, height / 2, (front + heel) / 2))
  }
}
