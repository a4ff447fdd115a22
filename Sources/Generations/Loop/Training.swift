import Evaluation
import Foundation
import Mocap

extension Loop {
  /// Generation 0: from scratch, on real windows alone.
  func firstGeneration(
    _ journal: Journal, _ real: [TrainingClip], _ ruler: Ruler
  ) async throws -> (model: ModelRecord, metrics: GenerationMetrics) {
    let model = try await train(
      journal, clips: { real }, count: real.count, from: nil, arm: nil, generation: 0,
      steps: specification.model.initialSteps)
    return (model, try await measure(model, synthetic: nil, journal, real, ruler))
  }

  /// One more generation of one loop: draw, correct, mix, train, measure.
  func nextGeneration(
    _ generation: Int, of state: inout ArmState, _ journal: Journal, _ real: [TrainingClip], _ ruler: Ruler
  ) async throws {
    let samples = try await samples(generation, of: state, journal, real: real)
    let corrections = state.arm.source.corrects ? try await corrections(samples, of: state, journal) : []
    let chosen = choose(samples, corrections, state.arm, generation)
    state.synthetic.append(chosen)
    try journal.record(
      .mix(
        MixRecord(
          arm: state.arm.name, generation: generation, real: real.count, synthetic: chosen.map(\.id),
          dropped: samples.count - chosen.count)))
    let mixed = state.arm.mixing.mix(
      real: real.map(TrainingItem.real), synthetic: state.synthetic.map { $0.map(TrainingItem.synthetic) })
    state.model = try await train(
      journal, clips: { try mixed.map(load) }, count: mixed.count, from: state.model, arm: state.arm.name,
      generation: generation, steps: specification.model.steps)
    let synthetic = samples.isEmpty ? nil : syntheticMetrics(samples, corrections, used: chosen.count)
    state.generations.append(try await measure(state.model, synthetic: synthetic, journal, real, ruler))
  }

  /// A member of a training set; synthetic ones are read when they are needed.
  private enum TrainingItem {
    case real(TrainingClip)
    case synthetic(ClipRecord)
  }

  private func load(_ item: TrainingItem) throws -> TrainingClip {
    switch item {
    case .real(let clip): clip
    case .synthetic(let record):
      TrainingClip(id: record.id, motion: try store.motion(of: record), action: record.action)
    }
  }

  private func choose(
    _ samples: [ClipRecord], _ corrections: [ClipRecord], _ arm: Arm, _ generation: Int
  ) -> [ClipRecord] {
    samples.indices.compactMap { index in
      let correction = index < corrections.count ? corrections[index] : nil
      let drawn = DrawnClip(sample: samples[index], correction: correction, isUsable: correction?.isUsable ?? false)
      return arm.source.choose(drawn, seed: seed(generation, "strength", index))
    }
  }

  private func train(
    _ journal: Journal, clips: () throws -> [TrainingClip], count: Int, from start: ModelRecord?, arm: String?,
    generation: Int, steps: Int
  ) async throws -> ModelRecord {
    let path = ClipStore.path(arm: arm, generation: generation)
    let file = "\(path)/checkpoint.safetensors"
    let seed = seed(generation, "training")
    let rate = specification.model.learningRate
    let events = try await journal.step(["model \(path)"], isIntact: { store.holds($0) }) {
      try FileManager.default.createDirectory(at: store.url(path), withIntermediateDirectories: true)
      let plan = TrainingPlan(
        start: start.map { store.url($0.file) }, destination: store.url(file), steps: steps,
        learningRate: start != nil && rate > 0 ? rate : nil, seed: seed)
      let loss = try await parts.generator.train(
        on: try clips(), plan: plan, progress: progress("\(arm ?? "generation 0") \(generation): training", "steps"))
      return [
        .model(
          ModelRecord(
            id: path, file: file, sha256: try SHA256.hexadecimal(ofFile: store.url(file)), parent: start?.sha256,
            arm: arm, generation: generation, clips: count, steps: steps, seed: seed, loss: loss))
      ]
    }
    guard case .model(let record) = events[0] else { preconditionFailure("training gives a model") }
    return record
  }

  private func syntheticMetrics(
    _ samples: [ClipRecord], _ corrections: [ClipRecord], used: Int
  ) -> SyntheticMetrics {
    let usable = corrections.filter(\.isUsable)
    let unchanged = usable.count { $0.verdict == "unchanged" }
    let distances = usable.compactMap(\.mpjpe)
    return SyntheticMetrics(
      drawn: samples.count, corrected: usable.count - unchanged, unchanged: unchanged,
      rejected: corrections.count - usable.count, used: used,
      raw: SetReport.physics(of: samples.map(\.metrics), bootstrap: bootstrap),
      corrections: SetReport.physics(of: usable.map(\.metrics), bootstrap: bootstrap),
      mpjpe: distances.isEmpty ? nil : distances.reduce(0, +) / Double(distances.count))
  }
}
