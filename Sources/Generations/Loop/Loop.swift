public import Correctors
public import Evaluation
public import Foundation
public import Randomness
public import Support

/// A model retrained, generation after generation, on real motion and its own.
///
/// The algorithm of Gillman et al., "Self-correcting self-consuming loops for generative model training" (ICML 2024),
/// arXiv:2402.07087: generation 0 learns from scratch on n real windows. Each later generation draws floor(lambda n)
/// samples from the last one for the real windows' labels and lengths, lets corrections stand in for them with
/// probability gamma / (1 + gamma), and goes on training from the last weights, with a new optimizer, on all real
/// windows and the newest samples. Several loops (arms) share generation 0, the evaluation windows and the random
/// numbers of equal steps, so that they differ by nothing but what is compared.
///
/// A run is taken up where it ended: see ``Journal``.
public struct Loop: Sendable {
  /// What the loop joins.
  public struct Parts: Sendable {
    /// The model.
    public var generator: any MotionGenerator
    /// The corrector of a name in the specification.
    public var corrector: @Sendable (String) throws -> any Corrector
    /// The motion encoder behind FID; without it the figures that need it are left out.
    public var encoder: (any EncoderTrainer)?
    /// A motion's physics.
    public var measure: EvaluationSet.Measure
    /// How clips are written.
    public var format: any ClipFormat
    /// The program's version: part of every corrector's name in the ledger.
    public var version: String
    /// Ways to mix besides our own.
    public var mixings: [any Mixing] = []
    /// Rewards besides our own.
    public var rewards: [any Reward] = []
    /// Curators besides our own.
    public var curators: [any Curator] = []

    /// Parts by themselves.
    public init(
      generator: any MotionGenerator, corrector: @escaping @Sendable (String) throws -> any Corrector,
      encoder: (any EncoderTrainer)?, measure: @escaping EvaluationSet.Measure, format: any ClipFormat, version: String
    ) {
      self.generator = generator
      self.corrector = corrector
      self.encoder = encoder
      self.measure = measure
      self.format = format
      self.version = version
    }
  }

  /// The resolved specification.
  public let specification: RunSpecification
  let data: LoopData
  let parts: Parts
  let store: ClipStore
  let jobs: Int
  let observe: @Sendable (LoopEvent) -> Void
  /// What runs may draw real windows from.
  let pool: [TrainingClip]
  /// The places in ``pool`` of the run's n windows; none if they cannot be drawn.
  let chosen: Result<[Int], SurefootError>
  /// The real windows that figures are measured against.
  let held: Result<[TrainingClip], SurefootError>
  /// For tests: called before each event is written.
  var beforeAppend: (@Sendable (LedgerEvent) throws -> Void)?

  /// A loop over some data, in a folder that is new or holds the same run.
  ///
  /// - Parameters:
  ///   - jobs: How many clips are corrected at once; changes no result.
  ///   - observe: Told of progress, from any thread.
  public init(
    specification: RunSpecification, data: LoopData, parts: Parts, folder: URL, jobs: Int = 2,
    observe: @escaping @Sendable (LoopEvent) -> Void = { _ in }
  ) {
    self.specification = specification
    self.data = data
    self.parts = parts
    self.jobs = max(1, jobs)
    self.observe = observe
    store = ClipStore(folder: folder, format: parts.format)
    (pool, chosen) = Loop.drawPool(data, specification)
    held = Result { () throws(SurefootError) in
      try data.measured(
        against: specification.evaluation.windows, seed: specification.seed, besides: try data.chosen(specification))
    }
  }

  /// The windows whose labels the n drawn ones teach, and the places of those n among them.
  private static func drawPool(
    _ data: LoopData, _ specification: RunSpecification
  ) -> ([TrainingClip], Result<[Int], SurefootError>) {
    do {
      let chosen = Set(try data.chosen(specification))
      let taught = Set(chosen.map { data.training[$0].action })
      let places = data.training.indices.filter { taught.contains(data.training[$0].action) }
      return (places.map { data.training[$0] }, .success(places.indices.filter { chosen.contains(places[$0]) }))
    } catch {
      return ([], .failure(error))
    }
  }

