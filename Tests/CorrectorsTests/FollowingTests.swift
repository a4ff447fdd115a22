@testable import Correctors
import Dynamics
import Foundation
import Kinematics
import Testing

/// A result that is another motion is rejected, by time and reason; others are tried.
@Suite struct FollowingTests {
  let body: BodyModel

  init() throws { body = try Motions.body() }

  private func following(_ change: (inout Pose, Double) -> Void) -> Following {
    let motion = Motions.standing(body, seconds: 4, rate: 30)
    return Following(PosedMotion(motion), PosedMotion(Motions.changed(motion, change)), raised: 0)
  }

  @Test("A motion follows itself") func aMotionFollowsItself() {
    let same = following { _, _ in }
    #expect(same.departure(FollowingLimits(), scale: 1) == nil)
    #expect(same.looseStretches(FollowingLimits(), scale: 1).isEmpty)
  }

  @Test("A body that crouches for half a second is another motion") func aBodyThatCrouchesIsAnotherMotion() {
    let crouch = following { pose, t in if (1.5..<2.5).contains(t) { pose.rootPosition.y -= 0.2 } }
    let reason = crouch.departure(FollowingLimits(), scale: 1) ?? ""
    #expect(reason.contains("200 mm above or below") && reason.contains("at 1.5 s"), "\(reason)")
    // Twice the body, twice the limits.
    #expect(crouch.departure(FollowingLimits(), scale: 2) == nil)
  }

  @Test("A clip moved onto the floor is no departure") func aClipMovedOntoTheFloorIsNone() {
    let motion = Motions.standing(body, seconds: 1)
    let raised = Motions.changed(motion) { pose, _ in pose.rootPosition.y += 0.3 }
    #expect(
      Following(PosedMotion(motion), PosedMotion(raised), raised: 0.3).departure(FollowingLimits(), scale: 1) == nil)
  }

  @Test("A small error that lasts is another motion, a large one for a moment is not") func means() {
    #expect(following { pose, _ in pose.rootPosition.y -= 0.07 }.departure(FollowingLimits(), scale: 1) != nil)
    let short = following { pose, t in if (1.5..<1.6).contains(t) { pose.rootPosition.y -= 0.2 } }
    #expect(short.departure(FollowingLimits(), scale: 1) == nil)
    let path = following { pose, t in pose.rootPosition.x += 0.15 * t }
    #expect(path.departure(FollowingLimits(), scale: 1)?.contains("path") == true)
  }

  @Test("Loosely followed stretches are listed") func looselyFollowedStretchesAreListed() {
    let loose = following { pose, t in if (1.5..<2.5).contains(t) { pose.rootPosition.y -= 0.09 } }
    #expect(loose.departure(FollowingLimits(), scale: 1) == nil)
    let stretches = loose.looseStretches(FollowingLimits(), scale: 1)
    #expect(stretches.count == 1)
    #expect(stretches.first.map { $0.start > 1 && $0.start < 1.6 && $0.end > 2.4 && $0.end < 3 } == true)
    #expect(stretches.first.map { abs($0.shareOfLimit - 0.75) < 0.02 } == true)
  }

  /// A corrector whose result floats.
  @Test("A result that floats is rejected") func aResultThatFloatsIsRejected() {
    let motion = Motions.standing(body, seconds: 1)
    let floating = Motions.changed(motion) { pose, _ in pose.rootPosition.y += 0.055 }
    var limits = FollowingLimits()
    limits.height.mean = 1
    let assessment = CorrectionAssessment(input: PosedMotion(motion), body: body, maxError: 0.5, limits: limits)
    let correction = assessment.correction(to: PosedMotion(floating), seconds: 0)
    #expect(correction.verdict.description.contains("floats 55 mm"), "\(correction.verdict)")
    #expect(correction.motion == motion)
    // A clip that floats by itself is not the corrector's fault.
    let high = CorrectionAssessment(input: PosedMotion(floating), body: body, maxError: 0.5, limits: limits)
    let moved = Motions.changed(floating) { pose, _ in pose.rootPosition.y += 0.001 }
    #expect(high.correction(to: PosedMotion(moved), seconds: 0).verdict == .corrected)
  }

  private struct Refusing: Corrector {
    var name = "refusing"
    let body: BodyModel
    func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
      .rejected(motion, reason: "\(name) will not", body: body)
    }
  }

  @Test("Where a corrector rejects, the next one makes the motion") func whereACorrectorRejectsTheNextOneMakesIt()
    async throws
  {
    let motion = Motions.walk(body, seconds: 1)
    let kinematic = KinematicCorrector(body: CorrectorBody(shared: body))
    let patient = FallbackCorrector(Refusing(body: body), else: [kinematic])
    #expect(patient.name == "refusing, else kinematic")
    let correction = try await patient.correct(motion, seed: 0)
    let alone = try await kinematic.correct(motion, seed: 0)
    #expect(correction.verdict == .corrected)
    #expect(correction.motion == alone.motion)
    #expect(correction.report.corrector == "kinematic")
    #expect(correction.report.notes.first == "Not corrected by refusing: refusing will not.")
    #expect(alone.report.corrector == nil)
  }

  @Test("Where all reject, each says why") func whereAllRejectEachSaysWhy() async throws {
    let motion = Motions.standing(body)
    let all = FallbackCorrector(Refusing(name: "a", body: body), else: [Refusing(name: "b", body: body)])
    let correction = try await all.correct(motion, seed: 0)
    #expect(correction.verdict == .rejected(reason: "a: a will not; b: b will not"))
    #expect(correction.motion == motion)
  }

  /// A body that stands with its toe joint where captured ones are, on an exact floor, and bends its knees.
}
