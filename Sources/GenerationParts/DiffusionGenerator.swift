public import Diffusion
public import Foundation
public import Kinematics
public import Support
public import Generations

/// The motion-diffusion model as the loop's generator.
///
/// Generation 0 takes the preset's own training options, laid out for its number of steps. Later generations go on with
/// a new optimizer at a constant rate: the plan's, or three tenths of the preset's.
public struct DiffusionGenerator: MotionGenerator {
  /// The preset and its whole configuration, hashed.
  public let name: String
  private let configuration: ModelConfiguration

  /// A generator of one configuration; `preset` names it in the ledger.
  public init(preset: String, configuration: ModelConfiguration) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let hash = SHA256.hexadecimal(of: try encoder.encode(configuration))
    name = "diffusion \(preset) \(hash.prefix(12))"
    self.configuration = configuration
  }

  /// Trains and writes the averaged weights; gives the mean loss of the last 50 steps.
  public func train(on clips: [TrainingClip], plan: TrainingPlan, progress: StepProgress) async throws -> Double {
    try await withoutActuallyEscaping(progress) { progress in
      try await DedicatedThread.run(name: "training") { try fit(clips, plan, progress) }
    }
  }

  private func fit(_ clips: [TrainingClip], _ plan: TrainingPlan, _ progress: StepProgress) throws -> Double {
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
      progress(report.step, plan.steps, "loss \(Decimals.short(mean))")
    }
    try trainer.model.save(to: plan.destination)
    return losses.isEmpty ? 0 : losses.reduce(0, +) / Double(losses.count)
  }

  /// Draws by DDPM with classifier-free guidance.
  public func sample(_ plan: SamplingPlan, progress: StepProgress) async throws -> [Motion] {
    let model = try MotionModel.load(plan.checkpoint)
    var options = SamplingOptions()
    options.steps = plan.steps < model.schedule.steps ? plan.steps : nil
    options.guidance = plan.guidance
    options.temperature = plan.temperature
    options.batch = max(1, plan.prompts.count)
    let prompts = plan.prompts.map { Diffusion.Prompt(action: $0.action, frames: $0.frames) }
    var predictor: (any CleanPredictor)?
    if let auxiliary = plan.auxiliary {
      predictor = Extrapolation(
        base: ClassifierFreeGuidance(model, scale: plan.guidance),
        auxiliary: ClassifierFreeGuidance(try MotionModel.load(auxiliary), scale: plan.guidance), omega: plan.omega)
    }
    let motions = try await Sampler(model, options, predictor: predictor).sample(prompts, seed: plan.seed) {
      progress($0, plan.prompts.count, "")
    }
    return motions
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

/// Numbers in few digits, the same on every platform.
enum Decimals {
  static func short(_ value: Double) -> String { String(format: abs(value) < 10 ? "%.3f" : "%.1f", value) }
}
