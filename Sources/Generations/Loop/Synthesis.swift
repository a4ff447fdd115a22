public import Correctors
public import Dynamics
public import Evaluation
import Foundation
public import Kinematics
public import Support

/// A clip that was just made: its record, its motion as the file says it, and the file's bytes.
struct MadeClip: Sendable {
  var record: ClipRecord
  let motion: Motion
  let data: Data
}

/// One drawing of clips: from what, why, and where they go.
struct Drawing: Sendable {
  let model: GenerationModel
  let sampling: RunSpecification.SamplingPart
  let purpose: ClipRecord.Purpose
  let folder: String
  let prefix: String
  let arm: String?
  let generation: Int
  let title: String
  /// How many of the first are written.
  let keep: Int
  /// What seeds are derived for; the purpose's own name but for later attempts.
  var attempt: String?
  /// Of how many of the first the physics is measured.
  var measured = Int.max
  /// Where the first prompt stands among all, if these are a part of them.
  var offset = 0
}

extension Loop {
  /// Draws clips for prompts in the specification's batches; the first `keep` of them are written.
  ///
  /// - Parameter measures: Whether their physics is measured; if not, their records hold none.
  func draw(_ drawing: Drawing, _ prompts: [ClipPrompt], measures: Bool = true) async throws -> [MadeClip] {
    var clips: [MadeClip] = []
    let batchSize = specification.sampling.batch
    for start in stride(from: 0, to: prompts.count, by: batchSize) {
      let batch = Array(prompts[start..<min(prompts.count, start + batchSize)])
      let seed = seed(drawing.generation, drawing.attempt ?? drawing.purpose.rawValue, drawing.offset + start)
      let done = clips.count
      let motions = try await parts.generator.sample(plan(drawing, batch, seed: seed)) { step, steps, detail in
        let equivalent = done + batch.count * step / max(1, steps)
        observe(.progress(step: drawing.title, done: equivalent, total: prompts.count, unit: "clips", detail: detail))
      }
      try check(motions, prompts: batch)
      let items = zip(batch, motions).enumerated().map { (index: start + $0, prompt: $1.0, motion: $1.1) }
      clips += try await concurrentMap(items) { item in
        try make(drawing, item.prompt, item.motion, index: item.index, seed: seed, measures: measures)
      }
    }
    return clips
  }

  private func plan(_ drawing: Drawing, _ prompts: [ClipPrompt], seed: UInt64) -> SamplingPlan {
    SamplingPlan(
      checkpoint: store.url(drawing.model.drawn.file), prompts: prompts, steps: drawing.sampling.steps,
      guidance: drawing.sampling.guidance, temperature: drawing.sampling.temperature,
      auxiliary: drawing.model.negative.map { store.url($0.file) }, omega: drawing.model.omega, seed: seed)
  }

  /// One clip's record; its file is written if it is among the first that are kept.
  private func make(
    _ drawing: Drawing, _ prompt: ClipPrompt, _ drawn: Motion, index: Int, seed: UInt64, measures: Bool
  ) throws -> MadeClip {
    let name = drawing.prefix + ClipStore.padded(index, 4)
    let file = "\(drawing.folder)/\(name).\(store.format.fileExtension)"
    let (data, hash, motion) = try store.render(drawn, name: name)
    if index < drawing.keep { try AtomicFile.write(data, to: store.url(file)) }
    let record = ClipRecord(
      id: name, purpose: drawing.purpose, parents: [prompt.window], model: drawing.model.drawn.sha256,
      arm: drawing.arm, generation: drawing.generation, action: prompt.action, frames: motion.count, seed: seed,
      file: file, sha256: hash, auxiliary: drawing.model.negative?.sha256,
      metrics: measures && index < drawing.measured ? try parts.measure(motion) : .unmeasurable)
    return MadeClip(record: record, motion: motion, data: data)
  }

  private func check(_ motions: [Motion], prompts: [ClipPrompt]) throws(SurefootError) {
    guard motions.count == prompts.count else {
      throw .badSamples("the model gave \(motions.count) motions for \(prompts.count) prompts")
    }
    for (motion, prompt) in zip(motions, prompts) {
      guard motion.isFinite else { throw .badSamples("the model gave motion that is not finite") }
      guard motion.count == prompt.frames else {
        throw .badSamples("the model gave \(motion.count) frames where \(prompt.frames) were asked for")
      }
    }
  }

  /// Samples for some prompts, each recorded and written.
  ///
  /// - Parameter round: 0 for a generation's first samples, later ones for those that replace rejected clips.
  /// - Returns: One a prompt; without a clip where a curator chose none of the candidates.
  func samples(
    _ generation: Int, of state: ArmState, _ journal: Journal, prompts: [ClipPrompt], round: Int = 0
  ) async throws -> [ChoiceRecord] {
    guard !prompts.isEmpty else { return [] }
    let name = state.arm.name
    let mark = round == 0 ? "" : "r\(round)-"
    let drawing = Drawing(
      model: state.model, sampling: state.arm.specification.sampling, purpose: .sample,
      folder: ClipStore.path(arm: name, generation: generation) + "/samples",
      prefix: "\(name)-\(ClipStore.padded(generation, 3))-\(mark)", arm: name, generation: generation,
      title: "\(name) \(generation): " + (round == 0 ? "samples" : "samples in place of rejected ones"),
      keep: state.arm.curation == nil ? prompts.count : 0, attempt: round == 0 ? nil : "sample, round \(round)")
    if let curation = state.arm.curation {
      return try await curated(drawing, prompts, curation, journal)
    }
    let identities = prompts.indices.map { "clip \(drawing.prefix)\(ClipStore.padded($0, 4))" }
    let events = try await journal.step(identities) {
      try await draw(drawing, prompts).map { .clip($0.record) }
    }
    return events.clips.map { ChoiceRecord(id: $0.id, reward: "none", rewards: [], chosen: nil, clip: $0) }
  }
}

extension ClipRecord {
  /// Whether a correction may be used as one.
  var isUsable: Bool { !(verdict ?? "").hasPrefix("rejected") }

  /// The number at the end of a sample's id.
  var index: Int { Int(id.suffix(4)) ?? 0 }
}

extension [LedgerEvent] {
  /// Every clip that was made, chosen ones among them.
  var clips: [ClipRecord] {
    compactMap { event in
      switch event {
      case .clip(let record): record
      case .choice(let record): record.clip
      default: nil
      }
    }
  }

  var choices: [ChoiceRecord] {
    compactMap { event in
      if case .choice(let record) = event { record } else { nil }
    }
  }
}

extension TrainingClip {
  /// What a sample is asked to be, to be like this window.
  var prompt: ClipPrompt { ClipPrompt(window: id, action: action, frames: motion.count) }
}
