import Foundation
public import Kinematics

/// Poses as the numbers of a skeleton's channels.
struct BVHChannelEncoder {
  /// The joints depth first, as a BVH file nests them.
  let order: [Int]
  /// Whether the root's position channels say where it is, so that its OFFSET is free.
  let placesRoot: Bool
  let channelCount: Int
  private let skeleton: Skeleton
  private let euler: [EulerAngles]

  init(skeleton: Skeleton) {
    self.skeleton = skeleton
    order = Self.depthFirst(skeleton)
    euler = skeleton.joints.map { joint in EulerAngles(axes: joint.channels.filter { !$0.isPosition }.map(\.axis)) }
    placesRoot = Set(skeleton.joints[0].channels.filter(\.isPosition)).count == 3
    channelCount = skeleton.joints.reduce(0) { $0 + $1.channels.count }
  }

  private static func depthFirst(_ skeleton: Skeleton) -> [Int] {
    var order: [Int] = []
    var waiting = [0]
    while let joint = waiting.popLast() {
      order.append(joint)
      waiting.append(contentsOf: skeleton.children[joint].reversed())
    }
    return order
  }

  /// Every joint's rotation channels in radians, running on from the frame before (`previous`, empty at first).
  func angles(of pose: Pose, near previous: [[Double]]) -> [[Double]] {
    skeleton.joints.indices.map { joint in
      euler[joint].angles(of: pose.rotations[joint], near: previous.isEmpty ? nil : previous[joint])
    }
  }

  /// Calls `body` with the joint's numbers in the channels' order: file units and degrees.
  func forEachValue(of joint: Int, _ pose: Pose, _ angles: [Double], _ body: (Double) -> Void) {
    let place = position(joint, pose)
    var next = 0
    for channel in skeleton.joints[joint].channels {
      if channel.isPosition {
        body(place[channel.axis.rawValue])
      } else {
        body(angles[next] * 180 / .pi)
        next += 1
      }
    }
  }

  private func position(_ joint: Int, _ pose: Pose) -> SIMD3<Double> {
    joint == 0 ? pose.rootPosition : pose.translations[joint] ?? skeleton.joints[joint].offset
  }

  /// The angle in radians between the joint's rotation and what its channels hold.
  func lostAngle(_ joint: Int, _ pose: Pose, _ angles: [Double]) -> Double {
    if euler[joint].reachesAll { return 0 }
    return euler[joint].error(of: pose.rotations[joint], angles: angles)
  }

  /// The distance in file units between the joint's place and what its channels and OFFSET hold.
  func lostLength(_ joint: Int, _ pose: Pose) -> Double {
    if joint == 0 ? placesRoot : pose.translations.isEmpty { return 0 }
    var lost = position(joint, pose) - skeleton.joints[joint].offset
    for channel in skeleton.joints[joint].channels where channel.isPosition { lost[channel.axis.rawValue] = 0 }
    return lost.length
  }
}
