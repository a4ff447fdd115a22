import Foundation
import Kinematics

/// A made walk on the canonical skeleton.
enum MadeWalk {
  /// Legs and arms swing once a second; the root moves 1 m/s along Z at a walking height.
  static func motion(seconds: Double, rate: Double = 30, phase: Double = 0) -> Motion {
    let skeleton = Skeleton.canonical
    let poses = (0..<Int(seconds * rate) + 1).map { frame -> Pose in
      let time = Double(frame) / rate
      var pose = Pose(resting: skeleton, rootPosition: SIMD3(0, 0.93, time))
      let swing = 0.5 * sin(2 * .pi * time + phase)
      func turn(_ joint: CanonicalJoint, _ angle: Double, _ axis: SIMD3<Double>) {
        pose.rotations[joint.rawValue] = Quaternion(angle: angle, axis: axis)
      }
      turn(.leftHip, swing, .unitX)
      turn(.rightHip, -swing, .unitX)
      turn(.leftKnee, max(0, -swing), .unitX)
      turn(.rightKnee, max(0, swing), .unitX)
      turn(.leftShoulder, -1.2, .unitZ)
      turn(.rightShoulder, 1.2, .unitZ)
      return pose
    }
    return Motion(skeleton: skeleton, frameTime: 1 / rate, poses: poses)
  }
}
