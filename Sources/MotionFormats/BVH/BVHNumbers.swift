import Foundation
public import Kinematics

/// A BVH file's joints and rows as a motion, still in the file's units and axes.
struct BVHNumbers {
  var joints: [Joint]
  var values: [Double]
  var frameTime: Double

  /// Every row as a pose.
  func motion() -> Motion {
    let skeleton = Skeleton(joints: joints)
    let channels = joints.reduce(0) { $0 + $1.channels.count }
    let moving = joints.indices.filter { joints[$0].channels.contains(where: \.isPosition) }
    let poses = stride(from: 0, to: values.count, by: channels).map { pose(row: $0, moving: moving) }
    return Motion(skeleton: skeleton, frameTime: frameTime, poses: poses)
  }

  private func pose(row: Int, moving: [Int]) -> Pose {
    var rotations = [Quaternion](repeating: .identity, count: joints.count)
    // An axis without a channel keeps the OFFSET's component.
    var places = [SIMD3<Double>](repeating: .zero, count: moving.count)
    var nextPlace = 0
    var index = row
    for joint in joints.indices {
      var rotation = Quaternion.identity
      var place = joints[joint].offset
      let list = joints[joint].channels
      for channel in list {
        switch channel {
        case .position(let axis): place[axis.rawValue] = values[index]
        case .rotation(let axis): rotation = rotation * Quaternion(angle: values[index] * .pi / 180, about: axis)
        }
        index += 1
      }
      rotations[joint] = rotation
      if nextPlace < moving.count, moving[nextPlace] == joint {
        places[nextPlace] = place
        nextPlace += 1
      }
    }
    var pose = Pose(rootPosition: joints[0].offset, rotations: rotations)
    for (joint, place) in zip(moving, places) {
      if joint == 0 { pose.rootPosition = place } else { pose.translations[joint] = place }
    }
    return pose
  }
}
