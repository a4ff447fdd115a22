import Dynamics
import Foundation
public import Kinematics

/// The path that is missing from a motion in place: a walk or run whose root's path was cut out, or on a treadmill.
///
///     if let path = try InPlacePath(of: motion), path.isClear {
///       let correction = try await corrector.correct(path.added(to: motion), seed: 0)
///       let result = path.removed(from: correction.motion)       // in place again
///     }
///
/// The floor under a motion in place moves as fast as the feet that stand on it. The path is the sum of the opposite
/// velocities; while no foot is on the floor the speed goes over from one stance to the next.
public struct InPlacePath: Sendable {
  /// What is added to the root in each frame, along the floor [m]; zero in the first.
  public let displacements: [SIMD3<Double>]
  /// The floor's mean speed [m/s].
  public let speed: Double
  /// Whether the motion is certainly in place: the floor moves steadily one way, and the root stays where it is.
  public let isClear: Bool

  /// The least speed of a floor that moves [m/s].
  static let leastSpeed = 0.4
  /// The share of the floor's path that the root may travel by itself.
  static let ownTravel = 0.25
  /// The length of the floor's mean velocity as a share of its mean speed: how steadily it moves one way.
  static let steadiness = 0.8
  /// Motions shorter than this are not recognised [s].
  static let shortest = 0.6
  /// The lower a corner of a sole, the more its speed counts: the height at which it counts by a third [m].
  static let sole = 0.008
  /// The height of a sole over its lowest up to which it may be on the floor [m].
  static let contact = 0.03
  /// A sole that rises or sinks faster is not on the floor [m/s].
  static let riseSpeed = 0.4
  /// A heel that is higher than the front edge by this is up [m].
  static let heelUp = 0.02
  /// Speeds are smoothed by a Gaussian of this width [s].
  static let width = 0.04

  /// The path of a motion; `nil` where no foot shows the floor's speed.
  ///
  /// - Throws: ``SurefootError`` for a motion that no corrector takes.
  public init?(of motion: Motion, body: CorrectorBody = CorrectorBody()) throws {
    let range = motion.measuredFrames
    let captured = motion.frames(range)
    try CorrectorBody.check(captured)
    guard captured.count >= 3 else { return nil }
    let model = try body.body(for: captured)
    let soles = FootContacts(soles: PosedMotion(captured), body: model)
    let frames = captured.poses.map { captured.skeleton.frames(of: $0) }
    let balls = [CanonicalJoint.leftFoot, .rightFoot].map { toe in
      model.joints[toe].map { joint in
        FootContacts(positions: frames.map { [$0.positions[joint]] }, frameTime: captured.frameTime)
      }
    }
    let observed = Self.velocities(soles, balls: balls)
    let known = observed.compactMap(\.self)
    guard known.count >= 3 else { return nil }
    let velocities = Self.smooth(observed, captured.frameTime)
    var path: [SIMD3<Double>] = [.zero]
    for i in velocities.indices.dropFirst() {
      path.append(path[i - 1] - (velocities[i - 1] + velocities[i]) * (captured.frameTime / 2))
    }
    displacements =
      Array(repeating: .zero, count: range.lowerBound) + path
      + Array(repeating: path[path.count - 1], count: motion.count - range.upperBound)
    let duration = Double(captured.count - 1) * captured.frameTime
    let mean = known.reduce(.zero, +) / Double(known.count)
    let meanSpeed = known.reduce(0) { $0 + $1.length } / Double(known.count)
    speed = mean.length
    let root = captured.poses.map(\.rootPosition.horizontal)
    let own = root.map { ($0 - root[0]).length }.max() ?? 0
    isClear =
      speed > Self.leastSpeed && mean.length > Self.steadiness * meanSpeed && duration >= Self.shortest
      && own < Self.ownTravel * speed * duration
      && Self.bothStep(soles)
  }

  /// The motion over a floor that stands still.
  public func added(to motion: Motion) -> Motion { shifted(motion, 1) }

  /// The motion in place again.
  public func removed(from motion: Motion) -> Motion { shifted(motion, -1) }

  private func shifted(_ motion: Motion, _ sign: Double) -> Motion {
    var result = motion
    for i in motion.poses.indices { result.poses[i].rootPosition += sign * displacements[i] }
    return result
  }

  /// The velocity of what is on the floor in each frame; `nil` in flight, and while feet land or lift [m/s].
  ///
  /// - Parameter balls: The left and the right toe joint, where there are some: on them a foot rolls whose heel is up.
  private static func velocities(_ soles: FootContacts, balls: [FootContacts?]) -> [SIMD3<Double>?] {
    let count = soles.heights.count
    let lows = [0, 1].map { side in soles.heights.indices.map { lowest(soles, side, $0) } }
    let grounds = lows.map { $0.quantile(0.05) }
    return soles.positions.indices.map { i in
      var (sum, total) = (SIMD3<Double>.zero, 0.0)
      let heights = [0, 1].map { lows[$0][i] - grounds[$0] }
      let (before, after) = (max(0, i - 1), min(count - 1, i + 1))
      for side in 0..<2 where heights[side] < contact && heights[side] <= min(heights[0], heights[1]) + 0.01 {
        let rise = (lows[side][after] - lows[side][before]) / (Double(max(1, after - before)) * soles.frameTime)
        guard abs(rise) < riseSpeed else { continue }
        let corners = 4 * side..<4 * side + 4
        let (heel, front) = (soles.heights[i][corners.lowerBound], soles.heights[i][corners.lowerBound + 2])
        if heel > front + heelUp, let ball = balls[side] {
          sum += 2 * ball.velocity(of: 0, at: i).horizontal
          total += 2
          continue
        }
        for corner in corners {
          let weight = exp(-(soles.heights[i][corner] - lows[side][i]) / sole)
          sum += weight * soles.velocity(of: corner, at: i).horizontal
          total += weight
        }
      }
      return total > 0 ? sum / total : nil
    }
  }

  private static func lowest(_ soles: FootContacts, _ side: Int, _ i: Int) -> Double {
    (4 * side..<4 * side + 4).reduce(.infinity) { min($0, soles.heights[i][$1]) }
  }

  /// Whether each foot is lifted at some time: one who is drawn over the floor does not walk.
  private static func bothStep(_ soles: FootContacts) -> Bool {
    (0..<2).allSatisfy { side in
      let lows = soles.heights.indices.map { lowest(soles, side, $0) }
      return (lows.max() ?? 0) - (lows.min() ?? 0) > 0.03
    }
  }

  private static func smooth(_ observed: [SIMD3<Double>?], _ frameTime: Double) -> [SIMD3<Double>] {
    var velocities = observed.filled
    for axis in [0, 2] {
      let smooth = velocities.map { $0[axis] }.blurred(width / frameTime)
      for i in velocities.indices { velocities[i][axis] = smooth[i] }
    }
    return velocities
  }
}

extension [SIMD3<Double>?] {
  /// Unknown values on straight lines between the known ones; the ends are held. Zeros if none is known.
  var filled: [SIMD3<Double>] {
    let known = indices.filter { self[$0] != nil }
    var next = 0
    return indices.map { i in
      while next < known.count, known[next] < i { next += 1 }
      let after = next < known.count ? known[next] : nil
      let before = after == i ? i : next > 0 ? known[next - 1] : nil
      guard let a = before ?? after, let b = after ?? before, let from = self[a], let to = self[b] else { return .zero }
      return a == b ? from : from + (to - from) * (Double(i - a) / Double(b - a))
    }
  }
}
