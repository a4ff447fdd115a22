import Kinematics

/// Accumulates the figures of a motion chunk by chunk: of each frame it keeps a few numbers, whatever the number of joints.
struct PlausibilityAccumulator {
  private let body: BodyModel
  private let limits: JointLimits
  private let frameTime: Double
  private let toes: [Int]

  private var lows: [Double] = []
  private var skeletonLows: [Double] = []
  private var residuals: [Double] = []
  /// By toe and frame.
  private var toePositions: [[SIMD3<Double>]]
  private var toeHeights: [[Double]]
  private var skateSum = 0.0
  private var jerk = MeanJerk()
  private var deepestOverlap = 0.0
  private var largestExcess = 0.0
  /// The sole points of the last frame.
  private var soles: [SIMD3<Double>] = []

  init(body: BodyModel, frameTime: Double) {
    self.body = body
    self.frameTime = frameTime
    limits = JointLimits(body: body)
    toes = [(CanonicalJoint.leftFoot, CanonicalJoint.leftAnkle), (.rightFoot, .rightAnkle)]
      .compactMap { body.joints[$0.0] ?? body.joints[$0.1] }
    toePositions = toes.map { _ in [] }
    toeHeights = toePositions.map { _ in [] }
  }

  /// Adds the frames of `range`; those around it are for smoothing alone.
  mutating func add(_ frames: [JointFrames], _ range: Range<Int>) {
    let states = frames.map(body.state(of:))
    residuals +=
      InverseDynamics(
        states: states, frames: range, frameTime: frameTime, body: body, contactHeight: InverseDynamics.contactHeight,
        hasTorques: false
      ).residuals
    for index in range { add(frames[index], states[index]) }
  }

  private mutating func add(_ frame: JointFrames, _ state: BodyState) {
    lows.append(body.lowestPoint(in: state))
    skeletonLows.append(body.skeleton.lowestPoint(in: frame, on: body.ground))
    deepestOverlap = max(deepestOverlap, body.selfPenetration(in: state))
    for excess in limits.excesses(in: state) { largestExcess = max(largestExcess, excess.degrees) }
    for (index, toe) in toes.enumerated() {
      toePositions[index].append(frame.positions[toe])
      toeHeights[index].append(body.ground.clearance(of: frame.positions[toe]))
    }
    let next = body.solePoints(in: state)
    if !soles.isEmpty { skateSum += skate(from: soles, to: next) }
    soles = next
    jerk.add(frame.positions)
  }

  /// The figures of all frames so far.
  var metrics: PlausibilityMetrics {
    let count = Double(max(1, lows.count))
    let tolerance = PlausibilityMetrics.tolerance
    let skate = lows.count > 1 ? skateSum / Double(lows.count - 1) : 0
    return PlausibilityMetrics(
      penetrate: 1000 * lows.reduce(0) { $0 + max(0, -$1 - tolerance) } / count,
      float: 1000 * lows.reduce(0) { $0 + max(0, $1 - tolerance) } / count, skate: 1000 * skate,
      skateSpeed: skate / frameTime, skatingRatio: skatingRatio,
      residualWrench: residuals.isEmpty ? 0 : residuals.reduce(0, +) / Double(residuals.count),
      residualWrench95: residuals.quantile(0.95), selfPenetration: 1000 * deepestOverlap,
      jointLimitExcess: largestExcess, jerk: jerk.value(frameTime: frameTime),
      skeletonPenetration: SkeletonPenetration(lows: skeletonLows))
  }

  /// The mean horizontal displacement of the sole points that touch the floor in both frames [m].
  private func skate(from now: [SIMD3<Double>], to next: [SIMD3<Double>]) -> Double {
    let tolerance = PlausibilityMetrics.tolerance
    let touching = now.indices.filter {
      body.ground.clearance(of: now[$0]) <= tolerance && body.ground.clearance(of: next[$0]) <= tolerance
    }
    guard !touching.isEmpty else { return 0 }
    return touching.reduce(0) { $0 + (next[$1] - now[$1]).horizontal.length } / Double(touching.count)
  }

  private var skatingRatio: Double {
    guard lows.count > 1 else { return 0 }
    var skating = [Bool](repeating: false, count: lows.count - 1)
    let skates = ContactThresholds.skatingRatio
    for (positions, heights) in zip(toePositions, toeHeights) {
      let speeds = zip(positions, positions.dropFirst()).map { ($1 - $0).horizontal.length / frameTime }
      for i in speeds.indices
      where skates.isLow(heights[i]) && skates.isLow(heights[i + 1]) && speeds[i] > skates.speed {
        // A uniform filter of five frames that mirrors the ends.
        let mean = (-2...2).reduce(0.0) { $0 + speeds[mirrored(i + $1, speeds.count)] } / 5
        if mean > skates.speed { skating[i] = true }
      }
    }
    return Double(skating.filter { $0 }.count) / Double(skating.count)
  }

  private func mirrored(_ index: Int, _ count: Int) -> Int {
    let folded = index < 0 ? -index - 1 : index >= count ? 2 * count - 1 - index : index
    return min(max(folded, 0), count - 1)
  }
}
