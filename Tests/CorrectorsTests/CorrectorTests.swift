import Correctors
import Dynamics
import Foundation
import Kinematics
import Support
import Testing

@Suite struct CorrectorTests {
  let body: BodyModel

  init() throws { body = try Motions.body() }

  /// The planning corrector is slow in unoptimised builds: it has a suite of its own.
  static let quick = CorrectorRegistry.names.filter { $0 != "predictive" }

  private func corrector(_ name: String) throws -> any Corrector {
    try CorrectorRegistry.named(name, body: CorrectorBody(shared: body))
  }

  @Test("An unknown name lists the known") func anUnknownNameListsTheKnown() {
    let error = #expect(throws: SurefootError.self) { try CorrectorRegistry.named("magic") }
    #expect(error?.description.contains("tracking") == true)
  }

  @Test("A clean stance is unchanged kinematically") func aCleanStanceIsUnchangedKinematically() async throws {
    let motion = Motions.standing(body)
    let correction = try await corrector("kinematic").correct(motion, seed: 0)
    #expect(correction.verdict == .unchanged)
    #expect(correction.motion == motion)
  }

  @Test("A clean stance stays in simulation") func aCleanStanceStaysInSimulation() async throws {
    var tracking = TrackingCorrector(body: CorrectorBody(shared: body))
    tracking.plausibleResidual = 0
    let correction = try await tracking.correct(Motions.standing(body), seed: 0)
    #expect(correction.verdict == .corrected)
    #expect(correction.report.mpjpe < 5)
    #expect(correction.report.appliedResidual.allSatisfy { $0 < 0.1 })
    #expect(correction.report.after.physErr < 0.5)
  }

  @Test("Sliding feet stand", arguments: CorrectorTests.quick, [20.0, 30, 60]) func slidingFeetStand(
    name: String, rate: Double
  ) async throws {
    let motion = Motions.walk(body, rate: rate)
    let correction = try await corrector(name).correct(motion, seed: 0)
    let (before, after) = (correction.report.before, correction.report.after)
    #expect(correction.verdict == .corrected)
    #expect(before.skate > 1)
    #expect(after.skate < 0.2 * before.skate)
    #expect(after.penetrate < 0.1)
    #expect(after.physErr < 0.4 * before.physErr)
  }

  /// The published loop played 20 frames a second at 30: half again too fast.
  @Test("A walk keeps its speed", arguments: [20.0, 30, 50, 120]) func aWalkKeepsItsSpeed(rate: Double) async throws {
    let motion = Motions.walk(body, seconds: 3, rate: rate, speed: 1.1)
    let correction = try await corrector("tracking").correct(motion, seed: 0)
    let shift = { (m: Motion) in (m.poses[m.count - 1].rootPosition - m.poses[0].rootPosition).z }
    #expect(abs(shift(correction.motion) / shift(motion) - 1) < 0.01)
    #expect(correction.motion.frameTime == motion.frameTime)
  }

  @Test("A wrong floor is levelled", arguments: CorrectorTests.quick, [-0.05, 0.05, 12.0]) func aWrongFloorIsLevelled(
    name: String, height: Double
  )
    async throws
  {
    let motion = Motions.changed(Motions.standing(body)) { pose, _ in pose.rootPosition.y += height }
    let correction = try await corrector(name).correct(motion, seed: 0)
    #expect(correction.verdict == .corrected)
    #expect(correction.report.after.physErr < 0.5)
    #expect(abs(correction.report.mpjpe - 1000 * abs(height)) < 10)
  }

  /// One body serves the clips of many people, whose soles differ: the body of a clip stays where it is.
  @Test("A slightly wrong floor moves no whole body", arguments: CorrectorTests.quick, [-0.02, -0.004, 0.004])
  func aSlightlyWrongFloorMovesNoWholeBody(
    name: String, height: Double
  ) async throws {
    let motion = Motions.changed(Motions.walk(body)) { pose, _ in pose.rootPosition.y += height }
    let correction = try await corrector(name).correct(motion, seed: 0)
    let moved = zip(motion.poses, correction.motion.poses).map { $1.rootPosition.y - $0.rootPosition.y }
    #expect(abs(moved.reduce(0, +) / Double(moved.count)) < 0.004)
    #expect(correction.report.after.penetrate < 0.1)
    #expect(correction.report.after.skate < 0.2 * correction.report.before.skate)
  }

