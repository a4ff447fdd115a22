import Foundation
import Support
@testable import Kinematics
import Retargeting
import Testing
import TestSupport
import MotionFormats

@Suite struct MotionProcessingTests {
  /// One joint that swings `angle · sin(2π f t)`.
  private func swing(_ frequency: Double, rate: Double, seconds: Double = 4) -> Motion {
    let skeleton = Skeleton(joints: [
      Joint(name: "a", parent: nil, offset: .zero), Joint(name: "b", parent: 0, offset: .unitY),
    ])
    let poses = (0...Int(seconds * rate)).map { frame in
      let x = sin(2 * .pi * frequency * Double(frame) / rate)
      var rotation = Quaternion(angle: 0.5 * x, axis: .unitZ)
      // The sign of a quaternion means nothing: change it often.
      if frame % 3 == 1 { rotation = Quaternion(w: -rotation.w, imaginary: -rotation.imaginary) }
      return Pose(rootPosition: SIMD3(x, 0, 0), rotations: [.identity, rotation])
    }
    return Motion(skeleton: skeleton, frameTime: 1 / rate, poses: poses)
  }

  @Test("Slow swing stays and fast one does not alias") func slowSwingStaysAndFastOneDoesNotAlias() {
    let slow = swing(1, rate: 120).resampled(to: 20)
    #expect(slow.count == 81)
    for (frame, pose) in slow.poses.enumerated() where (5..<76).contains(frame) {
      let x = sin(2 * .pi * Double(frame) / 20)
      #expect(abs(pose.rootPosition.x - x) < 0.02)
      #expect(pose.rotations[1].angle(to: Quaternion(angle: 0.5 * x, axis: .unitZ)) < 0.01)
    }
    // 19 Hz at 20 frames a second would look like 1 Hz.
    let fast = swing(19, rate: 120).resampled(to: 20)
    for pose in fast.poses.dropFirst(5).dropLast(5) {
      #expect(abs(pose.rootPosition.x) < 0.05 && pose.rotations[1].angle < 0.03)
    }
  }

  @Test("Duration is kept", arguments: [20.0, 29.97, 30, 60, 240]) func durationIsKept(rate: Double) {
    let motion = swing(0.5, rate: 119.88)
    let result = motion.resampled(to: rate)
    #expect(abs(result.duration - motion.duration) <= 1 / rate)
    #expect(result.isFinite && abs(result.frameRate - rate) < 1e-9)
  }

  @Test("Twice mirrored is the same") func twiceMirroredIsTheSame() {
    let motion = MadeUpWalk.clip(seed: 1).motion
    let back = motion.mirrored().mirrored()
    #expect(back.skeleton == motion.skeleton)
    for (a, b) in zip(back.jointPositions, motion.jointPositions) {
      #expect(zip(a, b).allSatisfy { ($0 - $1).length < 1e-12 })
    }
  }

  @Test("Forward is forward") func forwardIsForward() {
    let motion = MadeUpWalk.clip(seed: 2).motion.placed(
      rotation: Quaternion(angle: 2, axis: .unitY), displacement: SIMD3(3, 0, -4))
    let result = motion.facingForward()
    #expect(result.poses[0].rootPosition.horizontal.length < 1e-9)
    #expect((result.poses[0].rotations[0].act(.unitZ) - .unitZ).length < 1e-9)
    #expect(result.poses[result.count - 1].rootPosition.z > 3)
  }

  @Test("Rest pose at the head is left out") func restPoseAtTheHeadIsLeftOut() {
    let motion = MadeUpWalk.clip(seed: 3).motion
    var padded = motion
    padded.poses.insert(Pose(resting: .canonical), at: 0)
    padded.poses.append(Pose(resting: .canonical))
    #expect(padded.withoutArtificialFrames() == motion)
    #expect(motion.withoutArtificialFrames() == motion)
  }

  @Test("Floor is found tilted one refused") func floorIsFoundTiltedOneRefused() throws {
    // Someone who stands on one foot, then the other, and steps on.
    func steps(_ slope: Double) -> Motion {
      let poses = (0..<200).map { frame -> Pose in
        let z = Double(frame / 40) * 0.8
        return Pose(resting: .canonical, rootPosition: SIMD3(0, 1.2 + slope * z, z))
      }
      return Motion(skeleton: .canonical, frameTime: 0.05, poses: poses)
    }
    let flat = steps(0)
    let floor = try Floor(under: FootContacts(canonical: flat))
    let level = flat.levelled(on: floor)
    let again = try Floor(under: FootContacts(canonical: level))
    #expect(abs(again.height) < 1e-9 && again.tilt < 1e-9)
    #expect(FootContacts(canonical: level).contacts()[20] == (left: true, right: true))
    #expect(throws: SurefootError.self) { try Floor(under: FootContacts(canonical: steps(0.1))) }
    var fall = flat
    for frame in fall.poses.indices { fall.poses[frame].rootPosition.y -= Double(frame) * 0.1 }
    #expect(throws: SurefootError.self) { try Floor(under: FootContacts(canonical: fall)) }
  }
}
