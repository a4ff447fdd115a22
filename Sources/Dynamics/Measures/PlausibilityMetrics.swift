public import Kinematics

/// The figures of one motion's physical plausibility.
///
///     let metrics = PlausibilityMetrics.measure(motion, body: body)
///     print(metrics.physErr, "mm", metrics.residualWrench, "body weights")
///
/// Every comparison, report and test uses these definitions. A height is that of the lowest point of the body model's
/// geometry above the floor. Averages are over all frames.
public struct PlausibilityMetrics: Sendable, Hashable, Codable {
  /// Depth beyond a 5 mm tolerance below the floor [mm].
  public var penetrate: Double
  /// Height beyond a 5 mm tolerance above the floor [mm].
  public var float: Double
  /// Horizontal displacement of foot points at or below 5 mm in two adjacent frames [mm per frame].
  public var skate: Double
  /// ``skate`` as a speed [m/s].
  public var skateSpeed: Double
  /// The share of frames that skate by GMD's definition (contact below 5 cm, faster than 0.5 m/s), in 0...1.
  public var skatingRatio: Double
  /// The mean residual wrench of inverse dynamics [body weights].
  public var residualWrench: Double
  /// The 95th percentile of the residual wrench [body weights].
  public var residualWrench95: Double
  /// The deepest overlap of two body parts that are not neighbours [mm].
  public var selfPenetration: Double
  /// The largest excess over an anatomical joint limit [degrees].
  public var jointLimitExcess: Double
  /// The mean magnitude of the joints' third derivative of position [m/s^3].
  public var jerk: Double
  /// How much of the skeleton lies below the floor; `nil` in figures that an earlier version recorded.
  public var skeletonPenetration: SkeletonPenetration?

  /// The sum of Penetrate, Float and Skate [mm] (Y. Yuan et al., "PhysDiff", ICCV 2023, arXiv:2212.02500).
  public var physErr: Double { penetrate + float + skate }

  /// Metrics from figures that are already known, such as means over many motions.
  public init(
    penetrate: Double, float: Double, skate: Double, skateSpeed: Double, skatingRatio: Double, residualWrench: Double,
    residualWrench95: Double, selfPenetration: Double, jointLimitExcess: Double, jerk: Double,
    skeletonPenetration: SkeletonPenetration? = nil
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
    self.skeletonPenetration = skeletonPenetration
  }
}

extension PlausibilityMetrics {
  /// The depth or height up to which a point is in contact [m].
  public static let tolerance = 0.005

  /// Measures a motion, with the floor at height 0.
  ///
  /// Skate: for each frame but the last, the mean horizontal displacement to the next frame of the sole points (four
  /// corners a foot) that are at or below 5 mm in both; 0 where there is none. Skating ratio, as in the code of
  /// Guided Motion Diffusion (K. Karunratanakul et al., ICCV 2023, arXiv:2305.12577): the share of frames in which a toe joint (the ankle, if there is none) is below 5 cm in
  /// both frames and moves faster than 0.5 m/s horizontally, by itself and in the mean of five frames.
  ///
  /// A motion with a number that is not finite has infinite figures.
  public static func measure(_ motion: Motion, body: BodyModel) -> PlausibilityMetrics {
    measure(PosedMotion(uncached: motion), body: body)
  }

  /// Measures a motion by the forward kinematics that it has; see ``measure(_:body:)-(Motion,_)``.
  public static func measure(_ posed: PosedMotion, body: BodyModel) -> PlausibilityMetrics {
    let motion = posed.motion
    guard motion.isFinite else { return .unmeasurable }
    var accumulator = PlausibilityAccumulator(body: body, frameTime: motion.frameTime)
    let margin = InverseDynamics.smoothingRadius(frameTime: motion.frameTime)
    for start in stride(from: 0, to: motion.count, by: InverseDynamics.chunkFrames) {
      let end = min(motion.count, start + InverseDynamics.chunkFrames)
      let around = max(0, start - margin)..<min(motion.count, end + margin)
      let frames = around.map(posed.frames(at:))
      accumulator.add(frames, start - around.lowerBound..<end - around.lowerBound)
    }
    return accumulator.metrics
  }

  /// The figures of a motion in which some number is not finite.
  public static let unmeasurable = PlausibilityMetrics(
    penetrate: .infinity, float: .infinity, skate: .infinity, skateSpeed: .infinity, skatingRatio: 1,
    residualWrench: .infinity, residualWrench95: .infinity, selfPenetration: .infinity, jointLimitExcess: .infinity,
    jerk: .infinity, skeletonPenetration: SkeletonPenetration(share: 1, deepest: .infinity))
}
