import Dynamics
public import Kinematics
import Randomness
import Support

/// Correctors one after another: each corrects what the one before it gave.
///
///     let both = ChainedCorrector([spectrum, PredictiveCorrector(body: body)])      // `spectrum+predictive`
///
/// What one of them rejects is rejected, with that one's name. The report compares the last result with the input; its
/// contacts, torques and applied residual are the last corrector's, since only those belong to the result. A
/// ``SetCorrector`` among them sees the whole set as the ones before it left it.
public struct ChainedCorrector: SetCorrector {
  /// The correctors, in the order in which they work.
  public let stages: [any Corrector]

  /// The correctors' names, joined by `+`.
  public var name: String { stages.map(\.name).joined(separator: "+") }

  /// Correctors in a row.
  ///
  /// - Precondition: There is at least one.
  public init(_ stages: [any Corrector]) {
    precondition(!stages.isEmpty, "a chain has a corrector")
    self.stages = stages
  }

  /// Corrects one motion, a set of one; see ``Corrector/correct(_:seed:)``.
  public func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
    let steps = stages.enumerated().map { Step(index: $0, corrector: $1) }
    return try await ChainedCorrector.run(steps, on: motion, seed: seed, after: nil)
  }

  /// The correctors of a set. Those that stand before a ``SetCorrector`` are run here, since it looks at their results.
  public func correctors(for samples: [SetSample], jobs: Int) async throws -> [any Corrector] {
    var chains = samples.map { SampleChain(name: name, sample: $0) }
    for (index, stage) in stages.enumerated() {
      guard let stage = stage as? any SetCorrector else {
        for place in chains.indices { chains[place].steps.append(Step(index: index, corrector: stage)) }
        continue
      }
      if chains.contains(where: { !$0.steps.isEmpty }) {
        chains = try await concurrentMap(chains, limit: jobs) { try await $0.advanced() }
      }
      // What was rejected takes no part in the set.
      let usable = chains.indices.filter { chains[$0].done?.verdict.isUsable ?? true }
      let own = try await stage.correctors(for: usable.map { chains[$0].current }, jobs: jobs)
      precondition(own.count == usable.count, "\(stage.name) made \(own.count) correctors for \(usable.count) samples")
      for (place, corrector) in zip(usable, own) {
        chains[place].steps.append(Step(index: index, corrector: corrector))
      }
    }
    return chains
  }

  /// A corrector and its place in the chain.
  fileprivate struct Step: Sendable {
    let index: Int
    let corrector: any Corrector
  }

  /// Runs some steps on what the steps before them gave.
  fileprivate static func run(
    _ steps: [Step], on input: Motion, seed: UInt64, after done: Correction?
  ) async throws -> Correction {
    var result = done
    for step in steps {
      if let result, !result.verdict.isUsable { return result }
      let next = try await step.corrector.correct(
        result?.motion ?? input, seed: Seed.derive(seed, "stage", step.index))
      result = joined(result, next, of: step.corrector, input: input)
    }
    guard let result else { preconditionFailure("a chain has a corrector") }
    return result
  }

  /// One correction of the input from a correction and the next one of its result.
  private static func joined(
    _ first: Correction?, _ next: Correction, of corrector: any Corrector, input: Motion
  ) -> Correction {
    let before = first?.report.before ?? next.report.before
    let notes = (first?.report.notes ?? []) + next.report.notes
    let seconds = (first?.report.seconds ?? 0) + next.report.seconds
    func whole(_ verdict: Verdict) -> Correction {
      var report = CorrectionReport(unchanged: before)
      (report.notes, report.seconds) = (notes, seconds)
      return Correction(motion: input, verdict: verdict, report: report)
    }
    if case .rejected(let reason) = next.verdict { return whole(.rejected(reason: "\(corrector.name): \(reason)")) }
    guard next.motion != input else { return whole(.unchanged) }
    let difference = MotionDifference(input, next.motion)
    var report = next.report
    report.before = before
    (report.mpjpe, report.rootRelativeMPJPE) = (difference.mpjpe, difference.rootRelativeMPJPE)
    report.accelerationError = difference.accelerationError
    (report.notes, report.seconds) = (notes, seconds)
    return Correction(motion: next.motion, verdict: .corrected, report: report)
  }

  /// The chain of one sample of a set.
  fileprivate struct SampleChain: Corrector {
    let name: String
    let sample: SetSample
    /// What was computed already.
    var done: Correction?
    /// What is left to do.
    var steps: [Step] = []

    init(name: String, sample: SetSample) {
      self.name = name
      self.sample = sample
    }

    /// The sample as it is so far.
    var current: SetSample {
      var current = sample
      current.motion = done?.motion ?? sample.motion
      return current
    }

    /// The chain with its steps done.
    func advanced() async throws -> SampleChain {
      guard !steps.isEmpty else { return self }
      var next = self
      next.done = try await ChainedCorrector.run(steps, on: sample.motion, seed: sample.seed, after: done)
      next.steps = []
      return next
    }

    func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
      try await ChainedCorrector.run(steps, on: motion, seed: seed, after: done)
    }
  }
}
