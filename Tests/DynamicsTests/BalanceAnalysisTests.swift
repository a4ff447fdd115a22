import Dynamics
import Foundation
import Kinematics
import Testing

/// Whether the floor alone can hold a body up.
@Suite struct BalanceAnalysisTests {
  let body: BodyModel

  init() throws { body = try Figures.canonical() }

  /// A motion that holds a pose still, with its lowest point on the floor.
  private func still(seconds: Double = 2, rate: Double = 60, _ change: (inout Pose) -> Void = { _ in }) -> Motion {
    var pose = Pose(resting: body.skeleton)
    change(&pose)
    pose.rootPosition.y -= body.lowestPoint(in: body.state(of: pose))
    return Motion(
      skeleton: body.skeleton, frameTime: 1 / rate, poses: Array(repeating: pose, count: Int(seconds * rate) + 1))
  }

  private func rotate(_ pose: inout Pose, _ joint: CanonicalJoint, _ angle: Double) {
    pose.rotations[joint.rawValue] = Quaternion(angle: angle, axis: .unitX)
  }

  /// Thighs level, shins upright: on a chair.
  private func seated(_ pose: inout Pose) {
    for joint in [CanonicalJoint.leftHip, .rightHip] { rotate(&pose, joint, -1.5) }
    for joint in [CanonicalJoint.leftKnee, .rightKnee] { rotate(&pose, joint, 1.5) }
  }

  @Test("A standing body is in balance") func aStandingBodyIsInBalance() {
    let balance = BalanceAnalysis(still(), body: body)
    #expect(balance.largestDeficit() == nil)
    #expect(balance.distances.allSatisfy { $0 == 0 })
  }

  @Test("Balance does not depend on height") func balanceIgnoresHeight() {
    var motion = still()
    for i in motion.poses.indices { motion.poses[i].rootPosition.y += 0.3 }
    #expect(BalanceAnalysis(motion, body: body).largestDeficit() == nil)
  }

  @Test("A body on a missing seat is out of balance", arguments: [30.0, 120]) func aMissingSeatIsFound(rate: Double)
    throws
  {
    let balance = BalanceAnalysis(still(rate: rate) { seated(&$0) }, body: body)
    let deficit = try #require(balance.largestDeficit())
    #expect(deficit.distance > 0.15)
    #expect((0.4...1.6).contains(deficit.time))
  }

  @Test("A body that sits on the floor is in balance") func sittingOnTheFloorIsInBalance() {
    let motion = still { pose in
      for joint in [CanonicalJoint.leftHip, .rightHip] { rotate(&pose, joint, -1.5) }
    }
    #expect(BalanceAnalysis(motion, body: body).largestDeficit() == nil)
  }

  /// A lean as wide as tan(0.2): the centre of mass, about 0.9 m up, is 0.18 m before the ankles and the toes 0.15.
  @Test("The deficit grows with the angle of a lean") func aLeanGrowsWithItsAngle() throws {
    func lean(_ angle: Double) -> Double {
      BalanceAnalysis(still { $0.rotations[0] = Quaternion(angle: angle, axis: .unitX) }, body: body).largestDeficit()?
        .distance ?? 0
    }
    #expect(lean(0.02) == 0)
    #expect(lean(0.5) > 0.2)
    #expect(lean(0.7) > lean(0.5) + 0.05)
  }

  @Test("Brief or fast imbalance is no deficit") func briefOrFastImbalanceIsNoDeficit() {
    #expect(BalanceAnalysis(still(seconds: 0.5) { seated(&$0) }, body: body).largestDeficit() == nil)
    var moving = still { seated(&$0) }
    for i in moving.poses.indices { moving.poses[i].rootPosition.z += Double(i) / 60 }
    #expect(BalanceAnalysis(moving, body: body).largestDeficit() == nil)
  }

  /// Long motions are measured in chunks: the figures do not depend on where they meet.
  @Test("Chunks of a long motion meet without a seam") func chunksMeetWithoutASeam() {
    var motion = still(seconds: 22)
    for i in motion.poses.indices {
      let t = Double(i) / 60
      rotate(&motion.poses[i], .spine1, 0.2 * sin(t * 3))
      motion.poses[i].rootPosition.x += 0.02 * sin(t * 2)
    }
    #expect(motion.count > 1024)
    let whole = InverseDynamics(motion, body: body)
    let metrics = PlausibilityMetrics.measure(motion, body: body)
    #expect(metrics.residualWrench == whole.mean)
    #expect(metrics.residualWrench95 == whole.percentile95)
    let balance = BalanceAnalysis(motion, body: body)
    for seam in [512, 1024] {
      let around = Motion(
        skeleton: motion.skeleton, frameTime: motion.frameTime, poses: Array(motion.poses[seam - 60..<seam + 60]))
      let part = BalanceAnalysis(around, body: body)
      #expect(part.distances[50..<70] == balance.distances[seam - 10..<seam + 10])
    }
  }
}
