import Dynamics
import Kinematics

/// How far from the input a corrected motion may be and still be the same motion [m], for legs of 0.835 m; longer legs may
/// differ by as much more.
///
/// Each is a mean over frames: over the whole clip, and over any half second.
struct FollowingLimits: Sendable, Hashable {
  /// A mean over the clip, and over any half second.
  struct Limit: Sendable, Hashable {
    var mean: Double
    var halfSecond: Double
  }

  /// The joints' mean distance with both roots in one place: the poses.
  var pose = Limit(mean: 0.10, halfSecond: 0.20)
  /// The root's height: a body that crouches or hovers.
  var height = Limit(mean: 0.06, halfSecond: 0.12)
  /// The root's way over the floor.
  var path = Limit(mean: 0.25, halfSecond: 0.40)
  /// The height of the body's lowest point above the floor, beyond the input's, in the mean over the clip.
  var float = 0.04
}

/// How closely a corrected motion follows its input, frame by frame.
struct Following {
  /// What is compared.
  enum Kind: CaseIterable {
    case pose, height, path
  }

  /// By frame [m].
  let pose: [Double]
  let height: [Double]
  let path: [Double]
  private let frameTime: Double

  /// - Parameter raised: By how much the clip was moved onto the floor, which is no error [m].
  init(_ input: PosedMotion, _ output: PosedMotion, raised: Double) {
    var (pose, height, path): ([Double], [Double], [Double]) = ([], [], [])
    let joints = Double(max(1, input.motion.skeleton.count))
    for i in input.poses.indices {
      let (a, b) = (input.frames(at: i).positions, output.frames(at: i).positions)
      let root = b[0] - a[0]
      pose.append(zip(a, b).reduce(0) { $0 + ($1.1 - $1.0 - root).length } / joints)
      height.append(abs(root.y - raised))
      path.append(root.horizontal.length)
    }
    (self.pose, self.height, self.path) = (pose, height, path)
    frameTime = input.motion.frameTime
  }

  private func errors(_ kind: Kind) -> [Double] {
    switch kind {
    case .pose: pose
    case .height: height
    case .path: path
    }
  }

  private var window: Int { max(1, min(pose.count, Int((0.5 / frameTime).rounded()))) }

  /// The mean over the half second that begins at each frame [m].
  private func halfSeconds(_ kind: Kind) -> [Double] {
    let errors = errors(kind)
    var sum = errors.prefix(window).reduce(0, +)
    var means = [sum / Double(window)]
    for i in errors.indices.dropFirst(window) {
      sum += errors[i] - errors[i - window]
      means.append(sum / Double(window))
    }
    return means
  }

  /// Why the motion is another one, in a clause; `nil` if it is the same.
  ///
  /// - Parameter scale: The legs' length over 0.835 m.
  func departure(_ limits: FollowingLimits, scale: Double) -> String? {
    guard !pose.isEmpty else { return nil }
    for kind in Kind.allCases {
      let limit = limits.limit(kind)
      let means = halfSeconds(kind)
      guard let worst = means.indices.max(by: { means[$0] < means[$1] }) else { continue }
      let time = Double(worst) * frameTime
      if means[worst] > limit.halfSecond * scale {
        return "\(kind.words(means[worst])) for half a second at \(rounded(time)) s, more than "
          + "\(millimetres(limit.halfSecond * scale)) mm"
      }
      let mean = errors(kind).reduce(0, +) / Double(pose.count)
      if mean > limit.mean * scale {
        return "\(kind.words(mean)) in the mean, more than \(millimetres(limit.mean * scale)) mm, and most at "
          + "\(rounded(time)) s"
      }
    }
    return nil
  }

  /// The stretches in which half a second's mean is beyond half of its limit: followed, but loosely.
  func looseStretches(_ limits: FollowingLimits, scale: Double) -> [LooseStretch] {
    guard !pose.isEmpty else { return [] }
    var ratios = [Double](repeating: 0, count: pose.count)
    for kind in Kind.allCases {
      for (start, mean) in halfSeconds(kind).enumerated() {
        let ratio = mean / (limits.limit(kind).halfSecond * scale)
        guard ratio > 0.5 else { continue }
        for i in start..<min(pose.count, start + window) { ratios[i] = max(ratios[i], ratio) }
      }
    }
    return ratios.map { $0 > 0 }.runs(of: true).map { run in
      LooseStretch(
        start: Double(run.lowerBound) * frameTime, end: Double(run.upperBound - 1) * frameTime,
        shareOfLimit: ratios[run].max() ?? 0)
    }
  }

  private func rounded(_ x: Double) -> Double { (x * 100).rounded() / 100 }
}

extension FollowingLimits {
  fileprivate func limit(_ kind: Following.Kind) -> Limit {
    switch kind {
    case .pose: pose
    case .height: height
    case .path: path
    }
  }
}

extension Following.Kind {
  fileprivate func words(_ error: Double) -> String {
    switch self {
    case .pose: "the joints are \(millimetres(error)) mm from the input's pose"
    case .height: "the body is \(millimetres(error)) mm above or below the input's height"
    case .path: "the root is \(millimetres(error)) mm off the input's path"
    }
  }
}

private func millimetres(_ metres: Double) -> Int { Int(min(1000 * metres, 1e15).rounded()) }
