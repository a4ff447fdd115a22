/// What counts as contact with the floor: a point that is slow and low.
///
/// Both are needed, since a foot at the top of its swing is slow for an instant, and a sliding foot is low. Which values
/// are right depends on the points (a joint stands higher than a sole) and on the use; each use has a preset of its own.
public struct ContactThresholds: Sendable, Hashable {
  /// A point that moves faster is not in contact [m/s].
  public var speed: Double
  /// A point that is higher above the floor is not in contact [m].
  public var height: Double
  /// Shorter contacts, and shorter gaps in one, count as noise [s].
  public var shortest: Double

  /// Thresholds for points or motions that no preset fits.
  public init(speed: Double, height: Double, shortest: Double = 0) {
    self.speed = speed
    self.height = height
    self.shortest = shortest
  }

  /// Foot joints of captured motion: the ball or the tip of the foot.
  public static let footJoints = ContactThresholds(speed: 0.4, height: 0.06)
  /// The points at which a floor's height is read: a foot that rests, wherever the floor is.
  public static let floorSearch = ContactThresholds(speed: 0.5, height: .infinity)
  /// Corners of a sole, where feet are to be locked to the floor.
  public static let soleCorners = ContactThresholds(speed: 0.45, height: 0.06, shortest: 0.06)
  /// Corners of a sole in a corrected motion, as a film shows them.
  public static let film = ContactThresholds(speed: 0.45, height: 0.03)
  /// Corners of a sole that may carry the body while the root drifts, and so slides with it.
  public static let underDrift = ContactThresholds(speed: 1.2, height: 0.03)
  /// A foot that may not be turned, for it stands or is about to.
  public static let nearFloor = ContactThresholds(speed: .infinity, height: 0.02)
  /// The contact channels of a diffusion model's features; heights count from the joint's height in the rest pose.
  public static let features = ContactThresholds(speed: 0.6, height: 0.06)
  /// A toe that skates is as low as this and faster: the skating ratio of Guided Motion Diffusion's code.
  public static let skatingRatio = ContactThresholds(speed: 0.5, height: 0.05)

  /// Whether a point is low.
  public func isLow(_ height: Double, floor: Double = 0) -> Bool { height < floor + self.height }

  /// Whether a point is low and slow: in contact.
  ///
  /// - Parameters:
  ///   - height: The point's height [m].
  ///   - speed: The point's speed [m/s].
  ///   - floor: The height from which the point's height counts [m].
  public func areMet(height: Double, speed: Double, floor: Double = 0) -> Bool {
    isLow(height, floor: floor) && speed < self.speed
  }
}
