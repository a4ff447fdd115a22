/// The figures of one motion's physical plausibility, one definition each (design: "What is measured, and how").
///
/// Heights are of the lowest point of the body model's geometry above the floor. Averages run over all frames.
public struct PlausibilityMetrics: Sendable, Hashable, Codable {
  /// Depth beyond a 5 mm tolerance below the floor [mm].
  public var penetrate: Double
  /// Height beyond a 5 mm tolerance above the floor [mm].
  public var float: Double
  /// Horizontal displacement of foot points at or below 5 mm in two adjacent frames [mm per frame].
  public var skate: Double
  /// The same as a speed [m/s].
  public var skateSpeed: Double
  /// The share of frames that skate by GMD's definition (contact below 5 cm, faster than 0.5 m/s), in 0...1.
  public var skatingRatio: Double
  /// The mean residual wrench of inverse dynamics [body weights].
  public var residualWrench: Double
  /// Its 95th percentile [body weights].
  public var residualWrench95: Double
  /// The deepest overlap of two body parts that are not neighbours [mm].
  public var selfPenetration: Double
  /// The largest excess over an anatomical joint limit [degrees].
  public var jointLimitExcess: Double
  /// The mean magnitude of the joints' third derivative of position [m/s^3].
  public var jerk: Double

  /// Penetrate + Float + Skate [mm].
  public var physErr: Double { penetrate + float + skate }

  /// Metrics by their parts.
  public init(
    penetrate: Double, float: Double, skate: Double, skateSpeed: Double, skatingRatio: Double, residualWrench: Double,
    residualWrench95: Double, selfPenetration: Double, jointLimitExcess: Double, jerk: Double
  ) {
    self.penetrate = penetrate
    self.float = float
    self.skate = skate
    self.skateSpeed = skateSpeed
    self.skatingRatio = skatingRatio
    self.residualWrench = residualWrench
    self.residualWrench95 = residualWrench95
    self.selfPenetration = selfPenetration
    self.jointLimitExcess = jointLimitExcess
    self.jerk = jerk
  }
}
