@testable import Evaluation
import Foundation
import Kinematics
import Support
import Testing

@Suite struct FeatureTests {
  /// A body that glides forwards at 1.5 m/s without moving a limb.
  private func glide(frameTime: Double) -> Motion {
    let poses = (0..<30).map {
      Pose(resting: .canonical, rootPosition: SIMD3(0, 0.9, 1.5 * Double($0) * frameTime))
    }
    return Motion(skeleton: .canonical, frameTime: frameTime, poses: poses)
  }

  @Test("Kinetic features of a glide are its speed at any rate", arguments: [1.0 / 20, 1.0 / 60, 1.0 / 120])
  func kineticFeaturesOfAGlideAreItsSpeedAtAnyRate(frameTime: Double) throws {
    let features = try KineticFeatures().features(of: [glide(frameTime: frameTime)])
    #expect(features.dimension == 66)
    for joint in 0..<22 {
      #expect(abs(features.values[3 * joint] - 2.25) < 1e-9)
      #expect(abs(features.values[3 * joint + 1]) < 1e-12)
      #expect(abs(features.values[3 * joint + 2]) < 1e-6)
    }
  }

  @Test("Kinetic acceleration does not depend on the origin") func kineticAccelerationDoesNotDependOnTheOrigin() throws
  {
    let motion = Made.motion(seed: 4)
    var moved = motion
    for frame in moved.poses.indices { moved.poses[frame].rootPosition += SIMD3(100, 0, -50) }
    let features = try KineticFeatures().features(of: [motion, moved])
    for (a, b) in zip(features[0], features[1]) { #expect(abs(a - b) < 1e-6) }
  }

  @Test("Geometric relations of AT pose") func geometricRelationsOfATPose() throws {
    let features = try GeometricFeatures().features(of: [glide(frameTime: 1 / 20)])
    #expect(features.dimension == 32)
    let held = Array(features[0])
    #expect(held[8] == 1, "hands 2.5 shoulder widths apart")
    #expect(held[9...11].allSatisfy { $0 == 0 }, "hands do not move against one another or the pelvis")
    #expect(held[12] == 1 && held[13] == 1, "1.5 m/s is faster than 2.5 upper arms a second")
    #expect(held[28] == 0, "upright")
    #expect(held[31] == 1, "1.5 m/s is faster than 2.3 upper arms a second")
  }

  @Test("Mirroring exchanges left and right", arguments: [UInt64(1), 2, 3, 4]) func mirroringExchangesLeftAndRight(
    seed: UInt64
  ) throws {
    let motion = Made.motion(seed: seed, speed: 0.7)
    var mirrored = motion
    for frame in motion.poses.indices {
      mirrored.poses[frame].rootPosition.x *= -1
      for joint in CanonicalJoint.allCases {
        var turn = motion.poses[frame].rotations[joint.mirrored.rawValue]
        turn.imaginary *= SIMD3(1, -1, -1)
        mirrored.poses[frame].rotations[joint.rawValue] = turn
      }
    }
    let features = try GeometricFeatures().features(of: [motion, mirrored])
    let pairs = [
      (0, 1), (2, 3), (4, 5), (6, 7), (10, 11), (12, 13), (14, 15), (16, 17), (19, 20), (21, 22), (23, 24), (25, 26),
      (29, 30),
    ]
    var expected = Array(features[0])
    for (left, right) in pairs { expected.swapAt(left, right) }
    for (a, b) in zip(features[1], expected) { #expect(abs(a - b) < 1e-12) }
  }

  @Test("Another skeleton is refused") func anotherSkeletonIsRefused() {
    let stick = Skeleton(joints: [Joint(name: "a", parent: nil, offset: .zero)])
    let motion = Motion(skeleton: stick, frameTime: 1, poses: Array(repeating: Pose(resting: stick), count: 5))
    #expect(throws: SurefootError.self) { try KineticFeatures().features(of: [motion]) }
    #expect(throws: SurefootError.self) { try KineticFeatures().features(of: [Made.motion(seed: 1, frames: 2)]) }
  }

  @Test("Non finite motion is refused") func nonFiniteMotionIsRefused() {
    var motion = Made.motion(seed: 1)
    motion.poses[7].rootPosition.x = .nan
    #expect(throws: SurefootError.notFinite("a motion")) { try GeometricFeatures().features(of: [motion]) }
  }
}
