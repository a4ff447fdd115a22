import Evaluation
import Foundation
import Support

extension Loop {
  /// Draws fresh samples of a model, measures them, and writes the generation's `metrics.json`.
  func evaluate(
    _ model: GenerationModel, _ sampling: RunSpecification.SamplingPart, synthetic: SyntheticMetrics?, _ run: Run
  ) async throws -> GenerationMetrics {
    let (arm, generation) = (model.base.arm, model.base.generation)
    let settings = specification.evaluation
    let folder = ClipStore.path(arm: arm, generation: generation)
    let seed = seed(generation, "evaluation")
    let request = SamplingRequest(
      model: model, settings: sampling, purpose: .evaluation, folder: "\(folder)/evaluation",
      prefix: "\(arm ?? "shared")-\(generation.padded(to: 3))-e", arm: arm, generation: generation,
      title: "\(arm ?? "generation 0") \(generation): samples to measure", seed: seed,
      kept: min(settings.keep, settings.samples), measured: settings.physics == 0 ? Int.max : settings.physics)
    let clipIdentities = (0..<request.kept).map { EventIdentity.clip(id: request.id($0)) }
    let events = try await run.journal.step(clipIdentities + [.evaluation(arm: arm, generation: generation)]) {
      let prompts = ClipPrompt.draw(settings.samples, from: try evaluationPrompts(run.real), seed: seed)
      let clips = try await draw(request, prompts, run).map(\.clip)
      let report = try run.evaluation.set.report(
        on: try clips.map(store.motion), physics: clips.prefix(request.measured).map(\.record.metrics),
        encoder: run.evaluation.encoder, bootstrap: bootstrap)
      let metrics = GenerationMetrics(
        arm: arm, generation: generation, model: model.sampled.sha256, samples: report, synthetic: synthetic)
      let hash = try store.writeJSON(metrics, to: "\(folder)/metrics.json")
      let record = EvaluationRecord(
        arm: arm, generation: generation, model: model.sampled.sha256, file: "\(folder)/metrics.json", sha256: hash,
        seed: seed, figures: report.figures.mapValues(\.value))
      return clips.prefix(request.kept).map { .clip($0.record) } + [.evaluation(record)]
    }
    guard case .evaluation(let record) = events[events.count - 1] else {
      preconditionFailure("the step's last identity is the evaluation's")
    }
    let metrics = try JSONDecoder().decode(
      GenerationMetrics.self, from: try Data(contentsOf: store.url(record.file)))
    observe(.measured(metrics))
    return metrics
  }

  /// The prompts of the evaluation windows whose label the model knows; those of the training windows if there are none.
  private func evaluationPrompts(_ real: [TrainingClip]) throws -> [ClipPrompt] {
    let taught = Set(real.map(\.action))
    let known = try evaluationWindows.get().map(\.prompt).filter { taught.contains($0.action) }
    return known.isEmpty ? real.map(\.prompt) : known
  }
}
