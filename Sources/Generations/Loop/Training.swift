public import Evaluation
import Foundation
public import Support

extension Loop {
  /// Generation 0: from scratch, on real windows alone.
  func firstGeneration(
    _ journal: Journal, _ real: [TrainingClip], _ ruler: Ruler
  ) async throws -> (model: ModelRecord, metrics: GenerationMetrics) {
    let model = try await train(
      journal,
      Training(
        path: ClipStore.path(arm: nil, generation: 0), file: "checkpoint.safetensors", arm: nil, generation: 0,
        steps: specification.model.initialSteps, count: real.count, actions: actions(real))
    ) { real }
    let measured = try await measure(
      GenerationModel(base: model), specification.sampling, synthetic: nil, journal, real, ruler)
    return (model, measured)
  }

  /// One more generation of one loop: draw, choose, correct, mix, train, extrapolate, measure.
  func nextGeneration(
    _ generation: Int, of state: inout ArmState, _ journal: Journal, _ ruler: Ruler
  ) async throws {
    let (arm, own) = (state.arm, state.arm.specification)
    let chosen = try chosen.get()
    let places = arm.mixing.real(
      of: RealPool(count: pool.count, chosen: chosen, seed: specification.seed), generation: generation)
    let real = places.map { pool[$0] }
    let distinct = DistinctClips(
      asked: RawSamples().count(real: chosen.count, lambda: own.lambda[generation]), limit: own.distinct)
    let prompts = ClipPrompt.draw(distinct.drawn, from: real.map(\.prompt), seed: seed(generation, "prompts"))
    let made = try await synthesize(generation, of: state, journal, prompts: prompts)
    let entering = choose(made, arm, generation)
    state.synthetic.append(distinct.repeated(entering))
    let mixed = arm.mixing.mix(
      real: real.map(TrainingItem.real), synthetic: state.synthetic.map { $0.map(TrainingItem.synthetic) })
    guard !mixed.isEmpty else {
      throw SurefootError.noData("no clip is left for \(arm.name) to learn from in generation \(generation)")
    }
    try record(
      mixed, arm, generation, usual: chosen.map { pool[$0].id }, dropped: prompts.count - entering.count, journal)
    let windows = try self.chosen.get().map { pool[$0] }
    state.model = GenerationModel(
      base: try await train(journal, training(of: state, generation, mixed.count, windows)) { try load(mixed) })
    try await extrapolate(&state.model, of: arm, generation, made, windows, journal)
    let synthetic = made.samples.isEmpty ? nil : syntheticMetrics(made, used: entering.count)
    state.generations.append(
      try await measure(state.model, own.sampling, synthetic: synthetic, journal, windows, ruler))
  }

  /// A member of a training set; synthetic ones are read when they are needed.
  private enum TrainingItem {
    case real(TrainingClip)
    case synthetic(ClipRecord)
  }

  /// A training set's clips; one that stands in it several times is read once.
  private func load(_ items: [TrainingItem]) throws -> [TrainingClip] {
    var read: [String: TrainingClip] = [:]
    return try items.map { item in
      switch item {
      case .real(let clip): return clip
      case .synthetic(let record):
        let clip = try read[record.id] ?? load(record)
        read[record.id] = clip
        return clip
      }
    }
  }

  func load(_ record: ClipRecord) throws -> TrainingClip {
    TrainingClip(id: record.id, motion: try store.motion(of: record), action: record.action)
  }

  /// The labels that a model must be able to name, sorted.
  func actions(_ real: [TrainingClip]) -> [String] { Array(Set(real.map(\.action))).sorted() }

  /// What of a generation's clips enters: the sample or its correction, by the strength of correction.
  private func choose(_ made: Synthesis, _ arm: Arm, _ generation: Int) -> [ClipRecord] {
    made.slots.enumerated().compactMap { index, slot in
      guard let sample = slot.sample else { return nil }
      let drawn = DrawnClip(
        sample: sample, correction: slot.correction, isUsable: slot.correction?.isUsable ?? false)
      return arm.source.choose(drawn, seed: seed(generation, "strength", index))
    }
  }

