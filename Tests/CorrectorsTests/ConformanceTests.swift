import CorrectionTesting
import Correctors
import Dynamics
import Foundation
import Kinematics
import Support
import Testing

/// Every corrector of ours keeps its promises, and the kit that says so notices broken ones.
@Suite struct ConformanceTests {
  /// Slow correctors meet fewer odd motions here, and short ones.
  private static let slow: Set<String> = ["predictive"]

  @Test("Ours conform", arguments: CorrectorRegistry.names) func oursConform(name: String) async throws {
    let isSlow = Self.slow.contains(name)
    let odd = OddMotion.allCases.filter { !isSlow || ![.restPose, .played1, .finelySampled].contains($0) }
    let seconds = isSlow ? 0.3 : 0.6
    let kit = CorrectorConformance(
      try CorrectorRegistry.named(name),
      motions: [SampleMotions.walk(seconds: seconds), SampleMotions.standing(seconds: 0.3)],
      odd: odd, threads: 2)
    let failures = await kit.failures()
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }

  @Test("Odd motions are what they are called") func oddMotionsAreWhatTheyAreCalled() {
    let walk = SampleMotions.walk(seconds: 0.5)
    #expect(OddMotion.allCases.allSatisfy { $0.made(from: walk) != walk })
    #expect(!OddMotion.notANumber.made(from: walk).isFinite)
    #expect(!OddMotion.infinite.made(from: walk).isFinite)
    #expect(OddMotion.noFrames.made(from: walk).count == 0)
    #expect(abs(OddMotion.restPose.made(from: walk).duration - 10) < 0.1)
    #expect(abs(OddMotion.finelySampled.made(from: walk).frameRate - 500) < 1e-9)
    #expect(OddMotion.extraJoints.made(from: walk).skeleton.count == walk.skeleton.count + 2)
  }

  /// A corrector whose result and report are set by the test; by default it changes nothing and reports honestly.
  private struct Fake: Corrector {
    var name = "fake"
    var make: @Sendable (Motion) async throws -> Motion = { $0 }
    var falsify: @Sendable (inout Correction) -> Void = { _ in }

    func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
      guard motion.count > 0, motion.isFinite else { throw SurefootError(.correctionFailed, message: "no motion") }
      let body = try CorrectorBody().body(for: motion)
      let output = try await make(motion)
      let sameShape =
        output.skeleton == motion.skeleton && output.frameTime == motion.frameTime && output.count == motion.count
      var correction = Correction.measured(from: motion, to: sameShape ? output : motion, body: body)
      if !sameShape { (correction.motion, correction.verdict) = (output, .corrected) }
      falsify(&correction)
      return correction
    }
  }

  private func failures(_ fake: Fake, odd: [OddMotion] = []) async -> String {
    let walk = SampleMotions.walk(seconds: 0.2)
    return await CorrectorConformance(fake, motions: [walk], odd: odd, threads: 2).failures()
      .joined(separator: "\n")
  }

  @Test("An honest one has no failures") func anHonestOneHasNoFailures() async {
    #expect(await failures(Fake(), odd: [.noFrames, .oneFrame, .extraJoints]) == "")
    #expect(await failures(Fake(make: { Motions.changed($0) { pose, _ in pose.rootPosition.y += 0.01 } })) == "")
  }

  @Test("Broken shapes are noticed") func brokenShapesAreNoticed() async {
    #expect(await failures(Fake(make: { $0.frames(1..<$0.count) })).contains("7 frames became 6"))
    let faster = Fake(make: { Motion(skeleton: $0.skeleton, frameTime: $0.frameTime / 2, poses: $0.poses) })
    #expect(await failures(faster).contains("the frame time was not kept"))
    let renamed = Fake(make: { motion in
      var joints = motion.skeleton.joints
      joints[3].name = "Other"
      return Motion(skeleton: Skeleton(joints: joints), frameTime: motion.frameTime, poses: motion.poses)
    })
    #expect(await failures(renamed).contains("the name of joint Spine was not kept"))
    let stiff = Fake(make: { motion in
      Motions.changed(motion) { pose, _ in
        pose.rootPosition.y += 0.01
        for joint in pose.rotations.indices.dropFirst(22) { pose.rotations[joint] = .identity }
      }
    })
    #expect(await failures(stiff, odd: [.extraJoints]).contains("ExtraFinger"))
  }

  @Test("Chance is noticed") func chanceIsNoticed() async {
    let random = Fake(make: { motion in
      let height = Double.random(in: 0.01...0.02)
      return Motions.changed(motion) { pose, _ in pose.rootPosition.y += height }
    })
    let text = await failures(random)
    #expect(text.contains("another motion the second time") && text.contains("beside others on other threads"))
  }

  @Test(
    "False reports are noticed",
    arguments: [
      ("lies", "the report says MPJPE"), ("silent", "corrected, but nothing changed"),
      ("moved", "unchanged, but the motion is not the input"), ("infinite", "float after is inf"),
      ("residual", "1 applied residuals for 7 frames"), ("negative", "applied residual is negative"),
      ("contacts", "1 contacts for 7 frames"), ("joint", "a joint Tail that the skeleton does not have"),
      ("reason", "gives no reason"), ("figures", "the figures after are not those before"),
    ]) func falseReportsAreNoticed(kind: String, message: String) async
  {
    let fake = Fake(falsify: { correction in
      switch kind {
      case "lies": correction.report.mpjpe = 5
      case "silent": correction.verdict = .corrected
      case "moved": correction.motion.poses[0].rootPosition.x += 1
      case "infinite": correction.report.after.float = .infinity
      case "residual": correction.report.appliedResidual = [0.1]
      case "negative": correction.report.appliedResidual = Array(repeating: -1, count: 7)
      case "contacts": correction.report.contacts = [GroundContacts(left: true, right: true)]
      case "joint": correction.report.jointsAtLimit = ["Tail"]
      case "reason": correction.verdict = .rejected(reason: " ")
      default: correction.report.after.jerk += 1
      }
    })
    let text = await failures(fake)
    #expect(text.contains(message), "\(text)")
  }

  @Test("Other errors and hangs are noticed") func otherErrorsAndHangsAreNoticed() async {
    struct Odd: Error {}
    #expect(await failures(Fake(make: { _ in throw Odd() })).contains("no SurefootError"))
    let sleepy = Fake(make: { motion in
      try await Task.sleep(for: .seconds(3600))
      return motion
    })
    let kit = CorrectorConformance(
      sleepy, motions: [SampleMotions.walk(seconds: 0.1)], odd: [.oneFrame], timeLimit: 0.2)
    #expect(
      await kit.failures() == [
        "motion 0: a plausible motion did not come back: took longer than 0.2 s", "the rest was not checked",
      ])
    let refusing = Fake(make: { motion in
      guard motion.count > 2 else { throw SurefootError(.correctionFailed, message: "too short") }
      return motion
    })
    #expect(await failures(refusing, odd: [.oneFrame]).contains("refused, though it is sound"))
  }
}
