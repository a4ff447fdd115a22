import Foundation
public import Support

extension Loop {
  /// Trains the auxiliary of a generation's model and steps away from it, where the arm does so.
  ///
  /// Self-improvement (SIMS, arXiv:2408.16333; Neon of the same group): the auxiliary goes on from the generation's own
  /// base for a small budget on synthetic motions alone, and so shows where self-consumption leads. Generation 0, which
  /// arms share, stays as it is; so the first extrapolated model is generation 1's. The next generation's base goes on
  /// from this one's base, never from the extrapolated weights.
  func extrapolate(
    _ model: inout GenerationModel, of arm: Arm, _ generation: Int, _ made: Synthesis, _ real: [TrainingClip],
    _ journal: Journal
  ) async throws {
    let own = arm.specification.extrapolation
    guard own.method != .none else { return }
    let base = model
    let path = ClipStore.path(arm: arm.name, generation: generation)
    let count = own.samples > 0 ? own.samples : real.count
    let known = own.negative == .raw ? Array(made.samples.prefix(count)) : []
    // Before anything is drawn (lambda 0, or a schedule that begins at it) there is nothing raw to learn from.
    let isOwn = own.negative == .own || known.isEmpty
    let auxiliary = try await train(
      journal,
      Training(
        path: path, name: "auxiliary", file: "auxiliary.safetensors", start: base.base, arm: arm.name,
        generation: generation, steps: own.steps, rate: arm.specification.model.learningRate,
        count: isOwn ? count : known.count, actions: actions(real), purpose: "training the auxiliary")
    ) {
      isOwn
        ? try await ownSamples(count, of: base, arm, generation, real) : try known.map(load)
    }
    switch own.method {
    case .none: break
    case .sims: (model.negative, model.omega) = (auxiliary, own.omega)
    case .neon: model.extrapolated = try await neon(base.base, auxiliary, own.omega, path, journal)
    }
  }

  /// Fresh samples of a generation's base, for its auxiliary alone: they are not kept, since the ledger's seeds and
  /// models make them again.
  private func ownSamples(
    _ count: Int, of base: GenerationModel, _ arm: Arm, _ generation: Int, _ real: [TrainingClip]
  ) async throws -> [TrainingClip] {
    let prompts = ClipPrompt.draw(count, from: real.map(\.prompt), seed: seed(generation, "auxiliary prompts"))
    let drawing = Drawing(
      model: base, sampling: arm.specification.sampling, purpose: .sample, folder: "", prefix: "auxiliary-",
      arm: arm.name, generation: generation, title: "\(arm.name) \(generation): samples for the auxiliary", keep: 0,
      attempt: "auxiliary")
    return try await draw(drawing, prompts, measures: false).map { clip in
      TrainingClip(id: clip.record.id, motion: clip.motion, action: clip.record.action)
    }
  }

  private func neon(
    _ base: ModelRecord, _ auxiliary: ModelRecord, _ omega: Double, _ path: String, _ journal: Journal
  ) async throws -> ModelRecord {
    let file = "\(path)/extrapolated.safetensors"
    let events = try await journal.step(["model \(path)/extrapolated"]) {
      try await parts.generator.extrapolate(
        base: store.url(base.file), auxiliary: store.url(auxiliary.file), omega: omega, to: store.url(file))
      var record = base
      record.id = "\(path)/extrapolated"
      record.file = file
      record.sha256 = try SHA256.hexadecimal(ofFile: store.url(file))
      record.parent = base.sha256
      record.steps = 0
      record.auxiliary = auxiliary.sha256
      return [.model(record)]
    }
    guard case .model(let record) = events[0] else { preconditionFailure("extrapolation gives a model") }
    return record
  }
}
