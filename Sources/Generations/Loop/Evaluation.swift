import Evaluation
import Foundation
import Randomness
import Support

/// What all generations are evaluated with; frozen before generation 0.
struct EvaluationContext: Sendable {
  let encoder: (any MotionFeatures)?
  let set: EvaluationSet
}

extension Loop {
  /// Trains the encoder and freezes the evaluation windows.
  func evaluationContext(_ journal: Journal, _ real: [TrainingClip]) async throws -> EvaluationContext {
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
      GenerationMetrics.self, from: try Data(readingFile: try store.recorded(record.file)))
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
