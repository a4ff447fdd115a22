import Foundation
public import Kinematics

/// The distance of a body's zero-moment point from its support polygon: whether the floor alone can hold the body up.
///
///     let balance = BalanceAnalysis(motion, body: body)
///     if let deficit = balance.largestDeficit() {
///       print(deficit.distance, "m out of balance around", deficit.time, "s")
///     }
///
/// Use it to find a seat, a prop or a partner that is missing from a clip. Inverse dynamics yields the force and torque
/// that a body needs in addition to gravity; on the floor they act at one point, the zero-moment point. The floor can act
/// there only if the point lies within the convex hull of the contact points (M. Vukobratovic and B. Borovac, "Zero-moment
/// point: thirty-five years of its life", Int. J. Humanoid Robotics 1 (2004), 10.1142/S0219843604000083). Heights are
/// relative to the body's lowest point in the frame: a body that hovers upright is in balance, one that sits on a missing
/// seat is not.
///
/// Not guaranteed: that a motion in balance is possible, or that a seat right above the feet is noticed.
public struct BalanceAnalysis: Sendable {
  /// The distance of each frame's zero-moment point from the hull [m]: 0 inside; `nil` where the vertical force is below
  /// ``minVerticalForce``.
  public let distances: [Double?]
  /// The speed of the centre of mass in each frame [m/s].
  public let speeds: [Double]
  /// The time from one frame to the next [s].
  public let frameTime: Double

  /// The height above the lowest point up to which a point may be in contact [m].
  public static let contactHeight = 0.1
  /// The vertical force below which a body counts as in flight [body weights].
  public static let minVerticalForce = 0.3

  /// Measures a motion on the body's skeleton.
  public init(_ motion: Motion, body: BodyModel) { self.init(PosedMotion(uncached: motion), body: body) }

  /// Measures a motion by the forward kinematics that it has.
  public init(_ posed: PosedMotion, body: BodyModel) {
    let motion = posed.motion
    var distances: [Double?] = []
    var centres: [SIMD3<Double>] = []
    let margin = InverseDynamics.smoothingRadius(frameTime: motion.frameTime)
    // In chunks with the margins that smoothing needs: the states of a whole motion would be large.
    for start in stride(from: 0, to: motion.count, by: InverseDynamics.chunkFrames) {
      let end = min(motion.count, start + InverseDynamics.chunkFrames)
      let around = max(0, start - margin)..<min(motion.count, end + margin)
      let states = around.map { body.state(of: posed.frames(at: $0)) }
      let required = RequiredWrench(states: states, frameTime: motion.frameTime, body: body)
      for index in start - around.lowerBound..<end - around.lowerBound {
        distances.append(BalanceAnalysis.distance(required.forces(index), states[index], body))
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

  /// An interval during which a body stays out of balance.
  public struct Deficit: Sendable, Hashable {
    /// The distance of the zero-moment point from the hull for nine tenths of the interval [m].
    public var distance: Double
    /// The middle of the interval [s].
    public var time: Double
  }

  /// The interval that is furthest out of balance, of those in which the body hardly moves and the floor bears it
  /// throughout; `nil` if the body is in balance in all of them.
  ///
  /// - Parameters:
  ///   - seconds: The length of an interval [s].
  ///   - speed: The mean speed of the centre of mass up to which the body hardly moves [m/s].
  public func largestDeficit(over seconds: Double = 1, speed: Double = 0.25) -> Deficit? {
    let length = max(2, Int((seconds / frameTime).rounded()))
    var worst: Deficit?
    for start in stride(from: 0, through: distances.count - length, by: max(1, length / 10)) {
      let frames = start..<start + length
      let known = distances[frames].compactMap(\.self)
      guard known.count == length, speeds[frames].reduce(0, +) / Double(length) < speed else { continue }
      let distance = known.quantile(0.1)
      if distance > worst?.distance ?? 0 {
        worst = Deficit(distance: distance, time: (Double(start) + Double(length) / 2) * frameTime)
      }
    }
    return worst
  }

  private static func distance(_ forces: SegmentForces, _ state: BodyState, _ body: BodyModel) -> Double? {
    let low = body.lowestPoint(in: state)
    let centre = body.centreOfMass(in: state)
    let foot = SIMD3(centre.x, low, centre.z)
    let wrench = forces.total(about: foot)
    guard wrench.force.y > minVerticalForce * body.weight else { return nil }
    let zeroMomentPoint = foot + SIMD3(wrench.torque.z, 0, -wrench.torque.x) / wrench.force.y
    let touching = body.pointsBelow(low + contactHeight, in: state).map(\.point)
    // The distance to a convex set is the maximum over directions of the excess over its outermost point.
    return directions.reduce(0.0) { distance, direction in
      let reach = touching.reduce(-Double.infinity) { max($0, $1.dot(direction)) }
      return max(distance, zeroMomentPoint.dot(direction) - reach)
    }
  }

  private static let directions = (0..<64).map { k in
    let angle = 2 * .pi * Double(k) / 64
    return SIMD3(cos(angle), 0, sin(angle))
  }
}
