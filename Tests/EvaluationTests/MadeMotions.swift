import Foundation
import Kinematics
import Randomness

/// Motions made for tests: a canonical body that goes forwards and swings its limbs, the more the larger the seed's luck.
enum Made {
  static func motion(seed: UInt64, frames: Int = 40, frameTime: Double = 1 / 20, speed: Double? = nil) -> Motion {
    var random = SeededGenerator(seed: seed)
    let skeleton = Skeleton.canonical
    let pace = speed ?? random.uniform() * 2
    let swings = (0..<skeleton.count).map { _ in
      (
        axis: SIMD3(random.normal(), random.normal(), random.normal()).normalized, size: random.uniform() * 0.9,
        phase: random.uniform() * 6
      )
    }
    let poses = (0..<frames).map { frame in
      let time = Double(frame) * frameTime
      var pose = Pose(resting: skeleton, rootPosition: SIMD3(0, 0.95 + 0.02 * sin(9 * time), pace * time))
      for (joint, swing) in swings.enumerated() where joint > 0 {
        pose.rotations[joint] = Quaternion(angle: swing.size * sin(6 * time + swing.phase), axis: swing.axis)
      }
      return pose
    }
    return Motion(skeleton: skeleton, frameTime: frameTime, poses: poses)
  }

  static func gaussian(seed: UInt64, count: Int, dimension: Int, mean: Double = 0, scale: Double = 1) -> [[Double]] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in (0..<dimension).map { _ in mean + scale * random.normal() } }
  }
}
