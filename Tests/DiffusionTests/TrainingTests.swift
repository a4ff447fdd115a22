@testable import Diffusion
import Foundation
import Support
import Tensors
import Testing

@Suite struct TrainingTests {
  static func options(_ change: (inout TrainingOptions) -> Void = { _ in }) -> TrainingOptions {
    var options = TrainingOptions.preset(.tiny)
    options.steps = 200
    options.batch = 8
    change(&options)
    return options
  }

  static func configuration(_ architecture: ModelConfiguration.Architecture) -> ModelConfiguration {
    var configuration = ModelConfiguration.tiny
    configuration.architecture = architecture
    if architecture != .encoder {
      configuration.space = .spectrum
      configuration.frames = 24
      configuration.patch = 4
      configuration.components = 32
      configuration.frequencies = 20
    }
    return configuration
  }

  static func losses(_ trainer: Trainer, _ steps: Int) throws -> [Double] {
    var losses: [Double] = []
    try trainer.run(steps: steps) { losses.append($0.loss) }
    return losses
  }

  @Test("Loss falls", arguments: ModelConfiguration.Architecture.allCases)
  func lossFalls(_ architecture: ModelConfiguration.Architecture) throws {
    // The spectrum's prior knows what is common to many windows before any training: few leave more to learn.
    let windows = Synthetic.windows(architecture == .encoder ? 16 : 4)
    let model = try MotionModel(configuration: Self.configuration(architecture), fitting: windows, seed: 1)
    let options = Self.options {
      $0.rate = 4e-3
      $0.batch = 16
    }
    let trainer = try Trainer(model: model, data: windows, options: options, seed: 1)
    let losses = try Self.losses(trainer, 200)
    let (first, last) = (losses.prefix(20).reduce(0, +), losses.suffix(20).reduce(0, +))
    #expect(last < (architecture == .encoder ? 0.7 : 0.9) * first)
  }

