import Foundation
public import Kinematics

/// Where the floor would have to push for a body to move as it does, against the parts of the body that could be pushed.
///
///     let support = Support(motion, body: body)
///     if let lean = support.lean() { print(lean.distance, "m out of balance around", lean.time) }
///
/// Inverse dynamics gives the force and torque that a body needs beside gravity; on the floor they have one point of
/// attack, the zero-moment point. A floor alone can push there only if it lies within the convex hull of what touches
/// (M. Vukobratovic and B. Borovac, "Zero-moment point: thirty-five years of its life", Int. J. Humanoid Robotics 1
/// (2004), 10.1142/S0219843604000083). Heights are counted from the body's lowest point in the frame: a body that hovers
/// upright is in balance, one that sits on a seat that is not there is not.
///
/// Not guaranteed: that a motion in balance is possible, or that a seat right above the feet is noticed.
public struct Support: Sendable {
  /// How far the zero-moment point is outside of the hull, a frame [m]: 0 within; `nil` where the floor is not pushed
  /// upon with at least ``leastPush``.
  public let distances: [Double?]
  /// The speed of the centre of mass, a frame [m/s].
  public let speeds: [Double]
  /// Seconds a frame.
  public let frameTime: Double

  /// Points no higher than this above the lowest one could be pushed [m].
  public static let height = 0.1
  /// The vertical force below which a body counts as in flight [body weights].
  public static let leastPush = 0.3

  /// Measures a motion on the body's skeleton.
  public init(_ motion: Motion, body: BodyModel) { self.init(PosedMotion(uncached: motion), body: body) }

  /// Measures a motion by the forward kinematics that it has.
  public init(_ posed: PosedMotion, body: BodyModel) {
    let motion = posed.motion
    var distances: [Double?] = []
    var centres: [SIMD3<Double>] = []
    let reach = InverseDynamics.reach(frameTime: motion.frameTime)
    // In stretches with what smoothing needs around them: states of a whole motion would be large.
    for start in stride(from: 0, to: motion.count, by: PlausibilityGauge.stretch) {
      let end = min(motion.count, start + PlausibilityGauge.stretch)
      let around = max(0, start - reach)..<min(motion.count, end + reach)
      let states = around.map { body.state(of: posed.frames(at: $0)) }
      let needed = NeededWrench(states: states, frameTime: motion.frameTime, body: body)
      for index in start - around.lowerBound..<end - around.lowerBound {
        distances.append(Support.distance(needed.momenta(index), states[index], body))
        centres.append(body.centreOfMass(in: states[index]))
      }
    }
    self.distances = distances
    frameTime = motion.frameTime
    speeds = centres.indices.map { i in
      let (a, b) = (max(0, i - 1), min(centres.count - 1, i + 1))
      return a < b ? (centres[b] - centres[a]).length / (Double(b - a) * motion.frameTime) : 0
    }
  }

  /// A stretch in which a body keeps out of balance.
  public struct Lean: Sendable, Hashable {
    /// What the zero-moment point is outside by for nine tenths of the stretch [m].
    public var distance: Double
    /// The middle of the stretch [s].
    public var time: Double
  }

  /// The stretch that is furthest out of balance, of those in which the body hardly moves and is pushed all the time.
  ///
  /// - Parameters:
  ///   - seconds: How long a stretch is.
  ///   - speed: The mean speed of the centre of mass up to which the body hardly moves [m/s].
  public func lean(over seconds: Double = 1, speed: Double = 0.25) -> Lean? {
    let length = max(2, Int((seconds / frameTime).rounded()))
    var worst: Lean?
    for start in stride(from: 0, through: distances.count - length, by: max(1, length / 10)) {
      let frames = start..<start + length
      let known = distances[frames].compactMap(\.self)
      guard known.count == length, speeds[frames].reduce(0, +) / Double(length) < speed else { continue }
      let distance = known.quantile(0.1)
      if distance > worst?.distance ?? 0 {
        worst = Lean(distance: distance, time: (Double(start) + Double(length) / 2) * frameTime)
      }
    }
    return worst
  }

  private static func distance(_ momenta: SegmentMomenta, _ state: BodyState, _ body: BodyModel) -> Double? {
    let low = body.lowestPoint(in: state)
    let centre = body.centreOfMass(in: state)
    let foot = SIMD3(centre.x, low, centre.z)
    let wrench = momenta.total(about: foot)
    guard wrench.force.y > leastPush * body.weight else { return nil }
    let place = foot + SIMD3(wrench.torque.z, 0, -wrench.torque.x) / wrench.force.y
    let touching = body.pointsBelow(low + height, in: state).map(\.point)
    // The distance to a convex set is the largest by which a direction's outermost point is passed.
    return directions.reduce(0.0) { most, direction in
      let reach = touching.reduce(-Double.infinity) { max($0, $1.dot(direction)) }
      return max(most, place.dot(direction) - reach)
    }
  }

  private static let directions = (0..<64).map { k in
    let angle = 2 * .pi * Double(k) / 64
    return SIMD3(cos(angle), 0, sin(angle))
  }
}
