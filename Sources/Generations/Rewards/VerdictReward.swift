public import Correctors
public import Support

/// What a corrector makes of a clip: 0 if it rejects it, else 1 less the joints' mean distance in half metres (MPJPE to
/// the corrected clip over 500 mm), at least 0.
///
/// With a corrector that simulates, this is the simulator's verdict: how nearly a body could do what the model drew.
public struct VerdictReward: Reward {
  /// `verdict`.
  public let name = "verdict"
  private let judge: any Corrector
  private let atOnce: Int

  /// The verdict of a corrector, which is asked for so many clips at once.
  public init(judge: any Corrector, atOnce: Int = 2) {
    self.judge = judge
    self.atOnce = atOnce
  }

  /// Corrects every candidate, several at a time.
  public func rewards(of candidates: [Candidate]) async throws -> [Double] {
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
