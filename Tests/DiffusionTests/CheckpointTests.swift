@testable import Diffusion
import Foundation
import Support
import Tensors
import Testing

@Suite struct CheckpointTests {
  @Test("Model comes back whole", arguments: ModelConfiguration.Architecture.allCases)
  func modelComesBackWhole(_ architecture: ModelConfiguration.Architecture) async throws {
    let windows = Synthetic.windows(6)
    let model = try MotionModel(
      configuration: TrainingTests.configuration(architecture), fitting: windows, actions: ["run", "swing", "walk"],
      seed: 3)
    let file = Synthetic.temporary("model.safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    try model.save(to: file)
    let read = try MotionModel.load(file)
    #expect(read.configuration == model.configuration && read.representation == model.representation)
    #expect(read.actions == ["run", "swing", "walk"])
    let prompts = [Prompt(action: "run", frames: 24)]
    let options = SamplingTests.options()
    #expect(
      try await Sampler(read, options).sample(prompts, seed: 1) == Sampler(model, options).sample(prompts, seed: 1))
    let bytes = try Data(contentsOf: file)
    try read.save(to: file)
    #expect(try Data(contentsOf: file) == bytes)
  }

  @Test("Refuses files that are not models") func refusesFilesThatAreNotModels() throws {
    let file = Synthetic.temporary("model.safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    func refused(_ data: Data) throws -> Bool {
      try data.write(to: file)
      do throws(SurefootError) { _ = try MotionModel.load(file) } catch { return error.file == file.path }
      return false
    }
    #expect(throws: SurefootError.self) { try MotionModel.load(file) }
    #expect(try refused(Data("nonsense".utf8)))
    #expect(try refused(Safetensors(tensors: [Parameter("a", .ones(2))], metadata: [:]).encoded()))

    let model = try MotionModel(configuration: .tiny, fitting: Synthetic.windows(4), seed: 1)
    try model.save(to: file)
    let good = try Safetensors(decoding: Data(contentsOf: file))
    var lacking = good
    lacking.tensors["model.output.bias"] = nil
    #expect(try refused(lacking.encoded()))
    var reshaped = good
    reshaped.tensors["model.output.bias"] = .ones(3)
    #expect(try refused(reshaped.encoded()))
    let text = try #require(good.metadata["surefoot.model"])
    for (old, new) in [
      (#""width":32"#, #""width":64"#), (#""width":32"#, #""width":8192"#), (#""width":32"#, #""width":-2"#),
      (#""heads":2"#, #""heads":0"#), (#""steps":50"#, #""steps":0"#), (#""version":1"#, #""version":2"#),
      (#""frameRate":20"#, #""frameRate":0"#), (#""layers":2"#, #""layers":128"#),
    ] {
      var lying = good
      lying.metadata["surefoot.model"] = text.replacingOccurrences(of: old, with: new)
      #expect(lying.metadata["surefoot.model"] != text, "\(old)")
      #expect(try refused(lying.encoded()), "\(new)")
    }
    #expect(throws: SurefootError.self) { try Trainer(resuming: file, data: Synthetic.windows(4)) }
  }

  @Test("A training's checkpoint is a model too") func aTrainingsCheckpointIsAModelToo() throws {
    let windows = Synthetic.windows(4)
    let model = try MotionModel(configuration: .tiny, fitting: windows, seed: 3)
    let trainer = try Trainer(model: model, data: windows, options: TrainingTests.options(), seed: 1)
    try trainer.run(steps: 2)
    let file = Synthetic.temporary("training.safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    try trainer.save(to: file)
    let read = try MotionModel.load(file)
    for (a, b) in zip(read.denoiser.parameters, trainer.model.denoiser.parameters) {
      #expect(a.tensor.floats == b.tensor.floats)
    }
  }
}
