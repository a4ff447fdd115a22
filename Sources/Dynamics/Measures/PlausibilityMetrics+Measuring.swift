public import Kinematics

extension PlausibilityMetrics {
  /// Depths and heights up to this count as contact [m].
  public static let tolerance = 0.005

  /// Measures a motion, with the floor at height 0.
  ///
  /// Skate: for each frame but the last, the mean horizontal displacement to the next frame of the sole points (four
  /// corners a foot) that are at or below 5 mm in both; 0 where there is none. Skating ratio, as Guided Motion
  /// Diffusion's code has it: the share of frames in which a toe joint (the ankle, if there is none) is below 5 cm in
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
    var gauge = PlausibilityGauge(body: body, frameTime: motion.frameTime)
    let reach = InverseDynamics.reach(frameTime: motion.frameTime)
    for start in stride(from: 0, to: motion.count, by: PlausibilityGauge.stretch) {
      let end = min(motion.count, start + PlausibilityGauge.stretch)
      let around = max(0, start - reach)..<min(motion.count, end + reach)
      let frames = around.map(posed.frames(at:))
      gauge.add(frames, start - around.lowerBound..<end - around.lowerBound)
    }
    return gauge.metrics
  }

  /// Of a motion in which some number is not finite.
  public static let unmeasurable = PlausibilityMetrics(
    penetrate: .infinity, float: .infinity, skate: .infinity, skateSpeed: .infinity, skatingRatio: 1,
    residualWrench: .infinity, residualWrench95: .infinity, selfPenetration: .infinity, jointLimitExcess: .infinity,
    jerk: .infinity)
}
