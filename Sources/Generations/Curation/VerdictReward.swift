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
    return try await boundedMap(candidates, atOnce: atOnce) { candidate in
      do {
        let correction = try await judge.correct(candidate.motion, seed: candidate.seed)
        return correction.verdict.isUsable ? max(0, 1 - correction.report.mpjpe / 500) : 0
      } catch is SurefootError {
        return 0
      }
    }
  }
}

/// Maps with at most so many tasks at once; results stand in the input's order.
func boundedMap<Input: Sendable, Output: Sendable>(
  _ inputs: [Input], atOnce: Int, _ transform: @escaping @Sendable (Input) async throws -> Output
) async throws -> [Output] {
  try await withThrowingTaskGroup(of: (Int, Output).self) { group in
    var results = [Output?](repeating: nil, count: inputs.count)
    var next = 0
    func start() {
      guard next < inputs.count else { return }
      let index = next
      next += 1
      group.addTask { (index, try await transform(inputs[index])) }
    }
    for _ in 0..<max(1, atOnce) { start() }
    while let (index, output) = try await group.next() {
      results[index] = output
      start()
    }
    return results.compactMap { $0 }
  }
}
