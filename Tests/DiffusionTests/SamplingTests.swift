@testable import Diffusion
import Foundation
import Support
import Tensors
import Testing
import Kinematics

@Suite struct SamplingTests {
  static let windows = Synthetic.windows(16)

  static func trained(_ architecture: ModelConfiguration.Architecture = .encoder) throws -> MotionModel {
    let model = try MotionModel(
      configuration: TrainingTests.configuration(architecture), fitting: windows, seed: 1)
    return try Trainer.fineTune(model, on: windows, steps: 60, options: TrainingTests.options(), seed: 1)
  }

  static func options(_ change: (inout SamplingOptions) -> Void = { _ in }) -> SamplingOptions {
    var options = SamplingOptions()
    options.steps = 6
    change(&options)
    return options
  }

  static let prompts = [
    Prompt(action: "walk", frames: 24), Prompt(action: "swing", frames: 20), Prompt(action: nil, frames: 16),
  ]

  @Test("Gives what is asked for", arguments: ModelConfiguration.Architecture.allCases)
  func givesWhatIsAskedFor(_ architecture: ModelConfiguration.Architecture) async throws {
    let motions = try await Sampler(Self.trained(architecture), Self.options()).sample(Self.prompts, seed: 1)
    #expect(motions.map(\.count) == [24, 20, 16])
    #expect(motions.allSatisfy { $0.isFinite && $0.skeleton == .canonical && abs($0.frameRate - 20) < 1e-9 })
  }