  /// Runs, or goes on, to the end.
  ///
  /// - Throws: ``SurefootError``, ``SurefootError``, or what a part throws. Nothing written is lost: run it again.
  public func run() async throws -> RunResults {
    let real = try chosen.get().map { pool[$0] }
    let arms = try specification.arms.map { try makeArm($0, real) }
    let journal = try open(real, arms)
    let ruler = try await prepareMeasuring(journal, real)
    let shared = try await firstGeneration(journal, real, ruler)
    var states = arms.map { ArmState(arm: $0, model: GenerationModel(base: shared.model)) }
    for generation in 1..<(specification.generations + 1) {
      for index in states.indices {
        try await nextGeneration(generation, of: &states[index], journal, ruler)
      }
    }
    try journal.mark(.end(EndRecord(generations: specification.generations)))
    return try finish(real: real, ruler: ruler, shared: shared.metrics, arms: states)
  }

  /// How far one loop has come.
  struct ArmState {
    let arm: Arm
    var model: GenerationModel
    var synthetic: [[ClipRecord]] = []
    var generations: [GenerationMetrics] = []
  }

  /// Opens the ledger, writes or checks the specification, and records what the run is made of.
  private func open(_ real: [TrainingClip], _ arms: [Arm]) throws -> Journal {
    try? FileManager.default.createDirectory(at: store.folder, withIntermediateDirectories: true)
    let ledger = try Ledger(at: store.url("ledger.jsonl"))
    let record = runRecord(real, arms)
    if !ledger.recorded.isEmpty {
      let begun = ledger.recorded.run
      guard begun == record || lengthens(begun, record) else {
        throw SurefootError.anotherRun(folder: store.folder.path, difference: difference(begun, record))
      }
      let torn = ledger.wasTorn ? ", after dropping a line that was cut off" : ""
      observe(.note("going on after \(ledger.recorded.count) recorded steps\(torn)"))
    }
    store.sweep()
    try AtomicFile.write(specification.yaml, to: store.url("spec.yaml"))
    let journal = Journal(
      ledger: ledger, store: store, note: { observe(.note($0)) }, beforeAppend: beforeAppend)
    try journal.mark(.run(record))
    return journal
  }

  /// Whether this is the run that was begun, but with more generations: those that it has are the first ones of this one.
  private func lengthens(_ begun: RunRecord?, _ record: RunRecord) -> Bool {
    guard let begun else { return false }
    var former = specification
    return (0..<specification.generations).contains { generations in
      former.generations = generations
      var shorter = record
      shorter.specification = former.sha256
      return shorter == begun
    }
  }

  /// What the run is made of.
  func runRecord(_ real: [TrainingClip], _ arms: [Arm]) -> RunRecord {
    RunRecord(
      specification: specification.sha256, dataset: data.sha256,
      generator: parts.generator.name, corrector: correctorNames(arms), windows: real.map(\.id))
  }

  private func difference(_ begun: RunRecord?, _ record: RunRecord) -> String {
    guard let begun else { return "beginning" }
    if begun.specification != record.specification { return "specification" }
    if begun.dataset != record.dataset { return "dataset" }
    if begun.generator != record.generator { return "model" }
    return begun.corrector != record.corrector ? "corrector" : "set of real windows"
  }

  private func finish(
    real: [TrainingClip], ruler: Ruler, shared: GenerationMetrics, arms: [ArmState]
  ) throws -> RunResults {
    let results = RunResults(
      name: store.folder.lastPathComponent, specification: specification.yaml, trainingWindows: real.count,
      evaluationWindows: ruler.set.windows.count, real: ruler.set.real, realAgainstReal: ruler.set.realAgainstReal,
      shared: shared, arms: arms.map { .init(name: $0.arm.name, generations: $0.generations) })
    _ = try store.writeJSON(results, to: "results.json")
    return results
  }

  /// A corrector and its version, as the ledger names it.
  func ledgerName(_ corrector: any Corrector) -> String { "\(corrector.name) \(parts.version)" }

  /// The correctors of all arms, each once; `none` if there is none.
  private func correctorNames(_ arms: [Arm]) -> String {
    var names: [String] = []
    for case let corrector? in arms.map(\.corrector) where !names.contains(ledgerName(corrector)) {
      names.append(ledgerName(corrector))
    }
    return names.isEmpty ? "none" : names.joined(separator: ", ")
  }

  /// The seed of one purpose. Arms are no part of it, so that their equal steps draw equal numbers.
  func seed(_ generation: Int, _ purpose: String, _ index: Int = 0) -> UInt64 {
    Seed.derive(specification.seed, "generation", generation, purpose, index)
  }
}
