import Correctors
import Evaluation
public import Foundation
import Kinematics
import Randomness
import Support

/// Retrains a model, generation after generation, on real motion and its own samples.
///
///     let specification = try RunSpecification.preset("quickstart")
///     let parts = Loop.Parts(
///       generator: generator, corrector: { _ in KinematicCorrector() }, encoder: nil, measure: physics,
///       format: BVHClipFormat(skeleton: .canonical), version: "1")
///     let results = try await Loop(specification: specification, data: data, parts: parts, folder: folder).run()
///     print(results.arms.map(\.name))
///
/// The algorithm of Gillman et al., "Self-correcting self-consuming loops for generative model training" (ICML 2024),
/// arXiv:2402.07087: generation 0 learns from scratch on n real windows. Each later generation draws floor(lambda n)
/// samples from the last model for the real windows' labels and lengths, replaces each by its correction with probability
/// gamma / (1 + gamma), and fine-tunes the last weights, with a new optimizer, on all real windows and the newest
/// samples. Several loops (arms) share generation 0, the evaluation windows and the random numbers of equal steps, so
/// that they differ only in what is compared.
///
/// The whole algorithm is in this file and begins at ``run()``; training, sampling, curation, extrapolation and
/// evaluation as single steps are in the files of those names. Every step is recorded in the ``Ledger``, and a run
/// that was killed is resumed from it with the same results.
public struct Loop: Sendable {
  /// The resolved specification.
  public let specification: RunSpecification
  let data: LoopData
  let parts: Parts
  let store: ClipStore
  let jobs: Int
  let observe: @Sendable (LoopEvent) -> Void
  /// The training windows that the run may draw from: those whose label the n windows teach.
  let pool: [TrainingClip]
  /// The indices in ``pool`` of the run's n windows; the error if they cannot be drawn.
  let chosen: Result<[Int], SurefootError>
  /// The real windows that figures are measured against.
  let evaluationWindows: Result<[TrainingClip], SurefootError>