  @Test("Batch and division change nothing", arguments: ModelConfiguration.Architecture.allCases)
  func batchAndDivisionChangeNothing(_ architecture: ModelConfiguration.Architecture) async throws {
    let model = try Self.trained(architecture)
    let prompts = (0..<8).map { Prompt(action: $0 % 2 == 0 ? "walk" : "swing", frames: 24 - $0) }
    let whole = try await Sampler(model, Self.options()).sample(prompts, seed: 7)
    let again = try await Sampler(model, Self.options()).sample(prompts, seed: 7)
    #expect(whole == again)
    let single = try await Sampler(model, Self.options { $0.batch = 1 }).sample(prompts, seed: 7)
    for (a, b) in zip(whole, single) { #expect(Synthetic.distance(a, b) < 1e-3) }
    let second = try await Sampler(model, Self.options()).sample(Array(prompts[4...]), seed: 7, first: 4)
    for (a, b) in zip(whole[4...], second) { #expect(Synthetic.distance(a, b) < 1e-3) }
    let other = try await Sampler(model, Self.options()).sample(prompts, seed: 8)
    #expect(Synthetic.distance(whole[0], other[0]) > 1e-2)
  }

  @Test("Padding does not reach the motion") func paddingDoesNotReachTheMotion() throws {
    let model = try Self.trained()
    let noise = RandomStream(seed: 3).normal([2, 24, model.space.channels])
    let steps = [20, 20]
    let batch = NoisyBatch(noisy: noise, steps: steps, labels: [0, 1], lengths: [24, 10])
    let padding = try #require(lengthMask([24, 10], frames: 24)).unsqueezed(2).isLess(than: 0.5)
    var spoiled = batch
    spoiled.noisy = noise.filled(where: padding, with: 1000)
    let (a, b) = (model.clean(batch), model.clean(spoiled))
    #expect((a.selected(0, 0) - b.selected(0, 0)).magnitude().max().scalar == 0)
    #expect((a - b).selected(0, 1).narrowed(0, 0..<10).magnitude().max().scalar == 0)
    #expect((a - b).selected(0, 1).narrowed(0, 10..<24).magnitude().max().scalar > 0.01)
    let alone = NoisyBatch(
      noisy: noise.narrowed(0, 1..<2).narrowed(1, 0..<10), steps: [20], labels: [1], lengths: [10])
    #expect((model.clean(alone).selected(0, 0) - a.selected(0, 1).narrowed(0, 0..<10)).magnitude().max().scalar < 1e-4)
  }

  @Test("Guidance is really on", arguments: ModelConfiguration.Architecture.allCases)
  func guidanceIsReallyOn(_ architecture: ModelConfiguration.Architecture) throws {
    let model = try Self.trained(architecture)
    let noise = RandomStream(seed: 3).normal([2, model.space.rows(frames: 24), model.space.channels])
    func batch(_ labels: [Int]) -> NoisyBatch {
      NoisyBatch(noisy: noise, steps: [30, 10], labels: labels, priors: [0, 1], lengths: [24, 24])
    }
    let none = model.classes
    let (with, without) = (model.clean(batch([0, 1])), model.clean(batch([none, none])))
    #expect((with - without).magnitude().max().scalar > 1e-3)
    let one = ClassifierFreeGuidance(model, scale: 1).clean(batch([0, 1]))
    #expect(one.floats == with.floats)
    let guided = ClassifierFreeGuidance(model, scale: 2.5).clean(batch([0, 1]))
    #expect((guided - (without + (with - without) * 2.5)).magnitude().max().scalar < 1e-3)
    let unguided = ClassifierFreeGuidance(model, scale: 0).clean(batch([0, 1]))
    #expect((unguided - without).magnitude().max().scalar < 1e-4)
  }

  @Test("Extrapolation is the formula") func extrapolationIsTheFormula() async throws {
    let (base, other) = (try Self.trained(), try MotionModel(configuration: .tiny, fitting: Self.windows, seed: 2))
    let batch = NoisyBatch(
      noisy: RandomStream(seed: 3).normal([1, 24, base.space.channels]), steps: [30], labels: [0], lengths: [24])
    let (a, b) = (ClassifierFreeGuidance(base, scale: 1), ClassifierFreeGuidance(other, scale: 1))
    let mixed = Extrapolation(base: a, auxiliary: b, omega: 0.5).clean(batch)
    #expect((mixed - (a.clean(batch) * 1.5 - b.clean(batch) * 0.5)).magnitude().max().scalar < 1e-4)
    let sampler = try Sampler(base, Self.options(), predictor: Extrapolation(base: a, auxiliary: b, omega: 0.5))
    #expect(try await sampler.sample(Self.prompts, seed: 1).count == 3)
  }

  /// Neon: weights instead of predictions.
  @Test("Weights are extrapolated away from the auxiliary") func weightsAreExtrapolatedAwayFromTheAuxiliary() throws {
    let base = try Self.trained()
    let auxiliary = try Trainer.fineTune(
      base, on: Self.windows, steps: 5, options: TrainingTests.options(), seed: 2)
    let pushed = try base.extrapolated(from: auxiliary, omega: 0.5)
    let theirs = auxiliary.weights
    for (name, ours) in base.weights {
      let (found, other) = (try #require(pushed.weights[name]), try #require(theirs[name]))
      #expect((found - (ours * 1.5 - other * 0.5)).magnitude().max().scalar < 1e-5, "\(name)")
    }
    let still = try base.extrapolated(from: auxiliary, omega: 0)
    for (name, ours) in base.weights {
      #expect((try #require(still.weights[name]) - ours).magnitude().max().scalar == 0)
    }
  }

  @Test("Temperature zero forgets the seed") func temperatureZeroForgetsTheSeed() async throws {
    let model = try Self.trained()
    let cold = Self.options { $0.temperature = 0 }
    let a = try await Sampler(model, cold).sample([Self.prompts[0]], seed: 1)
    let b = try await Sampler(model, cold).sample([Self.prompts[0]], seed: 2)
    #expect(a == b)
  }

  @Test("Projection is called in the last steps") func projectionIsCalledInTheLastSteps() async throws {
    let model = try Self.trained()
    let calls = Calls()
    let projection = Projection(lastSteps: 2) { motions, left, _ in
      await calls.add(left, motions.map(\.count))
      return motions.map { motion in
        var raised = motion
        for index in raised.poses.indices { raised.poses[index].rootPosition.y = 3 }
        return raised
      }
    }
    let sampler = try Sampler(model, Self.options { $0.eta = 0 }, projection: projection)
    let motions = try await sampler.sample(Self.prompts, seed: 1)
    #expect(await calls.steps == [1, 0])
    #expect(await calls.lengths == [[24, 20, 16], [24, 20, 16]])
    for motion in motions { #expect(motion.poses.allSatisfy { abs($0.rootPosition.y - 3) < 1e-3 }) }
  }

  actor Calls {
    var steps: [Int] = []
    var lengths: [[Int]] = []
    func add(_ step: Int, _ counts: [Int]) {
      steps.append(step)
      lengths.append(counts)
    }
  }

  @Test("Bfloat16 is close") func bfloat16IsClose() async throws {
    let model = try Self.trained()
    let exact = try await Sampler(model, Self.options { $0.eta = 0 }).sample(Self.prompts, seed: 1)
    let coarse = try await Sampler(
      model,
      Self.options {
        $0.eta = 0
        $0.computeType = .bfloat16
      }
    ).sample(Self.prompts, seed: 1)
    #expect(exact != coarse)
    for (a, b) in zip(exact, coarse) { #expect(Synthetic.distance(a, b) < 0.3) }
  }

  @Test("Refuses what it cannot make") func refusesWhatItCannotMake() async throws {
    let model = try Self.trained()
    let sampler = try Sampler(model, Self.options())
    for prompt in [Prompt(action: "fly", frames: 24), Prompt(action: nil, frames: 1), Prompt(action: nil, frames: 201)]
    {
      await #expect(throws: SurefootError.self) { try await sampler.sample([prompt], seed: 1) }
    }
    #expect(throws: SurefootError.self) { try Sampler(model, Self.options { $0.steps = 51 }) }
    #expect(throws: SurefootError.self) { try Sampler(model, Self.options { $0.temperature = -1 }) }
  }

  /// With the posterior's variance and a perfect prediction, the sampler ends at the prediction.
  @Test("Ends at the prediction", arguments: [0.0, 0.5, 1.0]) func endsAtThePrediction(eta: Double) async throws {
    struct Perfect: CleanPredictor {
      let target: Tensor
      func clean(_ batch: NoisyBatch) -> Tensor { target }
    }
    let model = try Self.trained()
    let motion = Self.windows[0].motion
    let rows = Tensor(try model.representation.encode(motion), shape: [1, 24, model.representation.width])
    let predictor = Perfect(target: model.space.encode(rows))
    let sampler = try Sampler(model, Self.options { $0.eta = eta }, predictor: predictor)
    let made = try await sampler.sample([Prompt(action: nil, frames: 24)], seed: 1)
    let expected = model.representation.decode(rows.floats)
    #expect(Synthetic.distance(made[0], expected) < 1e-4)
  }

  @Test("A cancelled task samples no further") func aCancelledTaskSamplesNoFurther() async throws {
    let model = try MotionModel(configuration: .tiny, fitting: Self.windows, seed: 1)
    let prompts = Array(repeating: Prompt(action: "walk", frames: 24), count: 100_000)
    let task = Task { try await Sampler(model, Self.options { $0.batch = 1 }).sample(prompts, seed: 1) }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
