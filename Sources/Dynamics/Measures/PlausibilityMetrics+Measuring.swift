public import Mocap

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
    guard motion.isFinite else { return .unmeasurable }
    let frames = motion.jointFrames
    return measure(frames: frames, frameTime: motion.frameTime, body: body)
  }

  /// Of a motion in which some number is not finite.
  public static let unmeasurable = PlausibilityMetrics(
    penetrate: .infinity, float: .infinity, skate: .infinity, skateSpeed: .infinity, skatingRatio: 1,
    residualWrench: .infinity, residualWrench95: .infinity, selfPenetration: .infinity, jointLimitExcess: .infinity,
    jerk: .infinity)

  private static func measure(frames: [JointFrames], frameTime: Double, body: BodyModel) -> PlausibilityMetrics {
    let states = frames.map(body.state(of:))
    let lows = states.map(body.lowestPoint(in:))
    let inverse = InverseDynamics(states: states, frameTime: frameTime, body: body)
    let skate = skate(states.map(body.solePoints(in:)))
    let limits = JointLimits(body: body)
    let count = Double(max(1, lows.count))
    return PlausibilityMetrics(
      penetrate: 1000 * lows.reduce(0) { $0 + max(0, -$1 - tolerance) } / count,
      float: 1000 * lows.reduce(0) { $0 + max(0, $1 - tolerance) } / count, skate: 1000 * skate,
      skateSpeed: skate / frameTime, skatingRatio: skatingRatio(frames, frameTime: frameTime, body: body),
      residualWrench: inverse.mean, residualWrench95: inverse.percentile95,
      selfPenetration: 1000 * (states.map(body.selfPenetration(in:)).max() ?? 0),
      jointLimitExcess: states.flatMap(limits.excesses(in:)).map(\.degrees).max() ?? 0,
      jerk: jerk(frames.map(\.positions), frameTime: frameTime))
  }

  /// [m a frame].
  private static func skate(_ soles: [[SIMD3<Double>]]) -> Double {
    guard soles.count > 1 else { return 0 }
    var total = 0.0
    for (now, next) in zip(soles, soles.dropFirst()) {
      let touching = now.indices.filter { now[$0].y <= tolerance && next[$0].y <= tolerance }
      guard !touching.isEmpty else { continue }
      total += touching.reduce(0) { $0 + (next[$1] - now[$1]).horizontal.length } / Double(touching.count)
    }
    return total / Double(soles.count - 1)
  }

  private static func skatingRatio(_ frames: [JointFrames], frameTime: Double, body: BodyModel) -> Double {
    guard frames.count > 1 else { return 0 }
    var skating = [Bool](repeating: false, count: frames.count - 1)
    let toes = [(CanonicalJoint.leftFoot, CanonicalJoint.leftAnkle), (.rightFoot, .rightAnkle)]
      .compactMap { body.joints[$0.0] ?? body.joints[$0.1] }
    for toe in toes {
      let places = frames.map { $0.positions[toe] }
      let speeds = zip(places, places.dropFirst()).map { ($1 - $0).horizontal.length / frameTime }
      for i in speeds.indices where places[i].y < 0.05 && places[i + 1].y < 0.05 && speeds[i] > 0.5 {
        // A uniform filter of five frames that repeats the ends in mirror image.
        let mean = (-2...2).reduce(0.0) { $0 + speeds[mirrored(i + $1, speeds.count)] } / 5
        if mean > 0.5 { skating[i] = true }
      }
    }
    return Double(skating.filter { $0 }.count) / Double(skating.count)
  }

  private static func mirrored(_ index: Int, _ count: Int) -> Int {
    let folded = index < 0 ? -index - 1 : index >= count ? 2 * count - 1 - index : index
    return min(max(folded, 0), count - 1)
  }

  private static func jerk(_ positions: [[SIMD3<Double>]], frameTime: Double) -> Double {
    guard positions.count > 3, let joints = positions.first?.count, joints > 0 else { return 0 }
    var total = 0.0
    for i in 3..<positions.count {
      for j in 0..<joints {
        let second = positions[i - 1][j] - positions[i - 2][j]
        total += (positions[i][j] - positions[i - 3][j] - 3 * second).length
      }
    }
    return total / (Double(positions.count - 3) * Double(joints)) / (frameTime * frameTime * frameTime)
  }
}
