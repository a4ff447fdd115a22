import Correction
import Dynamics
import Evaluation
import Foundation
import Mocap

/// A clip that was just made: its record and its motion as the file says it.
struct MadeClip: Sendable {
  let record: ClipRecord
  let motion: Motion
}

extension Loop {
  /// Draws clips for prompts in the specification's batches; the first `keep` of them are written.
  func draw(
    _ prompts: [ClipPrompt], from model: ModelRecord, purpose: ClipRecord.Purpose, folder: String, prefix: String,
    arm: String?, generation: Int, title: String, keep: Int
  ) async throws -> [MadeClip] {
    var clips: [MadeClip] = []
    for start in stride(from: 0, to: prompts.count, by: specification.sampling.batch) {
      let batch = Array(prompts[start..<min(prompts.count, start + specification.sampling.batch)])
      let seed = seed(generation, purpose.rawValue, start)
      let done = clips.count
      let motions = try await parts.generator.sample(
        SamplingPlan(
          checkpoint: store.url(model.file), prompts: batch, steps: specification.sampling.steps,
          guidance: specification.sampling.guidance, seed: seed)
      ) { step, steps, detail in
        let equivalent = done + batch.count * step / max(1, steps)
        observe(.progress(step: title, done: equivalent, total: prompts.count, unit: "clips", detail: detail))
      }
      try check(motions, prompts: batch)
      let items = zip(batch, motions).enumerated().map { (index: start + $0, prompt: $1.0, motion: $1.1) }
      clips += try concurrentMap(items) { item in
        let name = prefix + ClipStore.padded(item.index, 4)
        let file = "\(folder)/\(name).\(store.format.fileExtension)"
        let (data, hash, motion) = try store.render(item.motion, name: name)
        if item.index < keep { try AtomicFile.write(data, to: store.url(file)) }
        let record = ClipRecord(
          id: name, purpose: purpose, parents: [item.prompt.window], model: model.sha256, arm: arm,
          generation: generation, action: item.prompt.action, frames: motion.count, seed: seed, file: file,
          sha256: hash, metrics: try parts.measure(motion))
        return MadeClip(record: record, motion: motion)
      }
    }
    return clips
  }

  private func check(_ motions: [Motion], prompts: [ClipPrompt]) throws(LoopError) {
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

  /// A generation's samples, each recorded and written.
  func samples(_ generation: Int, of state: ArmState, _ journal: Journal, real: [TrainingClip]) async throws
    -> [ClipRecord]
  {
    let count = state.arm.source.count(real: real.count, lambda: specification.lambda)
    guard count > 0 else { return [] }
    let prompts = ClipPrompt.draw(count, from: real.map(\.prompt), seed: seed(generation, "prompts"))
    let name = state.arm.name
    let prefix = "\(name)-\(ClipStore.padded(generation, 3))-"
    let identities = prompts.indices.map { "clip \(prefix)\(ClipStore.padded($0, 4))" }
    let events = try await journal.step(identities, isIntact: { store.holds($0) }) {
      let clips = try await draw(
        prompts, from: state.model, purpose: .sample,
        folder: ClipStore.path(arm: name, generation: generation) + "/samples", prefix: prefix, arm: name,
        generation: generation, title: "\(name) \(generation): samples", keep: count)
      return clips.map { .clip($0.record) }
    }
    return events.clips
  }

  /// The samples' corrections, each recorded and written; several at a time, in the samples' order.
  func corrections(_ samples: [ClipRecord], of state: ArmState, _ journal: Journal) async throws -> [ClipRecord] {
    var done: [ClipRecord] = []
    let title = "\(state.arm.name) \(samples.first?.generation ?? 0): correcting"
    let chunk = 4 * jobs
    for start in stride(from: 0, to: samples.count, by: chunk) {
      let part = Array(samples[start..<min(samples.count, start + chunk)])
      let events = try await journal.step(
        part.map { "clip \($0.id)c" }, isIntact: { store.holds($0) },
        work: { try await correct(part).map { .clip($0) } })
      done += events.clips
      let rejected = done.count { !$0.isUsable }
      observe(
        .progress(
          step: title, done: done.count, total: samples.count, unit: "clips",
          detail: rejected > 0 ? "\(rejected) rejected" : ""))
    }
    return done
  }

  private func correct(_ samples: [ClipRecord]) async throws -> [ClipRecord] {
    try await withThrowingTaskGroup(of: (Int, ClipRecord).self) { group in
      var results = [ClipRecord?](repeating: nil, count: samples.count)
      var next = 0
      func start() {
        guard next < samples.count else { return }
        let index = next
        next += 1
        group.addTask { (index, try await correct(samples[index])) }
      }
      for _ in 0..<jobs { start() }
      while let (index, record) = try await group.next() {
        results[index] = record
        start()
      }
      return results.compactMap { $0 }
    }
  }

  private func correct(_ sample: ClipRecord) async throws -> ClipRecord {
    let seed = seed(sample.generation, "corrector \(sample.parents.joined(separator: " "))", sample.index)
    let motion = try store.motion(of: sample)
    var record = sample
    record.id = sample.id + "c"
    record.purpose = .correction
    record.parents = [sample.id]
    record.seed = seed
    record.corrector = correctorName
    let output: Motion
    var after = sample.metrics
    do {
      let correction = try await parts.corrector.correct(motion, seed: seed)
      record.verdict = correction.verdict.description
      record.mpjpe = correction.report.mpjpe
      output = correction.verdict.isUsable ? correction.motion : motion
      if correction.verdict.isUsable { after = correction.report.after }
    } catch let error as CorrectionError {
      record.verdict = Verdict.rejected(reason: error.problem).description
      output = motion
    }
    guard output.isFinite, output.count == motion.count, output.frameTime == motion.frameTime else {
      throw LoopError.badSamples("the corrector \(parts.corrector.name) changed a clip's length or frame time")
    }
    let kind = record.isUsable ? "corrected" : "rejected"
    let folder = ClipStore.path(arm: sample.arm, generation: sample.generation)
    record.file = "\(folder)/\(kind)/\(sample.id).\(store.format.fileExtension)"
    let (data, hash, _) = try store.render(output, name: record.id)
    try AtomicFile.write(data, to: store.url(record.file))
    record.sha256 = hash
    // The corrector has measured its output by the same definitions, on the same body.
    record.metrics = after
    return record
  }
}

extension ClipRecord {
  /// Whether a correction may be used as one.
  var isUsable: Bool { !(verdict ?? "").hasPrefix("rejected") }

  /// The number at the end of a sample's id.
  var index: Int { Int(id.suffix(4)) ?? 0 }
}

extension [LedgerEvent] {
  var clips: [ClipRecord] {
    compactMap { event in
      if case .clip(let record) = event { record } else { nil }
    }
  }
}

extension TrainingClip {
  /// What a sample is asked to be, to be like this window.
  var prompt: ClipPrompt { ClipPrompt(window: id, action: action, frames: motion.count) }
}
