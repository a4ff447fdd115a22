public import Kinematics

/// How much of a motion's skeleton lies below the floor, at height 0.
///
///     let below = SkeletonPenetration(of: motion)
///     print(below.share, "of the frames, down to", below.deepest, "mm")
///
/// It looks at every joint and End Site and needs no body model, so that it sees what a ``BodyModel`` leaves out: toes,
/// fingers, props. Use it for what a file shows, and ``PlausibilityMetrics/penetrate`` for the solid body.
public struct SkeletonPenetration: Sendable, Hashable, Codable {
  /// The share of frames in which a joint or End Site lies more than ``PlausibilityMetrics/tolerance`` below the floor,
  /// in 0...1.
  public var share: Double
  /// How far the deepest joint or End Site of all frames lies below the floor [mm]; 0 if none does.
  public var deepest: Double

  /// A penetration that is known already.
  public init(share: Double, deepest: Double) {
    self.share = share
    self.deepest = deepest
  }

  /// Measures a motion of finite numbers.
  public init(of motion: Motion) {
    self.init(lows: motion.poses.map { motion.skeleton.lowestPoint(in: motion.skeleton.frames(of: $0)) })
  }

  /// The penetration of frames whose lowest points are known [m].
  init(lows: [Double]) {
    let below = lows.count { $0 < -PlausibilityMetrics.tolerance }
    share = Double(below) / Double(max(1, lows.count))
    deepest = 1000 * max(0, -(lows.min() ?? 0))
  }
}

extension Skeleton {
  /// The height of the lowest joint or End Site [m].
  ///
  /// - Parameter ground: With boxes, the least distance to a surface instead.
  package func lowestPoint(in frames: JointFrames, on ground: Ground = .flat) -> Double {
    guard ground.isFlat else { return nearestPoint(in: frames, on: ground) }
    var low = Double.infinity
    for (index, joint) in joints.enumerated() {
      low = min(low, frames.positions[index].y)
      if let tip = joint.endSite { low = min(low, frames.positions[index].y + frames.rotations[index].act(tip).y) }
    }
    return low
  }

  private func nearestPoint(in frames: JointFrames, on ground: Ground) -> Double {
    joints.enumerated().reduce(Double.infinity) { low, entry in
      let (index, joint) = entry
      let place = frames.positions[index]
      let tip = joint.endSite.map { ground.nearest(to: place + frames.rotations[index].act($0)).distance }
      return min(low, ground.nearest(to: place).distance, tip ?? .infinity)
    }
  }
}
