import Correctors
import Support

/// A corrector's verdict on a clip: 0 if the clip is rejected, else 1 less the joints' mean distance in half metres (MPJPE to
/// the corrected clip over 500 mm), at least 0.
///
/// With a corrector that simulates, this says how nearly a physical body can perform the sample.
struct VerdictReward: Reward {
  let name = "verdict"
  private let judge: any Corrector
  private let atOnce: Int

  /// - Parameter atOnce: The number of clips that are corrected at once.
  init(judge: any Corrector, atOnce: Int = 2) {
    self.judge = judge
    self.atOnce = atOnce
  }

  func rewards(of candidates: [Candidate]) async throws -> [Double] {
    let judge = judge
    return try await concurrentMap(candidates, limit: atOnce) { candidate in
      do {
        let correction = try await judge.correct(candidate.motion, seed: candidate.seed)
        return correction.verdict.isUsable ? max(0, 1 - correction.report.mpjpe / 500) : 0
      } catch is SurefootError {
        return 0
      }
    }
  }
}
