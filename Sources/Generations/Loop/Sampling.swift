import Correctors
import Dynamics
import Evaluation
import Foundation
import Kinematics
import Support

/// One sampling of the loop: from which model, for which purpose, and where the clips go.
struct SamplingRequest: Sendable {
  let model: GenerationModel
  let settings: RunSpecification.SamplingPart
  let purpose: ClipRecord.Purpose
  /// The clips' folder, relative to the run's.
  let folder: String
  /// The beginning of the clips' ids; the index follows.
  var prefix: String
  let arm: String?
  let generation: Int
  /// For progress.
  var title: String
  /// Clip i has the random numbers of this seed and index i, whatever the batch.
  var seed: UInt64
  /// The number of the first clips that are written.
  var kept = 0
  /// The number of the first clips whose physics is measured.
  var measured = Int.max

  /// The id of a clip.
  func id(_ index: Int) -> String { prefix + index.padded(to: 4) }
}

extension Loop {
  /// Draws a clip for each prompt; the first `kept` are written and have a hash.
  ///
  /// - Parameter first: The index of the first prompt, if these are a part of the request's prompts.
  /// - Returns: The clips with the motions and bytes of their files, written or not.
  func draw(
    _ request: SamplingRequest, _ prompts: [ClipPrompt], first: Int = 0, _ run: Run
  ) async throws -> [(clip: StoredClip, bytes: Data)] {
    let model = request.model
    let plan = SamplingPlan(
      checkpoint: store.url(model.sampled.file), steps: request.settings.steps, guidance: request.settings.guidance,
      temperature: request.settings.temperature, batch: specification.sampling.batch,
      auxiliary: model.auxiliary.map { store.url($0.file) }, omega: model.omega,
      projection: request.settings.projectionPlan)
    let sampler = try await run.sampler(plan, arm: request.arm)
    let motions = try await sampler.sample(
      prompts, seed: request.seed, first: first, progress: progress(request.title, "clips"))
    try check(motions, prompts: prompts)
    let items = zip(prompts, motions).enumerated().map { (index: first + $0, prompt: $1.0, motion: $1.1) }
    return try await concurrentMap(items) { try clip(request, $0.prompt, $0.motion, index: $0.index) }
  }

  private func clip(
    _ request: SamplingRequest, _ prompt: ClipPrompt, _ drawn: Motion, index: Int
  ) throws -> (clip: StoredClip, bytes: Data) {
    let id = request.id(index)
    let (bytes, motion) = try store.encode(drawn, name: id)
    var record = ClipRecord(
      id: id, purpose: request.purpose, parents: [prompt.window], model: request.model.sampled.sha256,
      arm: request.arm, generation: request.generation, index: index, action: prompt.action, frames: motion.count,
      seed: request.seed, file: store.path(request.folder, id), sha256: "",
      auxiliary: request.model.auxiliary?.sha256,
      metrics: index < request.measured ? try parts.measure(motion) : .unmeasurable)
    if index < request.kept { try store.write(bytes, of: &record) }
    return (StoredClip(record: record, motion: motion), bytes)
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
}

/// What a generation drew: for each prompt the latest sample and its correction, and everything that was made.
struct Synthesis: Sendable {
  /// For each prompt; a sample is `nil` where a curator chose none, a correction where nothing was corrected.
  var latest: [(sample: StoredClip?, correction: StoredClip?)]
  var samples: [ClipRecord] = []
  var corrections: [ClipRecord] = []
  var choices: [ChoiceRecord] = []

  /// The figures of the generation's synthetic clips.
  ///
  /// - Parameter used: The number of clips that entered training.
  func metrics(used: Int, bootstrap: Bootstrap) -> SyntheticMetrics {
    let usable = corrections.filter(\.isUsable)
    let unchanged = usable.count { $0.verdict == .unchanged }
    let chosen = choices.compactMap { choice in choice.chosen.map { choice.rewards[$0] } }
    return SyntheticMetrics(
      drawn: samples.count, corrected: usable.count - unchanged, unchanged: unchanged,
      rejected: corrections.count - usable.count, used: used,
      raw: SetReport.physics(of: samples.map(\.metrics), bootstrap: bootstrap),
      corrections: SetReport.physics(of: usable.map(\.metrics), bootstrap: bootstrap),
      mpjpe: mean(usable.compactMap(\.mpjpe)), candidateReward: mean(choices.flatMap(\.rewards)),
      chosenReward: mean(chosen))
  }

  private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
