public import Correctors
public import Diffusion
public import Foundation
public import Generations
import Kinematics
import Support

/// The motion-diffusion model as the loop's generator: pass it as `generator` of `Loop.Parts`.
///
///     let generator = try DiffusionGenerator(preset: "tiny", configuration: .tiny)
///     let plan = SamplingPlan(checkpoint: file, steps: 50, guidance: 1.5)
///     let sampler = try await generator.sampler(plan)
///
/// Generation 0 takes the preset's training options, adapted to its number of steps. Later generations are fine-tuned with
/// a new optimizer at a constant rate: the plan's, or 0.3 times the preset's.
public struct DiffusionGenerator: MotionGenerator {
  /// The preset and the hash of its whole configuration.
  public let name: String
  private let configuration: ModelConfiguration
  private let corrector: @Sendable (String) throws -> any Corrector

  /// A generator of one configuration.
  ///
  /// - Parameters:
  ///   - preset: Names it in the ledger.
  ///   - corrector: Makes the corrector of a name for projections inside sampling.
  public init(
    preset: String, configuration: ModelConfiguration,
    corrector: @escaping @Sendable (String) throws -> any Corrector = { try CorrectorRegistry.resolve($0) }
  ) throws {
    self.corrector = corrector
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let hash = SHA256.hexadecimal(of: try encoder.encode(configuration))
    name = "diffusion \(preset) \(hash.prefix(12))"
    self.configuration = configuration
  }

  /// Trains and writes the averaged weights; gives the mean loss of the last 50 steps.
  public func train(on clips: [TrainingClip], plan: TrainingPlan, progress: @escaping StepProgress) async throws
    -> Double
  {
    try await DedicatedThread.run(name: "training") { try fit(clips, plan, progress) }
  }

  private func fit(_ clips: [TrainingClip], _ plan: TrainingPlan, _ progress: @escaping StepProgress) throws -> Double {
    let windows = clips.map { TrainingWindow(motion: $0.motion, action: $0.action) }
    let model: MotionModel
    if let start = plan.start {
      model = try MotionModel.load(start)
    } else {
      model = try MotionModel(
        configuration: configuration, fitting: windows, actions: plan.actions.isEmpty ? nil : plan.actions,
        seed: plan.seed)
    }
    let trainer = try Trainer(model: model, data: windows, options: options(plan), seed: plan.seed)
    var losses: [Double] = []
    try trainer.run(steps: plan.steps) { report in
      losses = Array((losses + [report.loss]).suffix(50))
      let mean = losses.reduce(0, +) / Double(losses.count)
      progress(report.step, plan.steps, "loss \(Numbers.loss(mean))")
    }
    try trainer.model.save(to: plan.destination)
    return losses.isEmpty ? 0 : losses.reduce(0, +) / Double(losses.count)
  }

  /// Loads the plan's model, and its auxiliary if it has one.
  public func sampler(_ plan: SamplingPlan) async throws -> any MotionSampler {
    let model = try MotionModel.load(plan.checkpoint)
    var options = SamplingOptions()
    options.steps = plan.steps < model.schedule.steps ? plan.steps : nil
    options.guidance = plan.guidance
    options.temperature = plan.temperature
    options.batch = plan.batch
    var predictor: (any CleanPredictor)?
    if let auxiliary = plan.auxiliary {
      predictor = Extrapolation(
        base: ClassifierFreeGuidance(model, scale: plan.guidance),
        auxiliary: ClassifierFreeGuidance(try MotionModel.load(auxiliary), scale: plan.guidance), omega: plan.omega)
    }
    let projection = try plan.projection.map { (plan: $0, corrector: try corrector($0.corrector)) }
    return LoadedSampler(model: model, options: options, predictor: predictor, projection: projection)
  }

  /// Samples by DDPM with classifier-free guidance.
  private struct LoadedSampler: MotionSampler {
    let model: MotionModel
    let options: SamplingOptions
    let predictor: (any CleanPredictor)?
    let projection: (plan: ProjectionPlan, corrector: any Corrector)?

    func sample(
      _ prompts: [ClipPrompt], seed: UInt64, first: Int, progress: @escaping StepProgress
    ) async throws -> [Motion] {
      let projection = projection.map { plan, corrector in
        Projection(by: corrector, steps: plan.steps, from: plan.from, seed: seed)
      }
      let sampler = try Sampler(model, options, predictor: predictor, projection: projection)
      let asked = prompts.map { Prompt(action: $0.action, frames: $0.frames) }
      return try await sampler.sample(asked, seed: seed, first: first) { progress($0, asked.count, "") }
    }

    func denoised(
      _ motions: [Motion], prompts: [ClipPrompt], level: Double, seeds: [UInt64]
    ) async throws -> [Motion] {
      let asked = prompts.map { Prompt(action: $0.action, frames: $0.frames) }
      let sampler = try Sampler(model, options, predictor: predictor)
      return try await sampler.denoised(motions, prompts: asked, level: level, seeds: seeds)
    }
  }

  /// Extrapolates weights.
  public func extrapolate(base: URL, auxiliary: URL, omega: Double, to destination: URL) async throws {
    let (model, other) = (try MotionModel.load(base), try MotionModel.load(auxiliary))
    try model.extrapolated(from: other, omega: omega).save(to: destination)
  }

  private func options(_ plan: TrainingPlan) -> TrainingOptions {
    var options = TrainingOptions.preset(configuration)
    options.steps = plan.steps
    if plan.start != nil {
      options.rate = plan.learningRate ?? 0.3 * options.rate
      options.schedule = .constant
      options.warmUp = min(options.warmUp, plan.steps / 10)
    } else {
      options.warmUp = min(options.warmUp, plan.steps / 4)
    }
    return options
  }
}
