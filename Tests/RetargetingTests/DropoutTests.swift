@testable import Kinematics
import MotionFormats
@testable import Retargeting
import Testing
import TestSupport

@Suite struct DropoutTests {
  @Test("Lost limb is found") func lostLimbIsFound() throws {
    let motion = MadeUpWalk.clip(seed: 4).motion
    let map = try BipedMap.infer(from: motion.skeleton)
    var lost = motion
    for frame in 0..<9 {
      lost.poses[frame].rotations[CanonicalJoint.leftShoulder.rawValue] = .identity
    }
    #expect(lost.withoutDropouts(at: map).count == motion.count - 9)
    lost.poses[100].rotations[CanonicalJoint.leftShoulder.rawValue] = .identity
    #expect(lost.withoutDropouts(at: map).dropout(of: map)?.frame == 91)
    #expect(motion.jump(fasterThan: 30) == nil)
    var jumping = motion
    jumping.poses[50].rootPosition.x += 2
    #expect(jumping.jump(fasterThan: 30)?.frame == 49)
  }
}
