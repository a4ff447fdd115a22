public import Correctors
public import Kinematics
public import Support

/// Checks that any corrector keeps the promises of ``Corrector``.
///
///     @Test func conforms() async {
///       let failures = await CorrectorConformance(MyCorrector()).failures()
///       #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
///     }
///
/// Every motion is corrected three times: twice in a row, and on several threads at once. The results must be equal in
/// every bit, have the input's rate, length, hierarchy, names and channels, a verdict that fits the motion, and a report
/// whose figures are possible and those of this motion. The first motion's odd relatives (``OddMotion``) must come back
/// too: corrected, rejected or refused with a `SurefootError`, whole, finite and in time.
///
/// A broken promise is one sentence. No test library is known here, so that any can be used.
public struct CorrectorConformance: Sendable {
  /// What is checked.
  public let corrector: any Corrector
  /// Plausible motions that the corrector should be able to take.
  public let motions: [Motion]
  /// The odd motions that are made from the first of them.
  public let odd: [OddMotion]
  /// How many corrections run at once where threads are tested.
  public let threads: Int
  /// Seconds that one correction may take.
  public let timeLimit: Double

  /// A check of one corrector.
  ///
  /// - Parameters:
  ///   - corrector: What is checked.
  ///   - motions: Plausible motions, of a second or so.
  ///   - odd: The odd motions to make from the first of them; fewer for a corrector that is slow.
  ///   - threads: How many corrections run at once where threads are tested.
  ///   - timeLimit: Seconds that one correction may take.
  public init(
    _ corrector: any Corrector, motions: [Motion] = [SampleMotions.walk(), SampleMotions.standing()],
    odd: [OddMotion] = OddMotion.allCases, threads: Int = 3, timeLimit: Double = 300
  ) {
    precondition(!motions.isEmpty && threads > 0 && timeLimit > 0, "motions to check with, threads, and time")
    self.corrector = corrector
    self.motions = motions
    self.odd = odd
    self.threads = threads
    self.timeLimit = timeLimit
  }

  /// A sentence for every promise that was broken; empty if all were kept.
  public func failures() async -> [String] {
    var failures = nameFailures
    for (index, motion) in motions.enumerated() {
      failures += await check(motion).map { "motion \(index): \($0)" }
    }
    for kind in odd {
      // What is late still runs, and would make the others late.
      guard !failures.contains(where: { $0.contains(lateness) }) else { return failures + ["the rest was not checked"] }
      failures += await check(kind, kind.made(from: motions[0])).map { "\(kind.rawValue): \($0)" }
    }
    return failures
  }

  private var nameFailures: [String] {
    corrector.name.isEmpty || corrector.name.contains(where: \.isNewline) ? ["the corrector's name is no line"] : []
  }

  /// How one correction ended.
  private enum Outcome: Sendable {
    case correction(Correction)
    case refused(SurefootError)
    case threw(String)
    case late
  }

  private func outcome(_ motion: Motion) async -> Outcome {
    let corrector = corrector
    return await TimeLimit.run(seconds: timeLimit) {
      do {
        return Outcome.correction(try await corrector.correct(motion, seed: 7))
      } catch let error as SurefootError {
        return .refused(error)
      } catch {
        return .threw("\(type(of: error)): \(error)")
      }
    } ?? .late
  }

  private func check(_ motion: Motion) async -> [String] {
    let outcome = await outcome(motion)
    guard case .correction(let first) = outcome else {
      return ["a plausible motion did not come back: \(describe(outcome))"]
    }
    var failures = CorrectionChecks(correction: first, motion: motion).failures
    failures += difference(first, await self.outcome(motion), "the second time")
    let others =
      (try? await concurrentMap(Array(0..<threads), limit: threads) { _ in await self.outcome(motion) }) ?? []
    for other in others { failures += difference(first, other, "beside others on other threads") }
    return failures
  }

  /// The same motion and seed give the same result.
  private func difference(_ first: Correction, _ other: Outcome, _ when: String) -> [String] {
    guard case .correction(let other) = other else {
      return ["the same motion did not come back \(when): \(describe(other))"]
    }
    var (a, b) = (first.report, other.report)
    // The time is not promised.
    (a.seconds, b.seconds) = (0, 0)
    let parts = [
      first.motion == other.motion ? nil : "motion", first.verdict == other.verdict ? nil : "verdict",
      a == b ? nil : "report",
    ].compactMap { $0 }
    return parts.map { "the same motion and seed gave another \($0) \(when)" }
  }

  private func check(_ kind: OddMotion, _ motion: Motion) async -> [String] {
    switch await outcome(motion) {
    case .correction(let correction):
      guard motion.isFinite else { return correction.verdict.isUsable ? ["passed on as \(correction.verdict)"] : [] }
      guard motion.count > 0 else { return correction.verdict.isUsable ? ["passed on as \(correction.verdict)"] : [] }
      return CorrectionChecks(correction: correction, motion: motion).failures
    case .refused(let error) where kind.isSound: return ["refused, though it is sound: \(error)"]
    case .refused(let error): return error.message.contains(where: \.isLetter) ? [] : ["refused without a reason"]
    case let other: return [describe(other)]
    }
  }

  private var lateness: String { "took longer than \(timeLimit) s" }

  private func describe(_ outcome: Outcome) -> String {
    switch outcome {
    case .correction(let correction): "\(correction.verdict)"
    case .refused(let error): "refused (\(error))"
    case .threw(let text): "threw what is no SurefootError: \(text)"
    case .late: lateness
    }
  }
}