  /// Feet within the 5 mm that count as contact keep their heights, and so the legs their bend.
  @Test("A stance near the floor keeps its knees") func aStanceNearTheFloorKeepsItsKnees() async throws {
    let motion = Motions.changed(Motions.standing(body)) { pose, time in
      pose.rootPosition.y += 0.004 * sin(2 * .pi * time)
    }
    let correction = try await corrector("kinematic").correct(motion, seed: 0)
    for (before, after) in zip(motion.poses, correction.motion.poses) {
      let knee = CanonicalJoint.leftKnee.rawValue
      #expect((before.rotations[knee].inverse * after.rotations[knee]).angle < 0.01)
    }
  }

  @Test("Noise is smoothed and its absence is not") func noiseIsSmoothedAndItsAbsenceIsNot() async throws {
    let clean = Motions.walk(body)
    let noisy = Motions.noisy(clean, 0.04)
    let correction = try await corrector("kinematic").correct(noisy, seed: 0)
    #expect(correction.report.after.jerk < 0.4 * correction.report.before.jerk)
    #expect(correction.report.notes.contains { $0.contains("smoothed") })
    let plain = try await corrector("kinematic").correct(clean, seed: 0)
    #expect(!plain.report.notes.contains { $0.contains("smoothed") })
  }

  @Test("A smaller bound applies less") func aSmallerBoundAppliesLess() async throws {
    // Hovering: nothing but the residual can hold it.
    let motion = Motions.changed(Motions.standing(body)) { pose, t in pose.rootPosition.y += t > 0.4 ? 0.3 : 0 }
    for bound in [0.0, 0.3] {
      let corrector = TrackingCorrector(body: CorrectorBody(shared: body), residualBound: bound)
      let correction = try await corrector.correct(motion, seed: 0)
      #expect(correction.report.appliedResidual.allSatisfy { $0 <= bound * 2.0.squareRoot() + 1e-9 })
    }
  }

  @Test("A teleport is rejected") func aTeleportIsRejected() async throws {
    var corrector = KinematicCorrector(body: CorrectorBody(shared: body))
    corrector.maxError = 0.02
    let sunk = Motions.changed(Motions.standing(body)) { pose, t in pose.rootPosition.y -= t > 0.8 ? 0.3 : 0 }
    let correction = try await corrector.correct(sunk, seed: 0)
    guard case .rejected(let reason) = correction.verdict else {
      Issue.record("not rejected: \(correction.verdict)")
      return
    }
    #expect(reason.contains("mm"))
    #expect(correction.motion == sunk)
  }

  @Test("Unmapped joints keep their motion above the floor") func unmappedJointsKeepTheirMotion() async throws {
    let motion = Motions.changed(Motions.walk(body)) { pose, t in
      Motions.turn(&pose, .leftCollar, 0.2 * sin(7 * t), .unitY)
      Motions.turn(&pose, .leftWrist, 0.5 * sin(9 * t), .unitZ)
      Motions.turn(&pose, .leftFoot, 0.3 * sin(5 * t), .unitX)
    }
    for name in CorrectorTests.quick {
      let correction = try await corrector(name).correct(motion, seed: 0)
      // The toes of a made walk reach into the floor, and are turned out of it.
      for joint in [CanonicalJoint.leftCollar, .leftWrist] {
        for (a, b) in zip(correction.motion.poses, motion.poses) {
          #expect(a.rotations[joint.rawValue].angle(to: b.rotations[joint.rawValue]) < 1e-6)
        }
      }
    }
  }

  @Test("A skeleton that is no biped is refused") func aSkeletonThatIsNoBipedIsRefused() async {
    let snake = Skeleton(joints: [Joint(name: "a", parent: nil, offset: .zero, channels: .root)])
    let motion = Motion(skeleton: snake, frameTime: 0.05, poses: [Pose(resting: snake)])
    for name in CorrectorTests.quick {
      await #expect(throws: SurefootError.self) {
        try await CorrectorRegistry.named(name).correct(motion, seed: 0)
      }
    }
  }

  @Test(
    "A measurement has the figures that a correction's report has of its input", arguments: ["kinematic", "predictive"])
  func measurement(name: String) async throws {
    let body = try Motions.body()
    var motion = Motions.walk(body, seconds: 0.5)
    // A rest pose at the head, as mocap programs write it, is no motion.
    motion.poses.insert(Pose(resting: body.skeleton, rootPosition: SIMD3(0, 2, 3)), at: 0)
    let correction = try await CorrectorRegistry.named(name).correct(motion, seed: 1)
    let measurement = try MotionMeasurement(of: motion)
    #expect(measurement.metrics == correction.report.before)
    #expect(measurement.metrics.physErr > 1 && measurement.notes.count == 1)
  }
}
