@testable import Correctors
import Dynamics
import Foundation
import Kinematics
import Testing

/// What is taken out of a motion before a planned simulation follows it.
@Suite struct CleanupTests {
  let body: BodyModel

  init() throws { body = try Motions.body() }

  private func farthest(_ a: Motion, _ b: Motion) -> Double {
    zip(a.poses, b.poses).map { x, y in
      let (p, q) = (body.state(of: x), body.state(of: y))
      return zip(p.positions, q.positions).map { ($0 - $1).length }.max() ?? 0
    }.max() ?? 0
  }

  // MARK: Drift

  @Test("A root that drifts under standing feet is brought back", arguments: [30.0, 60, 120])
  func aRootThatDriftsUnderStandingFeetIsBroughtBack(rate: Double) {
    let still = Motions.standing(body, seconds: 3, rate: rate)
    let drifting = Motions.changed(still) { pose, t in
      pose.rootPosition += SIMD3(0.08 * sin(2 * .pi * t / 1.3) + 0.05 * t, 0, 0.08 * sin(2 * .pi * t / 1.7 + 1))
    }
    let (steady, moved) = RootDrift.apply(PosedMotion(drifting), body: body)
    #expect(moved > 0.1)
    let places = steady.poses.map(\.rootPosition)
    let steps = zip(places, places.dropFirst()).map { ($1 - $0).length }
    // It moved by up to half a metre a second.
    #expect((steps.max() ?? 1) * rate < 0.12)
    #expect(steps.reduce(0, +) / 3 < 0.03)
  }

  @Test("A path over standing feet stays as it is") func aPathOverStandingFeetStaysAsItIs() {
    let still = Motions.standing(body, seconds: 2)
    let (same, moved) = RootDrift.apply(PosedMotion(still), body: body)
    #expect(moved == 0)
    #expect(same.motion == still)
    // In the air nothing says where the floor should be.
    let flying = Motions.changed(still) { pose, t in pose.rootPosition += SIMD3(0.5 * t, 0.4, 0) }
    #expect(RootDrift.apply(PosedMotion(flying), body: body).0.motion == flying)
  }

  // MARK: Pops

  @Test("A pop of three frames is bridged", arguments: [30.0, 60, 120]) func aPopOfThreeFramesIsBridged(rate: Double) {
    let still = Motions.standing(body, seconds: 2, rate: rate)
    var popped = still
    let middle = still.count / 2
    for i in middle..<middle + 3 { popped.poses[i].rootPosition += SIMD3(0.3, 0.1, -0.3) }
    let (bridged, count) = PoseLeaps.apply(PosedMotion(popped), body: body)
    #expect(count == 1)
    #expect(farthest(popped, still) > 0.3)
    #expect(farthest(bridged.motion, still) < 1e-9)
  }

  @Test("A leap by itself stays") func aLeapByItselfStays() {
    let still = Motions.standing(body, seconds: 2, rate: 60)
    var cut = still
    for i in still.count / 2..<still.count { cut.poses[i].rootPosition += SIMD3(0.3, 0.1, -0.3) }
    #expect(PoseLeaps(PosedMotion(cut), body: body).leaps == [still.count / 2 - 1])
    let (same, count) = PoseLeaps.apply(PosedMotion(cut), body: body)
    #expect(count == 0)
    #expect(same.motion == cut)
  }

  @Test("A fast arm is no leap") func aFastArmIsNoLeap() {
    // Half a turn of the arm in 0.2 s: the hand moves at 14 m/s, as fast as a punch.
    let swing = Motions.changed(Motions.standing(body, seconds: 1, rate: 30)) { pose, t in
      let angle = .pi * min(max((t - 0.4) / 0.2, 0), 1)
      Motions.turn(&pose, .leftShoulder, (1 - cos(angle)) * 1.5, .unitX)
    }
    #expect(PoseLeaps(PosedMotion(swing), body: body).leaps.isEmpty)
  }

  // MARK: Noise

  /// Half a degree more or less a frame is metres a second in a hand's speed at 120 frames a second.
  @Test("Measuring noise does not move a fast clip") func measuringNoiseDoesNotMoveAFastClip() throws {
    let noisy = Motions.noisy(Motions.standing(body, seconds: 1, rate: 120), 0.008)
    #expect(MotionSmoothing.noise(of: noisy, body: body) < MotionSmoothing.tolerated)
    func fastest(_ motion: Motion) -> Double {
      zip(motion.poses, motion.poses.dropFirst()).map { a, b in
        let (p, q) = (body.state(of: a), body.state(of: b))
        return zip(p.positions, q.positions).map { ($1 - $0).length }.max() ?? 0
      }.max().map { $0 * 120 } ?? 0
    }
    let cleaned = try KinematicCleanup.clean(PosedMotion(noisy), body: body, forPlanning: true).motion.motion
    #expect(fastest(noisy) > 1)
    #expect(fastest(cleaned) < 0.3 * fastest(noisy))
  }

  /// What people do is slower than what is smoothed: a hand that waves twice a second goes as far as before.
  @Test("Movement keeps its reach") func movementKeepsItsReach() {
    let waving = Motions.changed(Motions.standing(body, seconds: 2, rate: 60)) { pose, t in
      Motions.turn(&pose, .leftElbow, 0.5 * sin(2 * .pi * 2 * t), .unitX)
    }
    let smooth = MotionSmoothing.smoothed(
      PosedMotion(waving), width: MotionSmoothing.fine, joints: body.bipedJoints
    ).motion
    func turns(_ motion: Motion) -> Double {
      let elbow = CanonicalJoint.leftElbow.rawValue
      return motion.poses.map { $0.rotations[elbow].angle(to: motion.poses[0].rotations[elbow]) }.max() ?? 0
    }
    #expect(abs(turns(smooth) / turns(waving) - 1) < 0.02)
  }
}
