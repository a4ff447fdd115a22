import Kinematics

/// The rotations that put the canonical skeleton's joints where they are known to be.
///
/// Lengths are the means over all frames. A joint with several children (pelvis, chest) turns by the best fit to them
/// (B. K. P. Horn, "Closed-form solution of absolute orientation using unit quaternions", JOSA A 4 (1987),
/// 10.1364/JOSAA.4.000629); one with a single child turns the shortest way from its parent, because its twist is
/// unknown; a leaf turns with its parent. Joints of a rigid body come back where they were, to rounding.
struct PositionFit {
  /// The canonical joints with the limbs' mean lengths.
  let skeleton: Skeleton
  /// One pose a frame.
  private(set) var poses: [Pose] = []
  /// The largest distance of a joint from where it was [m].
  private(set) var largestError = 0.0

  /// Fits frames of 22 positions [m].
  ///
  /// - Precondition: At least one frame; 22 positions in each.
  init(_ frames: [[SIMD3<Double>]]) {
    precondition(!frames.isEmpty && frames.allSatisfy { $0.count == CanonicalJoint.allCases.count }, "22 joints")
    let offsets = Self.offsets(frames)
    skeleton = Skeleton(
      joints: zip(Skeleton.canonical.joints, offsets).map { joint, offset in
        Joint(name: joint.name, parent: joint.parent, offset: offset, channels: joint.channels, endSite: joint.endSite)
      })
    for positions in frames {
      let pose = Self.pose(of: positions, offsets)
      for (joint, place) in skeleton.frames(of: pose).positions.enumerated() {
        largestError = max(largestError, (place - positions[joint]).length)
      }
      poses.append(pose)
    }
  }

  private static let children = Skeleton.canonical.children

  /// Offsets at rest: a lone child lies where the canonical body has it, at its mean distance; several children keep the
  /// shape that they have in the motion.
  private static func offsets(_ frames: [[SIMD3<Double>]]) -> [SIMD3<Double>] {
    var offsets = Skeleton.canonical.joints.map(\.offset)
    for (joint, below) in children.enumerated() where !below.isEmpty {
      let share = 1 / Double(frames.count)
      if below.count == 1 {
        let mean = frames.reduce(0) { $0 + ($1[below[0]] - $1[joint]).length } * share
        offsets[below[0]] = offsets[below[0]].normalized * mean
        continue
      }
      // The first pass finds the shape, the second settles frames that the canonical shape fitted badly.
      for _ in 0..<2 {
        var sums = below.map { _ in SIMD3<Double>() }
        for positions in frames {
          let bones = below.map { positions[$0] - positions[joint] }
          let back = Quaternion(aligning: below.map { offsets[$0] }, to: bones).inverse
          for slot in below.indices { sums[slot] += back.act(bones[slot]) * share }
        }
        for (slot, child) in below.enumerated() { offsets[child] = sums[slot] }
      }
    }
    return offsets
  }

  private static func pose(of positions: [SIMD3<Double>], _ offsets: [SIMD3<Double>]) -> Pose {
    var world = [Quaternion](repeating: .identity, count: positions.count)
    var pose = Pose(resting: .canonical, rootPosition: positions[0])
    for joint in CanonicalJoint.allCases {
      let index = joint.rawValue
      let parent = joint.parent.map { world[$0.rawValue] } ?? .identity
      let bones = children[index].map { positions[$0] - positions[index] }
      switch bones.count {
      case 0: world[index] = parent
      case 1:
        let resting = parent.act(offsets[children[index][0]])
        let isThere = resting.length > 1e-9 && bones[0].length > 1e-9
        world[index] = isThere ? Quaternion(from: resting.normalized, to: bones[0].normalized) * parent : parent
      default: world[index] = Quaternion(aligning: children[index].map { offsets[$0] }, to: bones)
      }
      pose.rotations[index] = (parent.inverse * world[index]).normalized
    }
    return pose
  }
}
