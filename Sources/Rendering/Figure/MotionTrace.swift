public import Dynamics
public import Kinematics

/// A motion's physics frame by frame, of which the figures of ``PlausibilityMetrics`` are means.
///
///     let trace = MotionTrace(motion, body: body)
///     print(trace.touches[0].left, trace.residual.max() ?? 0)
public struct MotionTrace: Sendable {
  /// How a foot meets the floor.
  public enum Touch: UInt8, Sendable, Hashable {
    /// It does not.
    case none = 0
    /// A corner of its sole is slow and low: ``ContactThresholds/film``.
    case resting = 1
    /// Its sole points within 5 mm of the floor move faster than 0.1 m/s.
    case sliding = 2
  }

  /// Inverse dynamics' residual [body weights].
  public var residual: [Double] = []
  /// The residual force [body weights].
  public var force: [SIMD3<Double>] = []
  /// The residual torque about the centre of mass [body weights times the legs' length].
  public var torque: [SIMD3<Double>] = []
  /// The body's lowest point [m]; negative where it penetrates the floor. With a scene its height is the least distance
  /// to a surface.
  public var lowest: [SIMD3<Double>] = []
  /// The horizontal speed of the sole points that touch in this frame and the next [m/s].
  public var skate: [Double] = []
  /// The left foot, then the right.
  public var touches: [(left: Touch, right: Touch)] = []
  /// The whole motion's figures.
  public var metrics: PlausibilityMetrics

  /// The speed from which a touching foot counts as sliding [m/s].
  public static let slidingSpeed = 0.1

  /// Traces a motion of finite numbers on the body's skeleton, the floor at height 0.
  public init(_ motion: Motion, body: BodyModel) {
    metrics = PlausibilityMetrics.measure(motion, body: body)
    let states = motion.jointFrames.map(body.state(of:))
    let inverse = InverseDynamics(states: states, frameTime: motion.frameTime, body: body)
    residual = inverse.residuals
    force = inverse.wrenches.map { $0.force / body.weight }
    torque = inverse.wrenches.map { $0.torque / (body.weight * body.legLength) }
    lowest = states.map { state in
      var point = MotionTrace.lowestPoint(of: body, in: state)
      if !body.ground.isFlat { point.y = body.lowestPoint(in: state) }
      return point
    }
    let feet = FootContacts(positions: states.map(body.solePoints(in:)), frameTime: motion.frameTime, on: body.ground)
    let soles = feet.positions
    for index in soles.indices {
      let next = min(index + 1, soles.count - 1)
      var all: [Double] = []
      let touch = (0..<2).map { foot -> Touch in
        let corners = 4 * foot..<4 * foot + 4
        let slides = corners.filter { corner in
          max(feet.heights[index][corner], feet.heights[next][corner]) <= PlausibilityMetrics.tolerance
        }
        .map { (soles[next][$0] - soles[index][$0]).horizontal.length / motion.frameTime }
        all += slides
        if let mean = slides.mean, mean > MotionTrace.slidingSpeed { return .sliding }
        return feet.rests(anyOf: corners, at: index, .film) ? .resting : .none
      }
      skate.append(all.mean ?? 0)
      touches.append((touch[0], touch[1]))
    }
  }

  private static func lowestPoint(of body: BodyModel, in state: BodyState) -> SIMD3<Double> {
    var lowest = SIMD3(0, Double.infinity, 0)
    func consider(_ point: SIMD3<Double>) { if point.y < lowest.y { lowest = point } }
    for (index, part) in body.bodies.enumerated() {
      switch part.shape {
      case .capsule(let from, let to, let radius):
        for end in [from, to] { consider(state.world(index, end) - SIMD3(0, radius, 0)) }
      case .box(let centre, let rotation, let half):
        for corner in 0..<8 {
          let sign = SIMD3(corner & 1 == 0 ? -1.0 : 1, corner & 2 == 0 ? -1 : 1, corner & 4 == 0 ? -1 : 1)
          consider(state.world(index, centre + rotation.act(sign * half)))
        }
      }
    }
    return lowest
  }
}

extension [Double] {
  /// The arithmetic mean, none of nothing.
  var mean: Double? { isEmpty ? nil : reduce(0, +) / Double(count) }
}
