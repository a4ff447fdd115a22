import Foundation
import Support

/// The models of a generation: the one that was trained, and what extrapolation makes of it.
struct GenerationModel: Sendable {
  /// The model that the next generation's training starts from.
  var base: ModelRecord
  /// The model that sampling is pushed away from (SIMS).
  var auxiliary: ModelRecord?
  /// The extrapolation's strength.
  var omega = 0.0
  /// The model of extrapolated weights (Neon).
  var extrapolated: ModelRecord?

  /// The model that is sampled from.
  var sampled: ModelRecord { extrapolated ?? base }

  init(base: ModelRecord) { self.base = base }
}

/// One training of the loop, as the ledger records it.
struct TrainingJob {
  /// The folder relative to the run's; also the id of the generation's model.
  var folder: String
  /// Set for the auxiliary: its checkpoint's name.
  var name: String?
  /// The model whose weights training starts from; `nil` for scratch.
  var start: ModelRecord?
  var arm: String?
  var generation: Int
  var steps: Int
  /// 0 for the model's default.
  var learningRate = 0.0
  /// The number of training clips.
  var clips: Int
  var actions: [String]
  var purpose = "training"

  var id: String { folder + (name.map { "/" + $0 } ?? "") }
  var file: String { "\(folder)/\(name ?? "checkpoint").safetensors" }
}

extension Loop {
  /// Trains a model unless the ledger has it. `clips` is called only if the training takes place.
  func train(_ job: TrainingJob, _ run: Run, on clips: () async throws -> [TrainingClip]) async throws -> ModelRecord {
    try await run.journal.model(job.id) {
      try FileManager.default.createDirectory(at: store.url(job.folder), withIntermediateDirectories: true)
      let plan = TrainingPlan(
        start: job.start.map { store.url($0.file) }, destination: store.url(job.file), steps: job.steps,
        learningRate: job.learningRate > 0 ? job.learningRate : nil, actions: job.actions,
        seed: seed(job.generation, job.purpose))
      let title = "\(job.arm ?? "generation 0") \(job.generation): \(job.purpose)"
      let loss = try await parts.generator.train(
        on: try await clips(), plan: plan, progress: progress(title, "steps"))
      return ModelRecord(
        id: job.id, file: job.file, sha256: try SHA256.hexadecimal(ofFile: store.url(job.file)),
        parent: job.start?.sha256, arm: job.arm, generation: job.generation, clips: job.clips, steps: job.steps,
        seed: plan.seed, loss: loss)
    }
  }
}
