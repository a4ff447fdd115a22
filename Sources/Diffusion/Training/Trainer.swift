public import Support
import Tensors

/// The state of a training after a step.
public struct TrainingProgress: Sendable, Hashable {
  /// Steps done.
  public var step: Int
  /// The step's loss.
  public var loss: Double
  /// The step's learning rate.
  public var rate: Double
}

/// Trains a model: AdamW, a schedule for the rate, averaged weights.
///
///     let trainer = try Trainer(model: model, data: windows, options: .preset(.cpu), seed: 1)
///     try trainer.run(steps: 1000) { print($0.step, $0.loss) }
///     try trainer.save(to: checkpoint)                               // resumed by Trainer(resuming:data:)
///     let trained = trainer.model
///
/// Every random choice of a step is a function of the seed and the step's number, so that a resumed training has exactly
/// the losses of one that was not interrupted. Gradients are computed in parts of a batch (see `BatchParts`), so that the
/// number of threads changes nothing either.
///
/// A training computes for minutes and does not suspend. In a task, run it on a dedicated thread, where it also stops
/// when the task is cancelled:
///
///     let loss = try await DedicatedThread.run {
///       let trainer = try Trainer(model: model, data: windows, options: options, seed: 1)
///       try trainer.run(steps: 1000)
///       try trainer.save(to: checkpoint)
///     }
public final class Trainer {
  /// The options of the training.
  public let options: TrainingOptions
  /// The seed that all random choices are derived from.
  public let seed: UInt64
  /// Steps done.
  public private(set) var step = 0

  let training: MotionModel
  let optimizer: AdamW
  let average: ExponentialAverage
  let data: WindowSet
  /// Every window's class.
  private let classes: [Int]
  /// The windows' captions, for a model with texts.
  let captions: CaptionSet?
  private let parts: BatchParts<DiffusionLoss>
  private var order: BatchOrder

  /// Windows in a part of a batch: enough for efficient products, and four parts in a preset's batch. In bfloat16 every
  /// part casts the weights once, which takes as long as some windows do.
  private static func partSize(_ type: ElementType) -> Int { type == .bfloat16 ? 16 : 8 }

  /// A training that starts at a model's weights with an empty optimizer: from scratch for a new model, fine-tuning for a
  /// trained one.
  ///
  /// - Throws: ``SurefootError`` if there is no window, or if one does not fit the model.
  public init(model: MotionModel, data: [TrainingWindow], options: TrainingOptions, seed: UInt64) throws(SurefootError)
  {
    try options.validate()
    self.options = options
    self.seed = seed
    self.data = try WindowSet(
      data, model.representation, actions: model.actions, frames: model.configuration.frames,
      exact: model.space.fixedFrames != nil)
    captions = try model.captions.map { learnt throws(SurefootError) in try CaptionSet(data, learnt) }
    let set = self.data
    classes = Torch.onOneThread { model.space.classes(set.features, actions: set.labels) }
    do {
      training = try model.replacing(weights: model.weights)
    } catch {
      throw SurefootError(.checkpoint, message: error.message, suggestion: "take a checkpoint of this version")
    }
    optimizer = AdamW(training.denoiser.parameters, rate: options.rate, beta2: options.beta2, decay: options.decay)
    average = ExponentialAverage(training.denoiser.parameters)
    let learned = training
    parts = BatchParts(learned.denoiser.parameters, size: Self.partSize(options.computeType)) {
      let copy = learned.untrained()
      return (DiffusionLoss(model: copy, options: options), copy.denoiser.parameters)
    }
    order = BatchOrder(count: self.data.count, batch: options.batch, seed: seed)
  }

  /// A copy of the model with the averaged weights, which sample better than the last step's.
  public var model: MotionModel {
    let weights = Dictionary(uniqueKeysWithValues: average.parameters.map { ($0.name, $0.tensor) })
    do {
      return try training.replacing(weights: weights)
    } catch {
      preconditionFailure("the average has the parameters' names and shapes: \(error)")
    }
  }

  /// Takes some steps.
  ///
  /// - Parameter report: Called after each step.
  /// - Throws: ``SurefootError`` with ``SurefootError/Code/diverged`` if a loss or gradient is not finite; the weights
  ///   are then those of the step before. `CancellationError` if the task is cancelled; the steps done stay done.
  public func run(steps: Int, report: (TrainingProgress) -> Void = { _ in }) throws {
    for _ in 0..<max(0, steps) {
      try DedicatedThread.checkCancellation()
      let rate = options.rate(at: step)
      let loss = try takeStep(rate)
      report(TrainingProgress(step: step, loss: loss, rate: rate))
    }
  }

  /// A model fine-tuned for some steps with a new optimizer: a generation of the loop.
  public static func fineTune(
    _ model: MotionModel, on data: [TrainingWindow], steps: Int, options: TrainingOptions, seed: UInt64,
    report: (TrainingProgress) -> Void = { _ in }
  ) throws -> MotionModel {
    let trainer = try Trainer(model: model, data: data, options: options, seed: seed)
    try trainer.run(steps: steps, report: report)
    return trainer.model
  }

  private func takeStep(_ rate: Double) throws(SurefootError) -> Double {
    let draw = TrainingDraw(
      step: step, seed: seed, windows: order.windows(at: step), of: data, classes: classes, model: training,
      captions: captions, conditionDropout: options.conditionDropout)
    let data = data
    let loss = parts.backward(batch: draw.windows.count) { loss, range in
      let features = data.features.gathered(0, Tensor(indices: Array(draw.windows[range])))
      let clean = loss.model.space.encode(features)
      return loss(draw.noised(clean, range, loss.model), features: features, clean: clean, of: draw.lengths)
    }
    guard loss.isFinite else { throw diverged("the loss") }
    optimizer.rate = rate
    guard optimizer.step(clipping: options.clip)?.isFinite == true else { throw diverged("the gradient") }
    average.update(decay: min(options.average, Double(1 + step) / Double(10 + step)))
    step += 1
    return loss
  }

  private func diverged(_ quantity: String) -> SurefootError {
    SurefootError(
      .diverged, message: "\(quantity) of step \(step + 1) is not finite",
      suggestion: "lower the learning rate or train in float32")
  }

  /// Restores a saved state.
  func restore(step: Int, values: [String: Tensor]) throws(SurefootError) {
    try training.denoiser.load(values.within("trainer.weights"))
    let averaged = values.within("model")
    for parameter in average.parameters {
      parameter.tensor.assign(try averaged.required(parameter.name, parameter.tensor.shape))
    }
    try optimizer.restore(values.within("trainer"), steps: step)
    self.step = step
  }
}
