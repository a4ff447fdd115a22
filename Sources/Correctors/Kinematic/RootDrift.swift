import Dynamics
import Kinematics

/// Takes out a root that drifts: where the foot that carries the body slides over the floor for most of a motion, it is
/// the path that is wrong, not the steps.
///
/// In every frame the sole's corner that is low and moves least is the one that should stand; its horizontal speed is
/// the drift's. Captured motion has next to none, whatever the feet do: a foot that rolls or pivots has a corner that
/// stands. Where the drift is fast and lasts, it is summed up and taken from the root's path; frames in which no corner
/// is low take it from their neighbours. A slide that is meant (on ice, on a board) is taken for a drift.
struct RootDrift {
  /// The drift's speed is smoothed by a Gaussian of this width [s].
  static let width = 0.06
  /// Feet that stand more than a tenth of the time, slower than this, leave the path as it is [m/s].
  static let tolerated = 0.12
  /// So do motions in which no foot is low for longer than this share: rolls, runs and leaps.
  static let leastShare = 0.7
  /// A corner whose velocity differs from the drift's by more than this is an outlier [m/s].
  static let outlierSpeed = 0.25

  /// The horizontal velocity of the drift in every frame [m/s]; empty if no frame shows it.
  private(set) var velocities: [SIMD3<Double>]
  /// The speed that nine in ten of the frames that show it exceed [m/s].
  let speed: Double
  /// The share of frames that show it.
  let share: Double

  /// The horizontal velocities of the corners that are low and slow enough to carry the body, by frame [m/s].
  private let low: [[SIMD3<Double>]]
  private let frameTime: Double

  init(_ motion: PosedMotion, body: BodyModel) {
    let soles = FootContacts(soles: motion, body: body)
    let thresholds = ContactThresholds.underDrift
    low = soles.positions.indices.map { i in
      soles.positions[i].indices.filter { thresholds.isLow(soles.heights[i][$0]) }
        .map { soles.velocity(of: $0, at: i).horizontal }.filter { $0.length < thresholds.speed }
    }
    frameTime = soles.frameTime
    let observed = low.map { $0.min { $0.squaredLength < $1.squaredLength } }
    let known = observed.compactMap { $0 }
    share = Double(known.count) / Double(max(1, observed.count))
    speed = known.map(\.length).sorted().quantile(0.1)
    velocities = RootDrift.smooth(observed, frameTime)
  }

  /// Estimates the drift twice more, from the corners whose velocity is nearest to it: a foot that lands or leaves moves
  /// against the drift as well, and faster. The estimate is kept if feet slide less with it: on a foot that pivots the
  /// slowest corner shows more.
  private mutating func refine() {
    var refined = velocities
    for _ in 0..<2 {
      let observed = zip(low, refined).map { corners, drift in
        corners.min { ($0 - drift).squaredLength < ($1 - drift).squaredLength }
          .flatMap { ($0 - drift).length < RootDrift.outlierSpeed ? $0 : nil }
      }
      let smooth = RootDrift.smooth(observed, frameTime)
      if !smooth.isEmpty { refined = smooth }
    }
    func sliding(_ velocities: [SIMD3<Double>]) -> Double {
      zip(low, velocities).reduce(0) { sum, frame in frame.0.reduce(sum) { $0 + ($1 - frame.1).length } }
    }
    if sliding(refined) < sliding(velocities) { velocities = refined }
  }

  /// The motion without its drift, and how far that moved the root at most [m]; the motion itself if it hardly drifts.
  static func apply(_ motion: PosedMotion, body: BodyModel) -> (PosedMotion, moved: Double) {
    var drift = RootDrift(motion, body: body)
    guard drift.speed > tolerated, drift.share > leastShare else { return (motion, 0) }
    drift.refine()
    var result = motion
    var sum = SIMD3<Double>.zero
    var most = 0.0
    for i in motion.poses.indices.dropFirst() {
      sum += (drift.velocities[i - 1] + drift.velocities[i]) * (motion.motion.frameTime / 2)
      result.setRootPosition(motion.poses[i].rootPosition - sum, at: i)
      most = max(most, sum.length)
    }
    return (result, most)
  }

  /// Known values, lines between them, all smoothed; empty if none is known.
  private static func smooth(_ observed: [SIMD3<Double>?], _ frameTime: Double) -> [SIMD3<Double>] {
    guard observed.contains(where: { $0 != nil }) else { return [] }
    var velocities = observed.filled
    for axis in [0, 2] {
      let smooth = velocities.map { $0[axis] }.blurred(width / frameTime)
      for i in velocities.indices { velocities[i][axis] = smooth[i] }
    }
    return velocities
  }
}
