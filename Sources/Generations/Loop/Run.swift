import Correctors
import Evaluation
import Foundation
import Randomness
import Support

/// One execution of a loop: its inputs, its journal, what generations are evaluated against, and the loaded models.
///
/// Only the task that runs the loop uses it.
final class Run {
  /// The run's n real windows.
  let real: [TrainingClip]
  /// The real windows that an arm may draw from, as its mixing sees them.
  let pool: RealPool
  let journal: Journal
  let evaluation: EvaluationContext
  private let generator: any MotionGenerator
  /// The sampler that each arm used last.
  private var samplers: [String?: (plan: SamplingPlan, sampler: any MotionSampler)] = [:]

  init(
    real: [TrainingClip], pool: RealPool, journal: Journal, evaluation: EvaluationContext,
    generator: any MotionGenerator
  ) {
    self.real = real
    self.pool = pool
    self.journal = journal
    self.evaluation = evaluation
    self.generator = generator
  }

  /// The sampler of a plan. A model is loaded once for all batches, and stays loaded from its evaluation to the next
  /// generation's samples.
  func sampler(_ plan: SamplingPlan, arm: String?) async throws -> any MotionSampler {
    if let loaded = samplers.values.first(where: { $0.plan == plan }) {
      samplers[arm] = loaded
      return loaded.sampler
    }
    samplers[arm] = nil
    let sampler = try await generator.sampler(plan)
    samplers[arm] = (plan, sampler)
    return sampler
  }
}

/// What all generations are evaluated with; frozen before generation 0.
struct EvaluationContext: Sendable {
  let encoder: (any MotionFeatures)?
  let set: EvaluationSet
}

extension Loop {
  /// Opens the ledger, checks that the folder holds no other run, records the inputs, and freezes the evaluation.
  func begin(_ real: [TrainingClip], _ arms: [Arm]) async throws -> Run {
    let journal = try openJournal(runRecord(real, arms))
    return Run(
      real: real, pool: RealPool(count: pool.count, chosen: try chosen.get(), seed: specification.seed),
      journal: journal, evaluation: try await evaluationContext(journal, real), generator: parts.generator)
  }

  private func openJournal(_ record: RunRecord) throws -> Journal {
    try? FileManager.default.createDirectory(at: store.folder, withIntermediateDirectories: true)
    let ledger = try Ledger(at: store.url("ledger.jsonl"))
    if !ledger.recorded.isEmpty {
      let begun = ledger.recorded.run
      if let begun, begun.seeding != record.seeding {
        throw SurefootError(
          .differentRun,
          message: "\(store.folder.path) holds a run of an earlier version, which seeded samples by batch",
          suggestion: "go on with the version that began it, or name another folder with -o")
      }
      guard begun == record || extends(begun, record) else {
        throw SurefootError.anotherRun(folder: store.folder.path, difference: difference(begun, record))
      }
      let torn = ledger.wasTorn ? ", after dropping a line that was cut off" : ""
      observe(.note("going on after \(ledger.recorded.count) recorded steps\(torn)"))
    }
    store.removeLeftovers()
    try AtomicFile.write(specification.yaml, to: store.url("spec.yaml"))
    let journal = Journal(ledger: ledger, store: store) { observe(.note($0)) }
    try journal.mark(.run(record))
    return journal
  }

  /// Whether this is the recorded run with more generations.
  private func extends(_ begun: RunRecord?, _ record: RunRecord) -> Bool {
    guard let begun else { return false }
    var former = specification
    return (0..<specification.generations).contains { generations in
      former.generations = generations
      var shorter = record
      shorter.specification = former.sha256
      return shorter == begun
    }
  }

  /// The run's inputs.
  func runRecord(_ real: [TrainingClip], _ arms: [Arm]) -> RunRecord {
    var correctors: [String] = []
    for case let corrector? in arms.map(\.corrector) where !correctors.contains(ledgerName(corrector)) {
      correctors.append(ledgerName(corrector))
    }
    return RunRecord(
      specification: specification.sha256, dataset: data.sha256, generator: parts.generator.name,
      corrector: correctors.isEmpty ? "none" : correctors.joined(separator: ", "), windows: real.map(\.id))
  }

  /// A corrector and its version, as the ledger names it.
  func ledgerName(_ corrector: any Corrector) -> String { "\(corrector.name) \(parts.version)" }

  private func difference(_ begun: RunRecord?, _ record: RunRecord) -> String {
    guard let begun else { return "beginning" }
    if begun.specification != record.specification { return "specification" }
    if begun.dataset != record.dataset { return "dataset" }
    if begun.generator != record.generator { return "model" }
    return begun.corrector != record.corrector ? "corrector" : "set of real windows"
  }

  /// Trains the encoder and freezes the evaluation windows.
  private func evaluationContext(_ journal: Journal, _ real: [TrainingClip]) async throws -> EvaluationContext {
    let encoder = try await encoder(journal)
    let file = "evaluation-set.json"
    var fresh: EvaluationSet?
    _ = try await journal.step([.evaluationSet]) {
      let windows = try evaluationWindows.get()
      observe(.note("measuring \(windows.count) evaluation windows and \(real.count) training windows"))
      let set = try EvaluationSet(
        evaluation: windows.map { ($0.id, $0.motion) }, training: real.map(\.motion), encoder: encoder,
        measure: parts.measure, bootstrap: bootstrap)
      fresh = set
      let hash = try set.save(to: store.url(file))
      return [.evaluationSet(EvaluationSetRecord(file: file, sha256: hash, windows: set.windows.count))]
    }
    return EvaluationContext(encoder: encoder, set: try fresh ?? EvaluationSet.load(from: store.url(file)))
  }

  private func encoder(_ journal: Journal) async throws -> (any MotionFeatures)? {
    let steps = specification.evaluation.encoderSteps
    guard let trainer = parts.encoder, steps > 0 else { return nil }
    let file = "encoder.safetensors"
    let seed = Seed.derive(specification.seed, "encoder")
    // The encoder learns from every training window, not the n chosen ones alone: its features should be as good as the
    // data allow.
    let clips = data.training
    _ = try await journal.model("encoder") {
      let loss = try await trainer.train(
        on: clips, steps: steps, to: store.url(file), seed: seed, progress: progress("training the encoder", "steps"))
      return ModelRecord(
        id: "encoder", file: file, sha256: try SHA256.hexadecimal(ofFile: store.url(file)), parent: nil, arm: nil,
        generation: 0, clips: clips.count, steps: steps, seed: seed, loss: loss)
    }
    return try trainer.load(store.url(file))
  }

  var bootstrap: Bootstrap {
    Bootstrap(resamples: specification.evaluation.resamples, seed: Seed.derive(specification.seed, "bootstrap"))
  }

  func progress(_ step: String, _ unit: String) -> StepProgress {
    { done, total, detail in observe(.progress(step: step, done: done, total: total, unit: unit, detail: detail)) }
  }
}