  @Test("Resumed training has exactly the same losses", arguments: ModelConfiguration.Architecture.allCases)
  func resumedTrainingHasExactlyTheSameLosses(_ architecture: ModelConfiguration.Architecture) throws {
    let windows = Synthetic.windows(12)
    var configuration = Self.configuration(architecture)
    configuration.dropout = 0.1
    let model = try MotionModel(configuration: configuration, fitting: windows, seed: 1)
    let options = Self.options { $0.velocities = 0.01 }
    let whole = try Trainer(model: model, data: windows, options: options, seed: 5)
    let expected = try Self.losses(whole, 12)

    let part = try Trainer(model: model, data: windows, options: options, seed: 5)
    let before = try Self.losses(part, 5)
    let file = Synthetic.temporary("checkpoint.safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    try part.save(to: file)
    let resumed = try Trainer(resuming: file, data: windows)
    #expect(resumed.step == 5)
    #expect(try before + Self.losses(resumed, 7) == expected)
    for (a, b) in zip(resumed.model.denoiser.parameters, whole.model.denoiser.parameters) {
      #expect(a.tensor.floats == b.tensor.floats)
    }
    let other = Synthetic.windows(11)
    #expect(throws: SurefootError.self) { try Trainer(resuming: file, data: other) }
  }

  @Test("Seed decides") func seedDecides() throws {
    let windows = Synthetic.windows(8)
    let model = try MotionModel(configuration: .tiny, fitting: windows, seed: 1)
    let runs = try [3, 3, 4].map { seed in
      try Self.losses(Trainer(model: model, data: windows, options: Self.options(), seed: seed), 3)
    }
    #expect(runs[0] == runs[1] && runs[0] != runs[2])
  }

  @Test("Geometric terms are zero for the perfect prediction") func geometricTermsAreZeroForThePerfectPrediction()
    throws
  {
    let windows = Synthetic.windows(4)
    let model = try MotionModel(configuration: .tiny, fitting: windows, seed: 1)
    let options = Self.options {
      $0.positions = 1
      $0.velocities = 1
      $0.feet = 1
    }
    let losses = try Self.losses(Trainer(model: model, data: windows, options: options, seed: 1), 40)
    let plain = try Self.losses(Trainer(model: model, data: windows, options: Self.options(), seed: 1), 40)
    #expect(losses[0] > plain[0])
    #expect(losses.suffix(5).reduce(0, +) < losses.prefix(5).reduce(0, +))
  }

  /// Fitting adds up 12,000 rows; a step's batch has several parts and dropout.
  @Test("Threads change no bit", arguments: ModelConfiguration.Architecture.allCases)
  func threadsChangeNoBit(_ architecture: ModelConfiguration.Architecture) throws {
    let before = Torch.threads
    defer { Torch.threads = before }
    let windows = Synthetic.windows(200, frames: 60)
    var configuration = Self.configuration(architecture)
    (configuration.frames, configuration.dropout) = (60, 0.1)
    let trained = try [1, 3].map { threads -> [String: [Float]] in
      Torch.threads = threads
      let model = try MotionModel(configuration: configuration, fitting: windows, seed: 1)
      let options = Self.options {
        $0.batch = 20
        $0.positions = 1
      }
      let trainer = try Trainer(model: model, data: windows, options: options, seed: 1)
      try trainer.run(steps: 3)
      return trainer.model.weights.merging(
        trainer.model.space.fitted.map { ("space." + $0.name, $0.tensor) }, uniquingKeysWith: { $1 }
      ).mapValues(\.floats)
    }
    for (name, values) in trained[0] { #expect(trained[1][name] == values, "\(name)") }
  }

  @Test("Parts of a batch add up to its loss") func partsOfABatchAddUpToItsLoss() throws {
    let windows = Synthetic.windows(6, short: 10)
    let model = try MotionModel(configuration: .tiny, fitting: windows, seed: 1)
    let set = try WindowSet(windows, model.representation, actions: model.actions, frames: 200, exact: false)
    let clean = model.space.encode(set.features)
    let loss = DiffusionLoss(
      model: model,
      options: Self.options {
        $0.positions = 1
        $0.velocities = 0.1
        $0.feet = 1
      })
    func value(_ range: Range<Int>) -> Double {
      let batch = NoisyBatch(
        noisy: clean.narrowed(0, range) * 0.9, steps: range.map { 5 + $0 }, labels: Array(set.labels[range]),
        lengths: Array(set.lengths[range]))
      return loss(
        batch, features: set.features.narrowed(0, range), clean: clean.narrowed(0, range), of: set.lengths
      ).scalar
    }
    let whole = value(0..<6)
    #expect(whole > 0 && abs(value(0..<2) + value(2..<3) + value(3..<6) - whole) < 1e-5 * whole)
  }

  @Test("Padding carries no loss") func paddingCarriesNoLoss() throws {
    let windows = Synthetic.windows(6, short: 10)
    let model = try MotionModel(configuration: .tiny, fitting: windows, seed: 1)
    let set = try WindowSet(windows, model.representation, actions: model.actions, frames: 200, exact: false)
    #expect(set.lengths == [24, 24, 10, 24, 24, 10])
    let clean = model.space.encode(set.features)
    let loss = DiffusionLoss(model: model, options: Self.options { $0.velocities = 0.1 })
    let batch = NoisyBatch(
      noisy: clean, steps: Array(repeating: 10, count: 6), labels: set.labels, lengths: set.lengths)
    let value = loss(batch, features: set.features, clean: clean).scalar
    let padding = try #require(lengthMask(set.lengths, frames: 24)).unsqueezed(2).isLess(than: 0.5)
    let spoiled = NoisyBatch(
      noisy: clean.filled(where: padding, with: 7), steps: batch.steps, labels: batch.labels, lengths: batch.lengths)
    let other = loss(
      spoiled, features: set.features.filled(where: padding, with: 3), clean: clean.filled(where: padding, with: -5))
    #expect(abs(other.scalar - value) < 1e-5 * value)
  }

  @Test("Refuses what does not fit") func refusesWhatDoesNotFit() throws {
    func code(_ body: () throws -> Void) -> SurefootError.Code? {
      do { try body() } catch { return (error as? SurefootError)?.code }
      return nil
    }
    let windows = Synthetic.windows(4)
    let model = try MotionModel(configuration: .tiny, fitting: windows, seed: 1)
    func train(_ data: [TrainingWindow], _ options: TrainingOptions = Self.options()) -> SurefootError.Code? {
      code { _ = try Trainer(model: model, data: data, options: options, seed: 1) }
    }
    #expect(train([]) == .emptyDataset)
    #expect(code { _ = try MotionModel(configuration: .tiny, fitting: [], seed: 1) } == .emptyDataset)
    #expect(train([TrainingWindow(motion: windows[0].motion, action: "fly")]) == .action)
    #expect(train([TrainingWindow(motion: Synthetic.motion(seed: 1, frameRate: 30), action: "walk")]) == .frameRate)
    #expect(train(windows, Self.options { $0.rate = .nan }) == .configuration)
    let spectral = Self.configuration(.patches)
    #expect(
      code { _ = try MotionModel(configuration: spectral, fitting: Synthetic.windows(4, frames: 20), seed: 1) }
        == .motion)
    var odd = ModelConfiguration.tiny
    odd.heads = 3
    #expect(code { _ = try MotionModel(configuration: odd, fitting: windows, seed: 1) } == .configuration)
  }

  @Test("A loss that is not finite stops the training") func aLossThatIsNotFiniteStopsTheTraining() throws {
    let windows = Synthetic.windows(4)
    let model = try MotionModel(configuration: .tiny, fitting: windows, seed: 1)
    let options = Self.options {
      $0.rate = 1e30
      $0.warmUp = 0
    }
    let trainer = try Trainer(model: model, data: windows, options: options, seed: 1)
    #expect {
      try trainer.run(steps: 50)
    } throws: { ($0 as? SurefootError)?.code == .diverged }
  }

  @Test("A cancelled training stops and leaves no file") func aCancelledTrainingStopsAndLeavesNoFile() async throws {
    let windows = Synthetic.windows(4)
    let model = try MotionModel(configuration: .tiny, fitting: windows, seed: 1)
    let file = Synthetic.temporary("cancelled.safetensors")
    let task = Task {
      try await DedicatedThread.run {
        let trainer = try Trainer(model: model, data: windows, options: Self.options(), seed: 1)
        try trainer.run(steps: 1_000_000)
        try trainer.save(to: file)
      }
    }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(!FileManager.default.fileExists(atPath: file.path))
  }

  /// The names in checkpoints of earlier versions.
  @Test("Options keep their names on disk") func optionsKeepTheirNamesOnDisk() throws {
    var options = TrainingOptions()
    (options.conditionDropout, options.computeType) = (0.25, .bfloat16)
    let data = try JSONEncoder().encode(options)
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains("\"hiddenActions\":0.25") && text.contains("\"products\":1"))
    #expect(try JSONDecoder().decode(TrainingOptions.self, from: data) == options)
  }
}
