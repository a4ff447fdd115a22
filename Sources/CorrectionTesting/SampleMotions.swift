public import Dynamics
import Foundation
public import Kinematics

/// Small plausible motions of the canonical figure, for tests of correctors.
public enum SampleMotions {
  /// A figure that stands still with arms down and knees a little bent.
  ///
  /// - Parameters:
  ///   - seconds: From the first frame to the last.
  ///   - rate: Frames a second.
  public static func standing(seconds: Double = 1, rate: Double = 30) -> Motion {
    let pose = grounded(stance)
    return Motion(
      skeleton: .canonical, frameTime: 1 / rate, poses: Array(repeating: pose, count: Int(seconds * rate) + 1))
  }

  /// A plain walk forwards whose feet slide: legs swing as sines, the body goes on at one speed.
  ///
  /// - Parameters:
  ///   - seconds: From the first frame to the last.
  ///   - rate: Frames a second.
  ///   - speed: Of the body [m/s].
  public static func walk(seconds: Double = 1, rate: Double = 30, speed: Double = 1) -> Motion {
    let poses = (0...Int(seconds * rate)).map { i in
      let t = Double(i) / rate
      var pose = stance
      let phase = 2 * .pi * t / 1.1
      for (hip, knee, ankle, p) in [
        (CanonicalJoint.leftHip, CanonicalJoint.leftKnee, CanonicalJoint.leftAnkle, phase),
        (.rightHip, .rightKnee, .rightAnkle, phase + .pi),
      ] {
        let (swing, lift) = (0.35 * sin(p), 0.5 * max(0, cos(p)))
        turn(&pose, hip, -swing - 0.6 * lift, .unitX)
        turn(&pose, knee, lift, .unitX)
        turn(&pose, ankle, swing - 0.4 * lift, .unitX)
      }
      pose = grounded(pose)
      pose.rootPosition.z += speed * t
      return pose
    }
    return Motion(skeleton: .canonical, frameTime: 1 / rate, poses: poses)
  }

  private static let stance: Pose = {
    var pose = Pose(resting: .canonical)
    turn(&pose, .leftShoulder, -1.2, .unitZ)
    turn(&pose, .rightShoulder, 1.2, .unitZ)
    for (joint, angle) in [
      (CanonicalJoint.leftHip, -0.2), (.leftKnee, 0.4), (.leftAnkle, -0.2), (.rightHip, -0.2), (.rightKnee, 0.4),
      (.rightAnkle, -0.2),
    ] { turn(&pose, joint, angle, .unitX) }
    return pose
  }()

  /// The pose with its lowest point at height 0.
  private static func grounded(_ pose: Pose) -> Pose {
    var result = pose
    let frames = Skeleton.canonical.frames(of: pose)
    let lowest = body.map { $0.lowestPoint(in: $0.state(of: pose)) } ?? frames.positions.map(\.y).min() ?? 0
    result.rootPosition.y -= lowest
    return result
  }

  private static let body = try? BodyModel(
    skeleton: .canonical, joints: Dictionary(uniqueKeysWithValues: CanonicalJoint.allCases.map { ($0, $0.rawValue) }))

  private static func turn(_ pose: inout Pose, _ joint: CanonicalJoint, _ angle: Double, _ axis: SIMD3<Double>) {
    pose.rotations[joint.rawValue] = Quaternion(angle: angle, axis: axis) * pose.rotations[joint.rawValue]
  }
}
