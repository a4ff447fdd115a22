import Correctors
import Evaluation
public import Foundation
import Kinematics
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
  /// The correctors whose fit is recorded.
  var fits: Set<String> = []
  /// The models of denoising priors, by name, and real windows' corrections, by what corrected them: arms share them.
  var priorModels: [String: ModelRecord] = [:]
  var realCorrections: [String: [Motion?]] = [:]
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

extension Loop {
  /// Opens the ledger, checks that the folder holds no other run, records the inputs, and freezes the evaluation.
  func begin(_ real: [TrainingClip], _ arms: [Arm], _ lock: FolderLock) async throws -> Run {
    let journal = try openJournal(runRecord(real, arms), lock)
    return Run(
      real: real, pool: RealPool(count: pool.count, chosen: try chosen.get(), seed: specification.seed),
      journal: journal, evaluation: try await evaluationContext(journal, real), generator: parts.generator)
  }

  private func openJournal(_ record: RunRecord, _ lock: FolderLock) throws -> Journal {
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
    let journal = Journal(ledger: ledger, store: store, lock: lock) { observe(.note($0)) }
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
    for case let plan? in arms.map(\.plan) where !correctors.contains("\(plan.name) \(parts.version)") {
      correctors.append("\(plan.name) \(parts.version)")
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

  func progress(_ step: String, _ unit: String) -> StepProgress {
    { done, total, detail in observe(.progress(step: step, done: done, total: total, unit: unit, detail: detail)) }
  }
}

extension Loop {
  /// Copies the encoder, the frozen evaluation set and generation 0 from another run's folder instead of making them
  /// again: they would be the same, bit for bit.
  ///
  /// Nothing is copied if this run has begun, or if the other one differs in anything that generation 0 depends on, has
  /// not finished generation 0, or has files that do not match its ledger.
  ///
  /// - Returns: Whether generation 0 was copied.
  /// - Throws: ``SurefootError`` if the other ledger names files outside of its folder or breaks its chain.
  public func shareGenerationZero(from other: URL) throws -> Bool {
    let ledger = store.url("ledger.jsonl")
    guard (try? Ledger.events(in: ledger))?.isEmpty ?? true else { return false }
    guard let theirs = try? RunSpecification(contentsOf: other.appendingPathComponent("spec.yaml")),
      theirs.generationZero == specification.generationZero
    else { return false }
    let record = other.appendingPathComponent("ledger.jsonl")
    guard FileManager.default.fileExists(atPath: record.path) else { return false }
    let (events, chain) = try Ledger.verified(record)
    if let line = chain.firstBreak { throw LedgerChain.error(record, line: line) }
    guard case .run(let begun)? = events.first,
      let end = events.firstIndex(where: { $0.identity == .evaluation(arm: nil, generation: 0) })
    else { return false }
    let real = try chosen.get().map { pool[$0] }
    let mine = runRecord(real, try specification.arms.map { try makeArm($0, real) })
    guard begun.dataset == mine.dataset, begun.generator == mine.generator, begun.windows == mine.windows,
      begun.seeding == mine.seeding
    else { return false }
    let shared = events[1...end].filter(\.isStep)
    let source = ClipStore(folder: other, format: store.format)
    guard shared.allSatisfy(source.holds) else { return false }
    for file in shared.compactMap(\.file?.path) {
      try AtomicFile.write(try Data(readingFile: try source.recorded(file)), to: try store.recorded(file))
    }
    try AtomicFile.write(specification.yaml, to: store.url("spec.yaml"))
    try Ledger(at: ledger).append([.run(mine)] + shared)
    return true
  }
}
