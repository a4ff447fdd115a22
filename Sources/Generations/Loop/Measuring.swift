public import Evaluation
import Foundation
public import Randomness
public import Support

/// What generations are measured with, frozen before the first.
struct Ruler: Sendable {
  let encoder: (any MotionFeatures)?
  let set: EvaluationSet
}

extension Loop {
  var bootstrap: Bootstrap {
    Bootstrap(resamples: specification.evaluation.resamples, seed: Seed.derive(specification.seed, "bootstrap"))
  }

  /// Trains the encoder and freezes the evaluation windows.
  func prepareMeasuring(_ journal: Journal, _ real: [TrainingClip]) async throws -> Ruler {
    let encoder = try await encoder(journal, real)
    let file = "evaluation-set.json"
    var fresh: EvaluationSet?
    _ = try await journal.step(["evaluation set"]) {
      let held = try held.get()
      observe(.note("measuring \(held.count) evaluation windows and \(real.count) training windows"))
      let set = try EvaluationSet(
        evaluation: held.map { ($0.id, $0.motion) }, training: real.map(\.motion), encoder: encoder,
        measure: parts.measure, bootstrap: bootstrap)
      fresh = set
      let hash = try set.save(to: store.url(file))
      return [.evaluationSet(EvaluationSetRecord(file: file, sha256: hash, windows: set.windows.count))]
    }
    return Ruler(encoder: encoder, set: try fresh ?? EvaluationSet.load(from: store.url(file)))
  }

  private func encoder(_ journal: Journal, _ real: [TrainingClip]) async throws -> (any MotionFeatures)? {
    guard let trainer = parts.encoder, specification.evaluation.encoderSteps > 0 else { return nil }
    let file = "encoder.safetensors"
    let seed = Seed.derive(specification.seed, "encoder")
    let steps = specification.evaluation.encoderSteps
    // Every training window there is, not the n drawn ones alone: the ruler should know motion as well as it can.
    let clips = data.training
    _ = try await journal.step(["model encoder"]) {
      let loss = try await trainer.train(
        on: clips, steps: steps, to: store.url(file), seed: seed, progress: progress("training the encoder", "steps"))
      return [
        .model(
          ModelRecord(
            id: "encoder", file: file, sha256: try SHA256.hexadecimal(ofFile: store.url(file)), parent: nil, arm: nil,
            generation: 0, clips: clips.count, steps: steps, seed: seed, loss: loss))
      ]
    }
    return try trainer.load(store.url(file))
  }

  /// Draws fresh samples of a model, measures them, and writes the generation's `metrics.json`.
  func measure(
    _ model: GenerationModel, _ sampling: RunSpecification.SamplingPart, synthetic: SyntheticMetrics?,
    _ journal: Journal, _ real: [TrainingClip], _ ruler: Ruler
  ) async throws -> GenerationMetrics {
    let (arm, generation) = (model.base.arm, model.base.generation)
    let folder = ClipStore.path(arm: arm, generation: generation)
    let prefix = "\(arm ?? "shared")-\(ClipStore.padded(generation, 3))-e"
    let physics = specification.evaluation.physics == 0 ? Int.max : specification.evaluation.physics
    let keep = min(specification.evaluation.keep, specification.evaluation.samples)
    let identities =
      (0..<keep).map { "clip \(prefix)\(ClipStore.padded($0, 4))" } + ["evaluation \(arm ?? "shared") \(generation)"]
    let events = try await journal.step(identities) {
      let seed = seed(generation, "evaluation")
      let prompts = ClipPrompt.draw(specification.evaluation.samples, from: try evaluationPrompts(real), seed: seed)
      let clips = try await draw(
        Drawing(
          model: model, sampling: sampling, purpose: .evaluation, folder: "\(folder)/evaluation", prefix: prefix,
          arm: arm, generation: generation,
          title: "\(arm ?? "generation 0") \(generation): samples to measure", keep: keep, measured: physics),
        prompts)
      let report = try ruler.set.report(
        on: clips.map(\.motion), physics: clips.prefix(physics).map(\.record.metrics), encoder: ruler.encoder,
        bootstrap: bootstrap)
      let metrics = GenerationMetrics(
        arm: arm, generation: generation, model: model.drawn.sha256, samples: report, synthetic: synthetic)
      let hash = try store.writeJSON(metrics, to: "\(folder)/metrics.json")
      let record = EvaluationRecord(
        arm: arm, generation: generation, model: model.drawn.sha256, file: "\(folder)/metrics.json", sha256: hash,
        seed: seed, figures: report.figures.mapValues(\.value))
      return clips.prefix(keep).map { .clip($0.record) } + [.evaluation(record)]
    }
    guard case .evaluation(let record) = events[events.count - 1] else { preconditionFailure("the last is measured") }
    let metrics = try JSONDecoder().decode(
      GenerationMetrics.self, from: try Data(contentsOf: store.url(record.file)))
    observe(.measured(metrics))
    return metrics
  }

  /// The prompts of the evaluation windows whose label the model was taught; the training windows' if there is none.
  private func evaluationPrompts(_ real: [TrainingClip]) throws -> [ClipPrompt] {
    let taught = Set(real.map(\.action))
    let known = try held.get().map(\.prompt).filter { taught.contains($0.action) }
    return known.isEmpty ? real.map(\.prompt) : known
  }

  func progress(_ step: String, _ unit: String) -> StepProgress {
    { done, total, detail in observe(.progress(step: step, done: done, total: total, unit: unit, detail: detail)) }
  }
}
