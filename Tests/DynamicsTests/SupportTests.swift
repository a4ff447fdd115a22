import Dynamics
import Foundation
import Kinematics
import Testing

/// Balance: what a floor alone can hold up.
@Suite struct SupportTests {
  let body: BodyModel

  init() throws { body = try Figures.canonical() }

  /// The figure held still, in a pose and at a height of its own.
  private func still(seconds: Double = 2, rate: Double = 60, _ change: (inout Pose) -> Void = { _ in }) -> Motion {
    var pose = Pose(resting: body.skeleton)
    change(&pose)
    pose.rootPosition.y -= body.lowestPoint(in: body.state(of: pose))
    return Motion(
      skeleton: body.skeleton, frameTime: 1 / rate, poses: Array(repeating: pose, count: Int(seconds * rate) + 1))
  }

  private func turn(_ pose: inout Pose, _ joint: CanonicalJoint, _ angle: Double) {
    pose.rotations[joint.rawValue] = Quaternion(angle: angle, axis: .unitX)
  }

  /// Thighs level, shins upright: on a chair.
  private func seated(_ pose: inout Pose) {
    for joint in [CanonicalJoint.leftHip, .rightHip] { turn(&pose, joint, -1.5) }
    for joint in [CanonicalJoint.leftKnee, .rightKnee] { turn(&pose, joint, 1.5) }
  }

  @Test func aStandingBodyIsInBalance() {
    let support = Support(still(), body: body)
    #expect(support.lean() == nil)
    #expect(support.distances.allSatisfy { $0 == 0 })
  }

  @Test func heightIsNoMatter() {
    var motion = still()
    for i in motion.poses.indices { motion.poses[i].rootPosition.y += 0.3 }
    #expect(Support(motion, body: body).lean() == nil)
  }

  @Test(arguments: [30.0, 120]) func aSeatIsMissed(rate: Double) throws {
    let support = Support(still(rate: rate) { seated(&$0) }, body: body)
    let lean = try #require(support.lean())
    #expect(lean.distance > 0.15)
    #expect((0.4...1.6).contains(lean.time))
  }

  @Test func thoseWhoSitOnTheFloorAreInBalance() {
    let motion = still { pose in
      for joint in [CanonicalJoint.leftHip, .rightHip] { turn(&pose, joint, -1.5) }
    }
    #expect(Support(motion, body: body).lean() == nil)
  }

  /// A lean as wide as tan(0.2): the centre of mass, about 0.9 m up, is 0.18 m before the ankles and the toes 0.15.
  @Test func aLeanGrowsWithItsAngle() throws {
    func lean(_ angle: Double) -> Double {
      Support(still { $0.rotations[0] = Quaternion(angle: angle, axis: .unitX) }, body: body).lean()?.distance ?? 0
    }
    #expect(lean(0.02) == 0)
    #expect(lean(0.5) > 0.2)
    #expect(lean(0.7) > lean(0.5) + 0.05)
  }

  @Test func whatIsBriefOrFastIsNoLean() {
    #expect(Support(still(seconds: 0.5) { seated(&$0) }, body: body).lean() == nil)
    var moving = still { seated(&$0) }
    for i in moving.poses.indices { moving.poses[i].rootPosition.z += Double(i) / 60 }
    #expect(Support(moving, body: body).lean() == nil)
  }

  /// Long motions are measured in stretches: nothing may show where they meet.
  @Test func stretchesMeetWithoutASeam() {
    var motion = still(seconds: 22)
    for i in motion.poses.indices {
      let t = Double(i) / 60
      turn(&motion.poses[i], .spine1, 0.2 * sin(t * 3))
      motion.poses[i].rootPosition.x += 0.02 * sin(t * 2)
    }
    #expect(motion.count > 1024)
    let whole = InverseDynamics(motion, body: body)
    let metrics = PlausibilityMetrics.measure(motion, body: body)
    #expect(metrics.residualWrench == whole.mean)
    #expect(metrics.residualWrench95 == whole.percentile95)
    let support = Support(motion, body: body)
    for seam in [512, 1024] {
      let around = Motion(
        skeleton: motion.skeleton, frameTime: motion.frameTime, poses: Array(motion.poses[seam - 60..<seam + 60]))
      let part = Support(around, body: body)
      #expect(part.distances[50..<70] == support.distances[seam - 10..<seam + 10])
    }
  }
}