  /// A loop over some data, in a folder that is new or holds the same run.
  ///
  /// - Parameters:
  ///   - jobs: The number of clips that are corrected at once; changes no result.
  ///   - observe: Receives progress, from any thread.
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
    evaluationWindows = Result { () throws(SurefootError) in
      try data.measured(
        against: specification.evaluation.windows, seed: specification.seed, besides: try data.chosen(specification))
    }
  }

  private static func drawPool(
    _ data: LoopData, _ specification: RunSpecification
  ) -> ([TrainingClip], Result<[Int], SurefootError>) {
    do {
      let chosen = Set(try data.chosen(specification))
      let taught = Set(chosen.map { data.training[$0].action })
      let eligible = data.training.indices.filter { taught.contains(data.training[$0].action) }
      return (
        eligible.map { data.training[$0] }, .success(eligible.indices.filter { chosen.contains(eligible[$0]) })
      )
    } catch {
      return ([], .failure(error))
    }
  }

  /// Runs to the end, or resumes.
  ///
  /// - Throws: ``SurefootError``, or what a part throws. Nothing written is lost: run it again to go on.
  public func run() async throws -> RunResults {
    let lock = try await FolderLock(store.folder, named: ".loop.lock") {
      observe(.note("\($0) works on \(store.folder.path): waiting for its end"))
    }
    defer { withExtendedLifetime(lock) {} }
    let real = try chosen.get().map { pool[$0] }
    let arms = try specification.arms.map { try makeArm($0, real) }
    let run = try await begin(real, arms, lock)

    // Generation 0: from scratch, on real windows alone, for all arms.
    let job = TrainingJob(
      folder: ClipStore.path(arm: nil, generation: 0), arm: nil, generation: 0,
      steps: specification.model.initialSteps, clips: real.count, actions: actions(real))
    let model = GenerationModel(base: try await train(job, run) { real })
    let shared = try await evaluate(model, specification.sampling, synthetic: nil, run)
    tell(StartingPoint(generationZero: shared.samples, windows: run.evaluation.set.realAgainstReal))

    // Correctors with a data prior are fitted on the same windows.
    var states: [ArmState] = []
    for arm in arms { states.append(ArmState(arm: try await fitted(arm, run), model: model)) }
    for generation in 1..<(specification.generations + 1) {
      for index in states.indices {
        try await nextGeneration(generation, of: &states[index], run)
      }
    }
    try run.journal.mark(.end(EndRecord(generations: specification.generations)))
    return try finish(run, shared, states)
  }

  /// How far one arm has come.
  struct ArmState {
    let arm: Arm
    var model: GenerationModel
    /// The clips that entered from each generation so far.
    var synthetic: [[StoredClip]] = []
    var generations: [GenerationMetrics] = []
  }

  /// One more generation of one arm.
  private func nextGeneration(_ generation: Int, of state: inout ArmState, _ run: Run) async throws {
    let (arm, settings) = (state.arm, state.arm.specification)

    // Draw prompts: labels and lengths of real windows.
    let windows = arm.mixing.real(of: run.pool, generation: generation).map { pool[$0] }
    let count = SampleCount(lambda: settings.lambda[generation], real: run.real.count, limit: settings.distinct)
    let prompts = ClipPrompt.draw(count.drawn, from: windows.map(\.prompt), seed: seed(generation, "prompts"))

    // Sample and correct; then choose between each sample and its correction.
    let synthesis = try await synthesize(generation, of: state, prompts, run)
    let entering = prompts.indices.compactMap { index -> StoredClip? in
      guard let sample = synthesis.latest[index].sample else { return nil }
      guard arm.corrector != nil else { return sample }
      let correction = synthesis.latest[index].correction
      return arm.policy.choose(
        sample: sample, correction: correction, isUsable: correction?.record.isUsable ?? false,
        seed: seed(generation, "strength", index))
    }
    state.synthetic.append(count.repeated(entering))

    // Mix with real windows.
    let set = TrainingSet(real: windows, synthetic: state.synthetic, by: arm.mixing)
    guard !set.isEmpty else {
      throw SurefootError.noData("no clip is left for \(arm.name) to learn from in generation \(generation)")
    }
    try run.journal.record(
      .mix(set.record(arm.name, generation, dropped: prompts.count - entering.count, usual: run.real)))

    // Fine-tune the last weights, or train from scratch.
    let isNew = settings.model.start == .scratch
    let job = TrainingJob(
      folder: ClipStore.path(arm: arm.name, generation: generation), start: isNew ? nil : state.model.base,
      arm: arm.name, generation: generation, steps: isNew ? settings.model.initialSteps : settings.model.steps,
      learningRate: isNew ? 0 : settings.model.learningRate, clips: set.count, actions: actions(run.real))
    state.model = GenerationModel(base: try await train(job, run) { try set.clips(from: store) })

    // Extrapolate away from an auxiliary model (SIMS, Neon), where the arm does so.
    try await extrapolate(&state.model, of: arm, generation, synthesis.samples, run)

    // Evaluate fresh samples of the new model.
    let synthetic = synthesis.samples.isEmpty ? nil : synthesis.metrics(used: entering.count, bootstrap: bootstrap)
    state.generations.append(try await evaluate(state.model, settings.sampling, synthetic: synthetic, run))

    // Later generations read these clips from their files, if they need them: memory does not grow with generations.
    state.synthetic[state.synthetic.count - 1] = state.synthetic[state.synthetic.count - 1].map {
      StoredClip(record: $0.record, motion: nil)
    }
  }

  // MARK: Sample and correct

  /// How often a rejected clip is drawn again where the specification asks for it.
  private static let redraws = 3

  /// A generation's samples and their corrections. With `rejected: replace`, prompts whose correction was rejected are
  /// sampled again, up to three times.
  private func synthesize(
    _ generation: Int, of state: ArmState, _ prompts: [ClipPrompt], _ run: Run
  ) async throws -> Synthesis {
    var result = Synthesis(latest: Array(repeating: (nil, nil), count: prompts.count))
    var open = Array(prompts.indices)
    let replaces = state.arm.specification.rejected == .replace && state.arm.corrector != nil
    for round in 0...(replaces ? Loop.redraws : 0) where !open.isEmpty {
      let (samples, choices) = try await sample(generation, of: state, open.map { prompts[$0] }, round: round, run)
      result.samples += samples.compactMap { $0?.record }
      result.choices += choices
      for (index, sample) in zip(open, samples) { result.latest[index] = (sample, nil) }
      guard let corrector = state.arm.corrector else { break }
      let sampled = open.filter { result.latest[$0].sample != nil }
      let corrections = try await correct(sampled.compactMap { result.latest[$0].sample }, corrector, run)
      result.corrections += corrections.map(\.record)
      for (index, correction) in zip(sampled, corrections) { result.latest[index].correction = correction }
      open = sampled.filter { !(result.latest[$0].correction?.record.isUsable ?? true) }
    }
    return result
  }

  /// Samples for some prompts, recorded and written; `nil` where a curator chose none of the candidates.
  private func sample(
    _ generation: Int, of state: ArmState, _ prompts: [ClipPrompt], round: Int, _ run: Run
  ) async throws -> (clips: [StoredClip?], choices: [ChoiceRecord]) {
    guard !prompts.isEmpty else { return ([], []) }
    let name = state.arm.name
    var request = SamplingRequest(
      model: state.model, settings: state.arm.specification.sampling, purpose: .sample,
      folder: ClipStore.path(arm: name, generation: generation) + "/samples",
      prefix: "\(name)-\(generation.padded(to: 3))-", arm: name, generation: generation,
      title: "\(name) \(generation): samples", seed: seed(generation, "sample"))
    if round > 0 {
      request.prefix += "r\(round)-"
      request.title += " in place of rejected ones"
      request.seed = seed(generation, "sample, round \(round)")
    }
    if let curation = state.arm.curation { return try await curate(request, prompts, curation, run) }
    request.kept = prompts.count
    let clips = try await run.journal.clips(prompts.indices.map(request.id)) {
      try await draw(request, prompts, run).map(\.clip)
    }
    return (clips, [])
  }

  /// The samples' corrections in the samples' order, recorded and written; several at a time.
  private func correct(
    _ samples: [StoredClip], _ corrector: any Corrector, _ run: Run
  ) async throws -> [StoredClip] {
    var done: [StoredClip] = []
    var own: [any Corrector]?
    let title = "\(samples.first?.record.arm ?? "") \(samples.first?.record.generation ?? 0): correcting"
    let name = ledgerName(corrector)
    let chunk = 4 * jobs
    for start in stride(from: 0, to: samples.count, by: chunk) {
      let part = Array(start..<min(samples.count, start + chunk))
      done += try await run.journal.clips(part.map { "\(samples[$0].record.id)c" }) {
        // A corrector that looks at the whole set is asked once, and only if something is left to correct.
        let all = if let own { own } else { try await correctors(of: samples, corrector) }
        own = all
        return try await concurrentMap(part, limit: jobs) { try await correct(samples[$0], all[$0], named: name) }
      }
      let rejected = done.count { !$0.record.isUsable }
      observe(
        .progress(
          step: title, done: done.count, total: samples.count, unit: "clips",
          detail: rejected > 0 ? "\(rejected) rejected" : ""))
    }
    return done
  }

  /// The corrector of each sample: one that knows the whole set, where the arm's looks at it.
  private func correctors(of samples: [StoredClip], _ corrector: any Corrector) async throws -> [any Corrector] {
    guard let together = corrector as? any SetCorrector else { return samples.map { _ in corrector } }
    let set = try samples.map { sample in
      SetSample(
        motion: try store.motion(of: sample), action: sample.record.action, window: sample.record.parents.first,
        seed: correctionSeed(of: sample.record))
    }
    return try await together.correctors(for: set, jobs: jobs)
  }

  private func correctionSeed(of sample: ClipRecord) -> UInt64 {
    seed(sample.generation, "corrector \(sample.parents.joined(separator: " "))", sample.index)
  }

  private func correct(_ sample: StoredClip, _ corrector: any Corrector, named name: String) async throws -> StoredClip
  {
    var record = sample.record
    record.id += "c"
    record.purpose = .correction
    record.parents = [sample.record.id]
    record.seed = correctionSeed(of: sample.record)
    record.corrector = name
    return try await outcome(
      of: corrector, on: try store.motion(of: sample), record: record,
      folder: ClipStore.path(arm: record.arm, generation: record.generation), fileName: sample.record.id)
  }

  /// What a corrector makes of a motion, written below a folder of the run: in `corrected` or in `rejected`.
  ///
  /// - Parameter record: The clip's record without verdict, figures and file.
  func outcome(
    of corrector: any Corrector, on motion: Motion, record: ClipRecord, folder: String, fileName: String
  ) async throws -> StoredClip {
    var record = record
    var output = motion
    do {
      let correction = try await corrector.correct(motion, seed: record.seed)
      record.verdict = correction.verdict
      record.mpjpe = correction.report.mpjpe
      if correction.verdict.isUsable {
        output = correction.motion
        // The corrector has measured its output by the same definitions, on the same body.
        record.metrics = correction.report.after
      }
    } catch let error as SurefootError {
      record.verdict = .rejected(reason: error.message)
    }
    guard output.isFinite, output.count == motion.count, output.frameTime == motion.frameTime else {
      throw SurefootError.badSamples("the corrector \(corrector.name) changed a clip's length or frame time")
    }
    record.file = store.path("\(folder)/\(record.isUsable ? "corrected" : "rejected")", fileName)
    return try store.save(output, as: record)
  }

  // MARK: Random numbers and results

  /// The seed of one purpose. Arms are no part of it, so that their equal steps draw equal numbers.
  func seed(_ generation: Int, _ purpose: String, _ index: Int = 0) -> UInt64 {
    Seed.derive(specification.seed, "generation", generation, purpose, index)
  }

  /// The labels that a model must know, sorted.
  func actions(_ real: [TrainingClip]) -> [String] { Array(Set(real.map(\.action))).sorted() }

  private func finish(_ run: Run, _ shared: GenerationMetrics, _ arms: [ArmState]) throws -> RunResults {
    let set = run.evaluation.set
    let results = RunResults(
      name: store.folder.lastPathComponent, specification: specification.yaml, trainingWindows: run.real.count,
      evaluationWindows: set.windows.count, real: set.real, realAgainstReal: set.realAgainstReal,
      shared: shared, arms: arms.map { .init(name: $0.arm.name, generations: $0.generations) })
    _ = try store.writeJSON(results, to: "results.json")
    return results
  }
}
