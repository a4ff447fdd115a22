import Correctors
import Dynamics
import Foundation
import Kinematics
import Randomness

/// Hand-made motions of the canonical body.
enum Motions {
  static let joints = Dictionary(uniqueKeysWithValues: CanonicalJoint.allCases.map { ($0, $0.rawValue) })

  static func body() throws -> BodyModel { try BodyModel(skeleton: .canonical, joints: joints) }

  /// The rest pose with arms down and knees a little bent, soles at height 0.
  static func stance(_ body: BodyModel) -> Pose {
    var pose = Pose(resting: body.skeleton)
    turn(&pose, .leftShoulder, -1.2, .unitZ)
    turn(&pose, .rightShoulder, 1.2, .unitZ)
    for side in [
      (CanonicalJoint.leftHip, CanonicalJoint.leftKnee, CanonicalJoint.leftAnkle),
      (.rightHip, .rightKnee, .rightAnkle),
    ] {
      turn(&pose, side.0, -0.2, .unitX)
      turn(&pose, side.1, 0.4, .unitX)
      turn(&pose, side.2, -0.2, .unitX)
    }
    pose.rootPosition.y = -body.lowestPoint(in: body.state(of: pose))
    return pose
  }

  static func turn(_ pose: inout Pose, _ joint: CanonicalJoint, _ angle: Double, _ axis: SIMD3<Double>) {
    pose.rotations[joint.rawValue] = Quaternion(angle: angle, axis: axis) * pose.rotations[joint.rawValue]
  }

  static func standing(_ body: BodyModel, seconds: Double = 1, rate: Double = 30) -> Motion {
    Motion(
      skeleton: body.skeleton, frameTime: 1 / rate,
      poses: Array(repeating: stance(body), count: Int(seconds * rate) + 1))
  }

  /// A plain walk: legs swing as sines, the body goes at `speed`, feet are where that leaves them (they slide).
  static func walk(_ body: BodyModel, seconds: Double = 2, rate: Double = 30, speed: Double = 1) -> Motion {
    let base = stance(body)
    let poses = (0...Int(seconds * rate)).map { i in
      let t = Double(i) / rate
      var pose = base
      let phase = 2 * .pi * t / 1.1
      for (hip, knee, ankle, p) in [
        (CanonicalJoint.leftHip, CanonicalJoint.leftKnee, CanonicalJoint.leftAnkle, phase),
        (.rightHip, .rightKnee, .rightAnkle, phase + .pi),
      ] {
        let swing = 0.35 * sin(p)
        let lift = 0.5 * max(0, cos(p))
        turn(&pose, hip, -swing - lift * 0.6, .unitX)
        turn(&pose, knee, lift, .unitX)
        turn(&pose, ankle, swing - lift * 0.4, .unitX)
      }
      pose.rootPosition.y += -body.lowestPoint(in: body.state(of: pose))
      pose.rootPosition.z += speed * t
      return pose
    }
    return Motion(skeleton: body.skeleton, frameTime: 1 / rate, poses: poses)
  }

  static func changed(_ motion: Motion, _ change: (inout Pose, Double) -> Void) -> Motion {
    var result = motion
    for i in result.poses.indices { change(&result.poses[i], Double(i) * motion.frameTime) }
    return result
  }

  static func noisy(_ motion: Motion, _ amount: Double, seed: UInt64 = 1) -> Motion {
    var random = SeededGenerator(seed: seed)
    return changed(motion) { pose, _ in
      for joint in pose.rotations.indices {
        let noise = SIMD3(random.normal(), random.normal(), random.normal()) * amount
        pose.rotations[joint] = pose.rotations[joint] * Quaternion(rotationVector: noise)
      }
    }
  }
}
