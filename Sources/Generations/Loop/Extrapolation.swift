import Foundation
import Support

extension Loop {
  /// Trains the auxiliary of a generation's model and extrapolates away from it, where the arm does so.
  ///
  /// Self-improvement (SIMS, arXiv:2408.16333; Neon of the same group): the auxiliary is fine-tuned from the generation's
  /// base for a small budget on synthetic motions alone, and so shows where self-consumption leads. Generation 0, which
  /// arms share, stays as it is; the first extrapolated model is generation 1's. The next generation's base is fine-tuned
  /// from this one's base, never from the extrapolated weights.
  ///
  /// - Parameter samples: The generation's samples as they were drawn.
  func extrapolate(
    _ model: inout GenerationModel, of arm: Arm, _ generation: Int, _ samples: [ClipRecord], _ run: Run
  ) async throws {
    let settings = arm.specification.extrapolation
    guard settings.method != .none else { return }
    let base = model
    let count = settings.samples > 0 ? settings.samples : run.real.count
    let raw = settings.negative == .raw ? Array(samples.prefix(count)) : []
    // Before anything is drawn (lambda 0, or a schedule that begins with 0) there are no raw samples to learn from.
    let drawsOwn = settings.negative == .own || raw.isEmpty
    let job = TrainingJob(
      folder: ClipStore.path(arm: arm.name, generation: generation), name: "auxiliary", start: base.base,
      arm: arm.name, generation: generation, steps: settings.steps,
      learningRate: arm.specification.model.learningRate, clips: drawsOwn ? count : raw.count,
      actions: actions(run.real), purpose: "training the auxiliary")
    let auxiliary = try await train(job, run) {
      if drawsOwn { return try await freshSamples(count, of: base, arm, generation, run) }
      return try raw.map { record in
        let motion = try store.motion(of: StoredClip(record: record))
        return TrainingClip(id: record.id, motion: motion, action: record.action)
      }
    }
    let omega = try await omega(of: arm, generation, run) { omega, name in
      try await probe(base, auxiliary, omega, settings.method, "\(job.folder)/.\(name).part")
    }
    removeProbes(job.folder)
    guard omega > 0 || settings.target == .none else { return }
    switch settings.method {
    case .none: break
    case .sims: (model.auxiliary, model.omega) = (auxiliary, omega)
    case .neon: model.extrapolated = try await neon(base.base, auxiliary, omega, job.folder, run)
    }
  }

  /// The model at a strength that is tried; its weights, if they are extrapolated, in a file that does not stay.
  private func probe(
    _ base: GenerationModel, _ auxiliary: ModelRecord, _ omega: Double, _ method: ExtrapolationMethod, _ file: String
  ) async throws -> GenerationModel {
    guard omega > 0 else { return base }
    var model = base
    switch method {
    case .none: break
    case .sims: (model.auxiliary, model.omega) = (auxiliary, omega)
    case .neon:
      try await parts.generator.extrapolate(
        base: store.url(base.base.file), auxiliary: store.url(auxiliary.file), omega: omega, to: store.url(file))
      model.extrapolated = base.base
      model.extrapolated?.file = file
    }
    return model
  }

  private func removeProbes(_ folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: store.url(folder).path)) ?? []
    for name in names where name.hasPrefix(".probe-") {
      try? FileManager.default.removeItem(at: store.url("\(folder)/\(name)"))
    }
  }

  /// Fresh samples of a generation's base for its auxiliary. They are not kept: the ledger's seeds and models give them
  /// again.
  private func freshSamples(
    _ count: Int, of base: GenerationModel, _ arm: Arm, _ generation: Int, _ run: Run
  ) async throws -> [TrainingClip] {
    let prompts = ClipPrompt.draw(count, from: run.real.map(\.prompt), seed: seed(generation, "auxiliary prompts"))
    let request = SamplingRequest(
      model: base, settings: arm.specification.sampling, purpose: .sample, folder: "", prefix: "auxiliary-",
      arm: arm.name, generation: generation, title: "\(arm.name) \(generation): samples for the auxiliary",
      seed: seed(generation, "auxiliary"), measured: 0)
    return try await draw(request, prompts, run).map { drawn in
      TrainingClip(
        id: drawn.clip.record.id, motion: try store.motion(of: drawn.clip), action: drawn.clip.record.action)
    }
  }

  private func neon(
    _ base: ModelRecord, _ auxiliary: ModelRecord, _ omega: Double, _ folder: String, _ run: Run
  ) async throws -> ModelRecord {
    let file = "\(folder)/extrapolated.safetensors"
    return try await run.journal.model("\(folder)/extrapolated") {
      try await parts.generator.extrapolate(
        base: store.url(base.file), auxiliary: store.url(auxiliary.file), omega: omega, to: store.url(file))
      var record = base
      record.id = "\(folder)/extrapolated"
      record.file = file
      record.sha256 = try SHA256.hexadecimal(ofFile: store.url(file))
      record.parent = base.sha256
      record.steps = 0
      record.auxiliary = auxiliary.sha256
      return record
    }
  }
}
