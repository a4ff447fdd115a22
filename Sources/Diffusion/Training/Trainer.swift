import Foundation
public import Randomness
public import Support
import Tensors

/// What is told after each training step.
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
///     let trainer = try Trainer(model: model, data: windows, options: options, seed: 1)
///     try trainer.run(steps: 1000) { print($0.step, $0.loss) }
///     let better = trainer.model
///
/// Every random choice of a step is a function of the seed and the step's number, so that a training that is saved and
/// resumed (see ``save(to:)`` and ``init(resuming:data:)``) goes on with exactly the losses of one that was not. Gradients
/// are computed in parts of a batch (see `BatchParts`), so that the number of threads changes nothing either.
public final class Trainer {
  /// How it trains.
  public let options: TrainingOptions
  /// What all random choices are derived from.
  public let seed: UInt64
  /// Steps done.
  public private(set) var step = 0

  let training: MotionModel
  let optimizer: AdamW
  let average: ExponentialAverage
  let data: WindowSet
  /// Every window's class.
  private let classes: [Int]
  private let parts: BatchParts<DiffusionLoss>
  private var order: BatchOrder

  /// Windows in a part of a batch: enough that small products are no waste, and four parts in a preset's batch. In
  /// bfloat16 every part casts the weights once, which takes as long as some windows do.
  private static func partSize(_ products: ElementType) -> Int { products == .bfloat16 ? 16 : 8 }

  /// Training that starts at a model's weights with an empty optimizer: from scratch for a new model, fine-tuning for a
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
    let set = self.data
    classes = Torch.onOneThread { model.space.classes(set.features, actions: set.labels) }
    do {
      training = try model.replacing(weights: model.weights)
    } catch {
      throw SurefootError(.checkpoint, message: error.message, suggestion: "take a checkpoint of this version")
    }
    optimizer = AdamW(training.denoiser.parameters, rate: options.rate, beta2: options.beta2, decay: options.decay)
    average = ExponentialAverage(training.denoiser.parameters)
    let own = training
    parts = BatchParts(own.denoiser.parameters, size: Self.partSize(options.products)) {
      let copy = own.untrained()
      return (DiffusionLoss(model: copy, options: options), copy.denoiser.parameters)
    }
    order = BatchOrder(count: self.data.count, batch: options.batch, seed: seed)
  }

  /// The model with the averaged weights: what one samples from.
  public var model: MotionModel {
    let weights = Dictionary(uniqueKeysWithValues: average.parameters.map { ($0.name, $0.tensor) })
    // The average has the parameters' own names and shapes.
    guard let copy = try? training.replacing(weights: weights) else { return training }
    return copy
  }

  /// Takes some steps.
  ///
  /// - Parameter report: Called after each step.
  /// - Throws: ``SurefootError`` with ``SurefootError/Code/diverged`` if a loss or gradient is not finite; the weights
  ///   are then those of the step before.
  public func run(steps: Int, report: (TrainingProgress) -> Void = { _ in }) throws(SurefootError) {
    for _ in 0..<max(0, steps) {
      let rate = options.rate(at: step)
      let value = try takeStep(rate)
      report(TrainingProgress(step: step, loss: value, rate: rate))
    }
  }

  /// A model fine-tuned for some steps with an empty optimizer: a generation of the loop.
  public static func fineTune(
    _ model: MotionModel, on data: [TrainingWindow], steps: Int, options: TrainingOptions, seed: UInt64,
    report: (TrainingProgress) -> Void = { _ in }
  ) throws(SurefootError) -> MotionModel {
    let trainer = try Trainer(model: model, data: data, options: options, seed: seed)
    try trainer.run(steps: steps, report: report)
    return trainer.model
  }

  private func takeStep(_ rate: Double) throws(SurefootError) -> Double {
    let roll = roll(order.windows(at: step))
    let data = data
    let number = parts.backward(batch: roll.windows.count) { loss, range in
      let features = data.features.gathered(0, Tensor(indices: Array(roll.windows[range])))
      let clean = loss.model.space.encode(features)
      return loss(roll.noised(clean, range, loss.model), features: features, clean: clean, of: roll.lengths)
    }
    guard number.isFinite else { throw diverged("the loss") }
    optimizer.rate = rate
    guard optimizer.step(clipping: options.clip)?.isFinite == true else { throw diverged("the gradient") }
    average.update(decay: min(options.average, Double(1 + step) / Double(10 + step)))
    step += 1
    return number
  }

  /// A step's random choices, all of them made before it is divided.
  private func roll(_ chosen: [Int]) -> StepRoll {
    var random = SeededGenerator(seed: Seed.derive(seed, "step", step))
    let steps = chosen.map { _ in Int.random(in: 0..<training.schedule.steps, using: &random) }
    let (labels, priors) = hidden(chosen, &random)
    let (space, seed) = (training.space, random.next())
    let shape = [chosen.count, space.rows(frames: data.features.shape[1]), space.channels]
    return StepRoll(
      windows: chosen, lengths: chosen.map { data.lengths[$0] }, steps: steps, labels: labels, priors: priors,
      noise: RandomStream(seed: seed).normal(shape), seed: seed)
  }

  /// Labels of which some are hidden; of those, one in three is hidden from the prior, too, so that the model can answer
  /// prompts without an action.
  private func hidden(_ chosen: [Int], _ random: inout SeededGenerator) -> (labels: [Int], priors: [Int]) {
    let none = training.classes
    var (labels, priors) = (chosen.map { classes[$0] }, chosen.map { classes[$0] })
    for index in labels.indices {
      let roll = random.uniform()
      if roll < options.hiddenActions { labels[index] = none }
      if roll < options.hiddenActions / 3 { priors[index] = none }
    }
    return (labels, priors)
  }

  private func diverged(_ what: String) -> SurefootError {
    SurefootError(
      .diverged, message: "\(what) of step \(step + 1) is not finite",
      suggestion: "lower the learning rate or train in float32")
  }

  /// Goes on from a saved state.
  func restore(step: Int, values: [String: Tensor]) throws(SurefootError) {
    try training.denoiser.load(values.within("trainer.weights"))
    let averaged = values.within("model")
    for place in average.parameters {
      place.tensor.assign(try averaged.vector(place.name, place.tensor.shape))
    }
    try optimizer.restore(values.within("trainer"), steps: step)
    self.step = step
  }
}

extension [String: Tensor] {
  /// The tensors whose names start with `name.`, without it.
  func within(_ name: String) -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for (key, value) in self where key.hasPrefix(name + ".") { result[String(key.dropFirst(name.count + 1))] = value }
    return result
  }
}