  private func record(
    _ mixed: [TrainingItem], _ arm: Arm, _ generation: Int, usual: [String], dropped: Int, _ journal: Journal
  ) throws {
    var (windows, synthetic) = ([String](), [String]())
    for item in mixed {
      switch item {
      case .real(let clip): windows.append(clip.id)
      case .synthetic(let record): synthetic.append(record.id)
      }
    }
    try journal.record(
      .mix(
        MixRecord(
          arm: arm.name, generation: generation, real: windows.count, synthetic: synthetic,
          windows: windows == usual ? nil : windows, dropped: dropped)))
  }

  /// One training, as the ledger will tell of it.
  struct Training {
    /// The folder, relative to the run's; with `name`, the model's id.
    var path: String
    var name: String?
    var file: String
    var start: ModelRecord?
    var arm: String?
    var generation: Int
    var steps: Int
    var rate = 0.0
    var count: Int
    var actions: [String]
    var purpose = "training"

    var id: String { path + (name.map { "/" + $0 } ?? "") }
  }

  private func training(
    of state: ArmState, _ generation: Int, _ count: Int, _ real: [TrainingClip]
  ) -> Training {
    let own = state.arm.specification.model
    let isNew = own.start == .scratch
    return Training(
      path: ClipStore.path(arm: state.arm.name, generation: generation), file: "checkpoint.safetensors",
      start: isNew ? nil : state.model.base, arm: state.arm.name, generation: generation,
      steps: isNew ? own.initialSteps : own.steps, rate: isNew ? 0 : own.learningRate, count: count,
      actions: actions(real))
  }

  func train(
    _ journal: Journal, _ training: Training, clips: () async throws -> [TrainingClip]
  ) async throws -> ModelRecord {
    let file = "\(training.path)/\(training.file)"
    let seed = seed(training.generation, training.purpose)
    let events = try await journal.step(["model \(training.id)"]) {
      try FileManager.default.createDirectory(at: store.url(training.path), withIntermediateDirectories: true)
      let plan = TrainingPlan(
        start: training.start.map { store.url($0.file) }, destination: store.url(file), steps: training.steps,
        learningRate: training.rate > 0 ? training.rate : nil, actions: training.actions, seed: seed)
      let title = "\(training.arm ?? "generation 0") \(training.generation): \(training.purpose)"
      let loss = try await parts.generator.train(
        on: try await clips(), plan: plan, progress: progress(title, "steps"))
      return [
        .model(
          ModelRecord(
            id: training.id, file: file, sha256: try SHA256.hexadecimal(ofFile: store.url(file)),
            parent: training.start?.sha256, arm: training.arm, generation: training.generation, clips: training.count,
            steps: training.steps, seed: seed, loss: loss))
      ]
    }
    guard case .model(let record) = events[0] else { preconditionFailure("training gives a model") }
    return record
  }

  private func syntheticMetrics(_ made: Synthesis, used: Int) -> SyntheticMetrics {
    let usable = made.corrections.filter(\.isUsable)
    let unchanged = usable.count { $0.verdict == "unchanged" }
    let chosen = made.choices.compactMap { choice in choice.chosen.map { choice.rewards[$0] } }
    return SyntheticMetrics(
      drawn: made.samples.count, corrected: usable.count - unchanged, unchanged: unchanged,
      rejected: made.corrections.count - usable.count, used: used,
      raw: SetReport.physics(of: made.samples.map(\.metrics), bootstrap: bootstrap),
      corrections: SetReport.physics(of: usable.map(\.metrics), bootstrap: bootstrap),
      mpjpe: mean(usable.compactMap(\.mpjpe)), candidateReward: mean(made.choices.flatMap(\.rewards)),
      chosenReward: mean(chosen))
  }

  private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
