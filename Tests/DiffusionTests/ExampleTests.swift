import Diffusion
import Foundation
import Support
import Testing

/// The examples in the comments of ``MotionModel``, ``Trainer`` and ``Sampler``, with a smaller model and fewer steps.
@Suite struct ExampleTests {
  @Test("A model is trained, saved and loaded") func aModelIsTrainedSavedAndLoaded() throws {
    let (walk, jump, url) = (Synthetic.motion(seed: 1), Synthetic.motion(seed: 2), Synthetic.temporary("model"))
    defer { try? FileManager.default.removeItem(at: url) }

    let windows = [TrainingWindow(motion: walk, action: "walk"), TrainingWindow(motion: jump, action: "jump")]
    let model = try MotionModel(configuration: .tiny, fitting: windows, seed: 1)
    let trainer = try Trainer(model: model, data: windows, options: .preset(.tiny), seed: 1)
    try trainer.run(steps: 2)
    try trainer.model.save(to: url)
    let again = try MotionModel.load(url)

    #expect(again.actions == ["jump", "walk"] && again.parameterCount == model.parameterCount)
  }

  @Test("A training runs on a dedicated thread") func aTrainingRunsOnADedicatedThread() async throws {
    let (windows, checkpoint) = (Synthetic.windows(4), Synthetic.temporary("checkpoint"))
    defer { try? FileManager.default.removeItem(at: checkpoint) }
    let model = try MotionModel(configuration: .tiny, fitting: windows, seed: 1)
    let options = TrainingOptions.preset(.tiny)

    try await DedicatedThread.run {
      let trainer = try Trainer(model: model, data: windows, options: options, seed: 1)
      try trainer.run(steps: 2)
      try trainer.save(to: checkpoint)
    }

    #expect(try Trainer(resuming: checkpoint, data: windows).step == 2)
  }

  @Test("Two halves are the whole") func twoHalvesAreTheWhole() async throws {
    let model = try MotionModel(configuration: .tiny, fitting: Synthetic.windows(4), seed: 1)

    let sampler = try Sampler(model)
    let prompts = Array(repeating: Prompt(action: "walk", frames: 20), count: 6)
    let motions = try await sampler.sample(prompts, seed: 1)
    let firstHalf = try await sampler.sample(Array(prompts[..<3]), seed: 1)
    let secondHalf = try await sampler.sample(Array(prompts[3...]), seed: 1, first: 3)

    #expect(zip(motions, firstHalf + secondHalf).allSatisfy { Synthetic.distance($0, $1) < 1e-3 })
  }
}
