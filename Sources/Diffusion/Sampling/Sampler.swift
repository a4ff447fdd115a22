import Foundation
public import Kinematics
public import Randomness
public import Support
import Tensors

/// Makes motions of a model.
///
///     let sampler = try Sampler(model)
///     let motions = try await sampler.sample([Prompt(action: "walk", frames: 60)], seed: 1)
///
/// The noise of a motion depends on the seed and on its place among the prompts alone, so that neither the batch nor a
/// division among machines changes it (but for the last bits of sums). The same call gives the same bytes.
public struct Sampler: Sendable {
  private let model: MotionModel
  private let options: SamplingOptions
  private let predictor: any CleanPredictor
  private let projection: Projection?

  /// A sampler of a model.
  ///
  /// - Parameters:
  ///   - predictor: What is followed in place of the model with the options' guidance; it predicts in the model's space.
  ///   - projection: A change of the clean motions inside sampling.
  /// - Throws: ``SurefootError`` if an option is outside its range.
  public init(
    _ model: MotionModel, _ options: SamplingOptions = SamplingOptions(), predictor: (any CleanPredictor)? = nil,
    projection: Projection? = nil
  ) throws(SurefootError) {
    try options.validate(for: model)
    self.model = model
    self.options = options
    self.predictor = predictor ?? ClassifierFreeGuidance(model, scale: options.guidance, products: options.products)
    self.projection = projection
  }

  /// One motion a prompt, in the prompts' order, each from the origin on and facing +Z.
  ///
  /// - Parameters:
  ///   - first: The place of the first prompt among all, if these are a part of them.
  ///   - progress: Called with the number of motions done.
  /// - Throws: ``SurefootError`` for an unknown action, a length that the model cannot make, or numbers that are not
  ///   finite; what the projection throws.
  public func sample(
    _ prompts: [Prompt], seed: UInt64, first: Int = 0, progress: (Int) -> Void = { _ in }
  ) async throws -> [Motion] {
    for prompt in prompts {
      _ = try model.label(of: prompt.action)
      guard (2...model.longestMotion).contains(prompt.frames) else {
        throw SurefootError(
          .motion, message: "\(prompt.frames) frames are asked for",
          suggestion: "the model makes motions of 2 to \(model.longestMotion) frames, \(model.frameRate) a second")
      }
    }
    var motions: [Motion] = []
    for start in stride(from: 0, to: prompts.count, by: options.batch) {
      let part = Array(prompts[start..<min(prompts.count, start + options.batch)])
      motions += try await batch(part, seed: seed, first: first + start)
      progress(motions.count)
    }
    return motions
  }

  private func batch(_ prompts: [Prompt], seed: UInt64, first: Int) async throws -> [Motion] {
    let lengths = prompts.map { model.space.fixedFrames ?? $0.frames }
    let noise = BatchNoise(
      seed: seed, first: first, lengths: lengths.map(model.space.rows(frames:)), channels: model.space.channels,
      scale: options.temperature)
    let labels = try prompts.enumerated().map { place, prompt throws(SurefootError) in
      var random = SeededGenerator(seed: Seed.derive(seed, "class", first + place))
      return try model.label(of: prompt.action, share: random.uniform())
    }
    let walk = model.schedule.walk(options.steps ?? model.schedule.steps)
    var noisy = noise.next()
    for (index, step) in walk.enumerated() {
      let batch = NoisyBatch(
        noisy: noisy, steps: Array(repeating: step, count: prompts.count), labels: labels, lengths: lengths)
      var clean = Torch.withoutGradients { predictor.clean(batch) }
      let left = walk.count - 1 - index
      if let projection, left < projection.lastSteps {
        clean = try await project(clean, lengths: lengths, projection, stepsLeft: left)
      }
      guard left > 0 else { return try motions(clean, lengths: prompts.map(\.frames)) }
      let present = noisy
      noisy = Torch.withoutGradients { advance(present, clean, from: step, to: walk[index + 1], noise) }
    }
    return []
  }

  /// One step of DDIM's family: less noise, a part of it new.
  private func advance(_ noisy: Tensor, _ clean: Tensor, from step: Int, to next: Int, _ noise: BatchNoise) -> Tensor {
    let (a, b) = (model.schedule.alphaBar[step], model.schedule.alphaBar[next])
    let deviation = options.eta * ((1 - b) / (1 - a) * (1 - a / b)).squareRoot()
    let direction = (noisy - clean * a.squareRoot()) / (1 - a).squareRoot()
    let kept = clean * b.squareRoot() + direction * max(0, 1 - b - deviation * deviation).squareRoot()
    return deviation > 0 ? kept + noise.next() * deviation : kept
  }

  private func project(
    _ clean: Tensor, lengths: [Int], _ projection: Projection, stepsLeft: Int
  ) async throws -> Tensor {
    let before = try motions(clean, lengths: lengths)
    let after = try await projection.project(before, stepsLeft)
    guard after.map(\.count) == before.map(\.count) else {
      throw SurefootError(
        .motion, message: "a projection returned motions of other lengths",
        suggestion: "return as many motions of the same lengths")
    }
    let windows = after.map { TrainingWindow(motion: $0, action: "") }
    let longest = lengths.max() ?? 0
    let set = try WindowSet(windows, model.representation, actions: nil, frames: longest, exact: false)
    return Torch.withoutGradients { model.space.encode(set.features) }
  }

  /// Motions of clean samples, cut to their lengths.
  private func motions(_ clean: Tensor, lengths: [Int]) throws(SurefootError) -> [Motion] {
    let features = Torch.withoutGradients { model.space.decode(clean) }
    guard features.isFinite else { throw SurefootError.notFinite("the sampled features") }
    let (size, values) = (features.shape[1] * model.representation.width, features.floats)
    return lengths.enumerated().map { index, length in
      let rows = values[index * size..<index * size + length * model.representation.width]
      return model.representation.decode(Array(rows))
    }
  }
}

/// Normal noise for a batch, each motion's from a stream of its own and of its own length, zeros beyond.
private final class BatchNoise: Sendable {
  private let streams: [RandomStream]
  private let lengths: [Int]
  private let channels: Int
  private let scale: Double

  init(seed: UInt64, first: Int, lengths: [Int], channels: Int, scale: Double) {
    streams = lengths.indices.map { RandomStream(seed: Seed.derive(seed, "sample", first + $0)) }
    self.lengths = lengths
    self.channels = channels
    self.scale = scale
  }

  func next() -> Tensor {
    let longest = lengths.max() ?? 0
    let parts = zip(streams, lengths).map { stream, length in
      let noise = stream.normal([length, channels], on: .cpu)
      let rest = Tensor(repeating: 0, shape: [longest - length, channels], on: .cpu)
      return length == longest ? noise : Tensor.concatenated([noise, rest], 0)
    }
    // Drawn and joined on the processor: moving each motion's few numbers by themselves would take longer.
    return Tensor.stacked(parts).moved(to: Torch.device) * scale
  }
}
