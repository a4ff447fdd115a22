import Dynamics
import Foundation
import Kinematics
import Testing

@Suite struct PlausibilityMetricsTests {
  let body: BodyModel

  init() throws { body = try Figures.canonical() }

  private func measure(_ motion: Motion) -> PlausibilityMetrics { .measure(motion, body: body) }

  @Test("Standing is plausible") func standingIsPlausible() {
    let metrics = measure(Figures.motion(body))
    #expect(metrics.physErr < 1e-6)
    #expect(metrics.skatingRatio == 0)
    #expect(metrics.residualWrench < 0.01)
    #expect(metrics.selfPenetration == 0)
    #expect(metrics.jointLimitExcess == 0)
    #expect(metrics.jerk < 1e-6)
  }

  @Test("A sunk body penetrates") func aSunkBodyPenetrates() {
    let metrics = measure(Figures.motion(body, height: -0.03))
    #expect(abs(metrics.penetrate - 25) < 1e-6)
    #expect(metrics.float == 0)
  }

  @Test("A hovering body floats and needs its weight as residual") func aHoveringBodyFloatsAtItsWeight() {
    let metrics = measure(Figures.motion(body, height: 0.05))
    #expect(abs(metrics.float - 45) < 1e-6)
    #expect(metrics.penetrate == 0 && metrics.skate == 0)
    #expect(abs(metrics.residualWrench - 1) < 1e-6)
  }

  @Test("A sliding body skates", arguments: [20.0, 30, 120]) func aSlidingBodySkates(rate: Double) {
    let metrics = measure(Figures.motion(body, rate: rate) { $0.rootPosition.z += 0.8 * $1 })
    #expect(abs(metrics.skate - 800 / rate) < 1e-6)
    #expect(abs(metrics.skateSpeed - 0.8) < 1e-6)
    #expect(metrics.skatingRatio == 1)
  }

  @Test("Slow sliding makes no skating frames") func slowSlidingIsNoSkatingFrame() {
    let metrics = measure(Figures.motion(body) { $0.rootPosition.z += 0.3 * $1 })
    #expect(metrics.skatingRatio == 0)
    #expect(abs(metrics.skateSpeed - 0.3) < 1e-6)
  }

  @Test("Free fall needs no force") func freeFallNeedsNoForce() {
    let motion = Figures.motion(body, height: 0.2) { pose, t in
      pose.rootPosition.y += 3 * t - 0.5 * BodyModel.gravity * t * t + 2
      pose.rootPosition.x += t
    }
    #expect(measure(motion).residualWrench < 1e-3)
  }

  @Test("A push needs friction") func aForcedPushNeedsFriction() {
    // Standing feet on a body pushed sideways at 2 m/s^2: inside the cone; at 20 m/s^2: outside it.
    let gentle = measure(Figures.motion(body) { $0.rootPosition.x += 0.5 * 2 * ($1 - 0.6) * ($1 - 0.6) })
    let hard = measure(Figures.motion(body) { $0.rootPosition.x += 0.5 * 20 * ($1 - 0.6) * ($1 - 0.6) })
    #expect(gentle.residualWrench < 0.25)
    #expect(hard.residualWrench > 0.6)
  }

  @Test("Crossed legs penetrate each other") func crossedLegsPenetrateEachOther() {
    let crossed = measure(
      Figures.motion(body) { pose, _ in
        pose.rotations[CanonicalJoint.leftHip.rawValue] = Quaternion(angle: -0.25, axis: .unitZ)
        pose.rotations[CanonicalJoint.rightHip.rawValue] = Quaternion(angle: 0.25, axis: .unitZ)
      })
    #expect(crossed.selfPenetration > 20)
  }

  @Test("A knee bent forward exceeds its limit") func aKneeBentForwardExceedsItsLimit() {
    let bent = measure(
      Figures.motion(body) { pose, _ in
        pose.rotations[CanonicalJoint.leftKnee.rawValue] = Quaternion(angle: -40 * .pi / 180, axis: .unitX)
      })
    #expect(abs(bent.jointLimitExcess - 25) < 1e-6)
    let sitting = measure(
      Figures.motion(body) { pose, _ in
        pose.rotations[CanonicalJoint.leftHip.rawValue] = Quaternion(angle: -1.5, axis: .unitX)
        pose.rotations[CanonicalJoint.leftKnee.rawValue] = Quaternion(angle: 1.5, axis: .unitX)
      })
    #expect(sitting.jointLimitExcess == 0)
  }

  @Test("The jerk of a cubic is its third derivative") func jerkOfACubic() {
    let motion = Figures.motion(body) { $0.rootPosition.x += 4 * $1 * $1 * $1 }
    #expect(abs(measure(motion).jerk - 24) < 1e-6)
  }

  @Test("A toe in the floor is seen by the skeleton's penetration alone") func aToeInTheFloorIsSeen() {
    // The feet stand, the tips of the toes point down for 10 of 40 frames: the body's sole does not turn with them.
    let tip = Figures.motion(body, count: 40) { pose, time in
      guard time * 30 < 9.5 else { return }
      pose.rotations[CanonicalJoint.leftFoot.rawValue] = Quaternion(angle: 1, axis: .unitX)
    }
    let metrics = measure(tip)
    #expect(metrics.penetrate == 0)
    #expect(metrics.skeletonPenetration?.share == 0.25)
    #expect((metrics.skeletonPenetration?.deepest ?? 0) > 10)
    #expect(SkeletonPenetration(of: tip) == metrics.skeletonPenetration)
  }

  @Test("Figures that an earlier version recorded are read") func figuresOfAnEarlierVersionAreRead() throws {
    var old = measure(Figures.motion(body))
    old.skeletonPenetration = nil
    let text = try JSONEncoder().encode(old)
    #expect(!String(decoding: text, as: UTF8.self).contains("skeletonPenetration"))
    #expect(try JSONDecoder().decode(PlausibilityMetrics.self, from: text) == old)
  }

  @Test("Short motions have figures", arguments: [0, 1, 2, 3]) func shortMotionsHaveFigures(count: Int) {
    let metrics = measure(Figures.motion(body, count: count))
    #expect(metrics.physErr < 1e-6 && metrics.residualWrench.isFinite && metrics.jerk == 0)
  }

  @Test("A motion with a NaN is unmeasurable") func aNaNIsUnmeasurable() {
    var motion = Figures.motion(body)
    motion.poses[3].rootPosition.y = .nan
    #expect(measure(motion) == .unmeasurable)
  }

  @Test("The difference of two motions is that of their joints") func differencesOfTwoMotions() {
    let a = Figures.motion(body)
    let b = Figures.motion(body) { pose, _ in pose.rootPosition.x += 0.01 }
    let difference = MotionDifference(a, b)
    #expect(abs(difference.mpjpe - 10) < 1e-9)
    #expect(difference.rootRelativeMPJPE < 1e-9)
    #expect(difference.accelerationError < 1e-9)
    let c = Figures.motion(body, rate: 30) { $0.rootPosition.x += 0.45 * $1 * $1 }
    #expect(abs(MotionDifference(a, c).accelerationError - 1) < 1e-9)
  }
}
