import CorrectionTesting
import Lift
import Testing

@Suite struct LiftCorrectorTests {
  /// Rate, length, hierarchy, names, determinism, threads, honest reports, bad input.
  @Test func conforms() async {
    let failures = await CorrectorConformance(LiftCorrector()).failures()
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }

  @Test func nothingIsBelowTheFloor() async throws {
    var sunk = SampleMotions.walk()
    for i in sunk.poses.indices { sunk.poses[i].rootPosition.y -= 0.02 }
    let correction = try await LiftCorrector().correct(sunk, seed: 1)
    #expect(correction.verdict == .corrected)
    #expect(correction.report.before.penetrate > 5)
    #expect(correction.report.after.penetrate == 0)
  }
}
