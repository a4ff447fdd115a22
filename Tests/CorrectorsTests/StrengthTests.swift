import CorrectionTesting
import Correctors
import Dynamics
import Foundation
import Testing
import Kinematics

@Suite struct StrengthTests {
  let body: BodyModel

  init() throws { body = try Motions.body() }

  private var shared: CorrectorBody { CorrectorBody(shared: body) }
  private var kinematic: KinematicCorrector { KinematicCorrector(body: shared) }

  @Test("Gamma corrects its share of clips", arguments: [0, 0.25, 1, 4, Double.infinity])
  func gammaCorrectsItsShareOfClips(gamma: Double) async throws {
    let corrector = GammaCorrector(kinematic, gamma: gamma, body: shared)
    let sunk = Motions.changed(Motions.standing(body, seconds: 0)) { pose, _ in pose.rootPosition.y -= 0.05 }
    var corrected = 0.0
    for seed in 0..<200 as Range<UInt64> {
      let correction = try await corrector.correct(sunk, seed: seed)
      corrected += correction.verdict == .corrected ? 1 : 0
      #expect((correction.verdict == .unchanged) == (correction.motion == sunk))
    }
    let share = gamma.isInfinite ? 1 : gamma / (1 + gamma)
    // Three standard deviations of a binomial share.
    #expect(abs(corrected / 200 - share) <= 3 * (share * (1 - share) / 200).squareRoot())
  }

  @Test("A clip that is not drawn is reported as it is") func aClipThatIsNotDrawnIsReportedAsItIs() async throws {
    let walk = Motions.walk(body, seconds: 0.5)
    let correction = try await GammaCorrector(kinematic, gamma: 0, body: shared).correct(walk, seed: 1)
    #expect(correction.report.before.skate > 1)
    #expect(correction.report.after == correction.report.before)
    #expect(correction.report.mpjpe == 0)
    #expect(correction.report.notes.contains { $0.contains("not drawn") })
  }

  @Test("A blend goes its share of the way", arguments: [0.25, 0.5, 0.9]) func aBlendGoesItsShareOfTheWay(share: Double)
    async throws
  {
    let walk = Motions.walk(body, seconds: 1)
    let full = try await TrackingCorrector(body: shared).correct(walk, seed: 1)
    let corrector = BlendedCorrector(TrackingCorrector(body: shared), share: share, body: shared)
    let blend = try await corrector.correct(walk, seed: 1)
    #expect(blend.verdict == .corrected)
    for (i, pose) in blend.motion.poses.enumerated() {
      let (from, to) = (walk.poses[i], full.motion.poses[i])
      #expect((pose.rootPosition - from.rootPosition - share * (to.rootPosition - from.rootPosition)).length < 1e-12)
      for joint in pose.rotations.indices {
        let whole = from.rotations[joint].angle(to: to.rotations[joint])
        #expect(abs(from.rotations[joint].angle(to: pose.rotations[joint]) - share * whole) < 1e-6)
      }
    }
    // The figures are the blend's own, and nothing claims that a simulation made it.
    #expect(blend.report.after == .measure(blend.motion, body: body))
    #expect(blend.report.appliedResidual.isEmpty && !full.report.appliedResidual.isEmpty)
    #expect(blend.report.after.skate < blend.report.before.skate)
    #expect(blend.report.after.skate > full.report.after.skate)
    #expect(blend.report.notes.contains { $0.contains("no simulation moved it") })
  }

  @Test("The ends of a blend are the input and the correction") func theEndsOfABlendAreTheInputAndTheCorrection()
    async throws
  {
    let walk = Motions.walk(body, seconds: 0.5)
    let none = try await BlendedCorrector(kinematic, share: 0, body: shared).correct(walk, seed: 1)
    #expect(none.verdict == .unchanged && none.motion == walk)
    let all = try await BlendedCorrector(kinematic, share: 1, body: shared).correct(walk, seed: 1)
    let plain = try await kinematic.correct(walk, seed: 1)
    #expect(all.motion == plain.motion && all.verdict == plain.verdict && all.report.after == plain.report.after)
  }

  @Test("A rejection stays one") func aRejectionStaysOne() async throws {
    var strict = kinematic
    strict.maxError = 0.02
    let sunk = Motions.changed(Motions.standing(body)) { pose, t in pose.rootPosition.y -= t > 0.8 ? 0.3 : 0 }
    let correction = try await BlendedCorrector(strict, share: 0.5, body: shared).correct(sunk, seed: 1)
    #expect(!correction.verdict.isUsable && correction.motion == sunk)
  }

  @Test("Both conform") func bothConform() async throws {
    let motions = [Motions.walk(body, seconds: 0.5)]
    for corrector: any Corrector in [
      GammaCorrector(kinematic, gamma: 1, body: shared), BlendedCorrector(kinematic, share: 0.5, body: shared),
    ] {
      let failures = await CorrectorConformance(
        corrector, motions: motions, odd: [.notANumber, .noFrames, .oneFrame, .extraJoints]
      ).failures()
      #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    }
  }
}
