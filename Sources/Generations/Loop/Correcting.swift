public import Correctors
import Foundation
public import Kinematics
public import Support

/// What became of one prompt: the sample that stands for it, and its correction.
struct Slot: Sendable {
  var sample: ClipRecord?
  var correction: ClipRecord?
}

/// What a generation drew: a slot a prompt, and everything that was made on the way there.
struct Synthesis: Sendable {
  var slots: [Slot] = []
  var samples: [ClipRecord] = []
  var corrections: [ClipRecord] = []
  var choices: [ChoiceRecord] = []
}

extension Loop {
  /// How often a rejected clip is drawn anew where the specification asks for it.
  static let replacements = 3

  /// A generation's samples and their corrections.
  func synthesize(
    _ generation: Int, of state: ArmState, _ journal: Journal, prompts: [ClipPrompt]
  ) async throws -> Synthesis {
    var made = Synthesis(slots: Array(repeating: Slot(), count: prompts.count))
    var open = Array(prompts.indices)
    let replaces = state.arm.specification.rejected == .replace && state.arm.corrector != nil
    for round in 0...(replaces ? Loop.replacements : 0) where !open.isEmpty {
      let drawn = try await samples(generation, of: state, journal, prompts: open.map { prompts[$0] }, round: round)
      made.samples += drawn.compactMap(\.clip)
      made.choices += drawn
      for (index, choice) in zip(open, drawn) { made.slots[index] = Slot(sample: choice.clip) }
      guard let corrector = state.arm.corrector else { break }
      let corrections = try await corrections(drawn.compactMap(\.clip), corrector, journal)
      made.corrections += corrections
      let bySample = Dictionary(uniqueKeysWithValues: corrections.map { ($0.parents[0], $0) })
      for index in open { made.slots[index].correction = made.slots[index].sample.flatMap { bySample[$0.id] } }
      open = open.filter { made.slots[$0].correction.map { !$0.isUsable } ?? false }
    }
    return made
  }

  /// The samples' corrections, each recorded and written; several at a time, in the samples' order.
  private func corrections(
    _ samples: [ClipRecord], _ corrector: any Corrector, _ journal: Journal
  ) async throws -> [ClipRecord] {
    var done: [ClipRecord] = []
    let title = "\(samples.first?.arm ?? "") \(samples.first?.generation ?? 0): correcting"
    let chunk = 4 * jobs
    for start in stride(from: 0, to: samples.count, by: chunk) {
      let part = Array(samples[start..<min(samples.count, start + chunk)])
      let events = try await journal.step(part.map { "clip \($0.id)c" }) {
        try await concurrentMap(part, limit: jobs) { .clip(try await correct($0, corrector)) }
      }
      done += events.clips
      let rejected = done.count { !$0.isUsable }
      observe(
        .progress(
          step: title, done: done.count, total: samples.count, unit: "clips",
          detail: rejected > 0 ? "\(rejected) rejected" : ""))
    }
    return done
  }

  private func correct(_ sample: ClipRecord, _ corrector: any Corrector) async throws -> ClipRecord {
    let seed = seed(sample.generation, "corrector \(sample.parents.joined(separator: " "))", sample.index)
    let motion = try store.motion(of: sample)
    var record = sample
    record.id = sample.id + "c"
    record.purpose = .correction
    record.parents = [sample.id]
    record.seed = seed
    record.corrector = ledgerName(corrector)
    let output: Motion
    var after = sample.metrics
    do {
      let own = (corrector as? any PromptedCorrector)?.drawn(for: sample.parents[0]) ?? corrector
      let correction = try await own.correct(motion, seed: seed)
      record.verdict = correction.verdict.description
      record.mpjpe = correction.report.mpjpe
      output = correction.verdict.isUsable ? correction.motion : motion
      if correction.verdict.isUsable { after = correction.report.after }
    } catch let error as SurefootError {
      record.verdict = Verdict.rejected(reason: error.message).description
      output = motion
    }
    guard output.isFinite, output.count == motion.count, output.frameTime == motion.frameTime else {
      throw SurefootError.badSamples("the corrector \(corrector.name) changed a clip's length or frame time")
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
