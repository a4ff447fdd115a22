import CorrectionTesting
import Correctors
import Dynamics
import Foundation
import Kinematics
import Testing

@Suite struct PredictiveTests {
  let body: BodyModel

  init() throws { body = try Motions.body() }

  /// Short plans, for unoptimised builds, and everything simulated.
  private func corrector(knots: Int = 2, iterations: Int = 1) -> PredictiveCorrector {
    var settings = PredictiveSettings()
    settings.knots = knots
    settings.iterations = iterations
    settings.extendedKnots = 0
    settings.plausibleResidual = 0
    return PredictiveCorrector(body: CorrectorBody(shared: body), settings: settings)
  }

  @Test("Conforms") func conforms() async {
    let motions = [Motions.standing(body, seconds: 0.2)]
    let failures = await CorrectorConformance(corrector(), motions: motions).failures()
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }

  @Test("A stance is held by contacts alone") func aStanceIsHeldByContactsAlone() async throws {
    let correction = try await corrector().correct(Motions.standing(body), seed: 0)
    #expect(correction.verdict == .corrected)
    #expect(correction.report.mpjpe < 10)
    #expect(correction.report.appliedResidual.allSatisfy { $0 == 0 })
    #expect(correction.report.after.residualWrench < 0.05)
    #expect(correction.report.after.physErr < 0.5)
    let torques = try #require(correction.report.peakTorques)
    #expect(torques.count == 12)
    #expect(torques.values.allSatisfy { $0 > 0 && $0 < 500 })
  }

  @Test("A walk begins without a residual", arguments: [30.0, 240]) func aWalkBeginsWithoutAResidual(rate: Double)
    async throws
  {
    let motion = Motions.walk(body, seconds: 0.3, rate: rate)
    let correction = try await corrector().correct(motion, seed: 0)
    #expect(correction.verdict == .corrected)
    #expect(correction.report.appliedResidual.count == motion.count)
    #expect(correction.report.appliedResidual.allSatisfy { $0 == 0 })
    #expect(correction.report.after.skate < 0.6 * correction.report.before.skate)
    #expect(correction.motion.frameTime == motion.frameTime)
  }

  @Test("One frame and a far place are corrected") func oneFrameAndAFarPlaceAreCorrected() async throws {
    let far = Motions.changed(Motions.standing(body, seconds: 0.2)) { pose, _ in
      pose.rootPosition += SIMD3(1000, 0, -500)
    }
    for motion in [far, far.frames(0..<1)] {
      let correction = try await corrector().correct(motion, seed: 0)
      #expect(correction.verdict.isUsable)
      #expect(correction.motion.isFinite)
      #expect(correction.report.mpjpe < 10)
    }
  }

  /// Nothing is simulated: the balance decides.
  @Test("A seat that is not there is rejected") func aSeatThatIsNotThereIsRejected() async throws {
    let motion = Motions.changed(Motions.standing(body, seconds: 2.5)) { pose, t in
      let share = min(1, t / 0.8)
      for (joint, angle) in [(CanonicalJoint.leftHip, -1.3), (.rightHip, -1.3), (.leftKnee, 1.1), (.rightKnee, 1.1)] {
        Motions.turn(&pose, joint, angle * share, .unitX)
      }
      pose.rootPosition.y -= body.lowestPoint(in: body.state(of: pose))
    }
    let correction = try await PredictiveCorrector(body: CorrectorBody(shared: body)).correct(motion, seed: 0)
    guard case .rejected(let reason) = correction.verdict else {
      Issue.record("not rejected: \(correction.verdict)")
      return
    }
    #expect(reason.contains("rests on something other than the floor") && reason.contains("out of balance by"))
    #expect(correction.motion == motion)
    #expect(correction.report.seconds < 30)
  }

  @Test("A body that hangs in the air is rejected with the reason") func aBodyThatHangsInTheAirIsRejectedWithTheReason()
    async throws
  {
    let motion = Motions.changed(Motions.standing(body, seconds: 1.2)) { pose, t in
      pose.rootPosition.y += t > 0.3 ? min(1, 4 * (t - 0.3)) : 0
    }
    let correction = try await corrector().correct(motion, seed: 0)
    guard case .rejected(let reason) = correction.verdict else {
      Issue.record("not rejected: \(correction.verdict)")
      return
    }
    #expect(reason.contains("other than the floor"))
    #expect(correction.motion == motion)
  }
}
