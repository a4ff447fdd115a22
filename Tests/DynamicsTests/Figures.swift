import Dynamics
import Foundation
import Kinematics
import Randomness

/// Hand-made bodies and motions with known answers.
enum Figures {
  static let joints = Dictionary(uniqueKeysWithValues: CanonicalJoint.allCases.map { ($0, $0.rawValue) })

  static func canonical(calibratedOn motions: [Motion] = []) throws -> BodyModel {
    try BodyModel(skeleton: .canonical, joints: joints, calibratedOn: motions)
  }

  /// The rest pose with its soles `height` above the floor.
  static func standing(_ body: BodyModel, height: Double = 0) -> Pose {
    let pose = Pose(resting: body.skeleton)
    var result = pose
    result.rootPosition.y = height - body.lowestPoint(in: body.state(of: pose))
    return result
  }

  /// `count` frames of the standing pose, each changed by `change`.
  static func motion(
    _ body: BodyModel, count: Int = 40, rate: Double = 30, height: Double = 0,
    _ change: (inout Pose, Double) -> Void = { _, _ in }
  ) -> Motion {
    let poses = (0..<count).map { index in
      var pose = standing(body, height: height)
      change(&pose, Double(index) / rate)
      return pose
    }
    return Motion(skeleton: body.skeleton, frameTime: 1 / rate, poses: poses)
  }

  /// A pose with every joint rotated at random.
  static func random(_ skeleton: Skeleton, seed: UInt64) -> Pose {
    var random = SeededGenerator(seed: seed)
    var pose = Pose(resting: skeleton, rootPosition: SIMD3(random.normal(), random.normal(), random.normal()))
    for joint in pose.rotations.indices {
      pose.rotations[joint] = Quaternion(
        rotationVector: SIMD3(random.normal(), random.normal(), random.normal()) * 0.5)
    }
    return pose
  }
}
