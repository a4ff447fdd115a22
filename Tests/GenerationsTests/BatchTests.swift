import Diffusion
import Foundation
import GenerationParts
@testable import Generations
import Kinematics
import Support
import Synchronization
import Testing

/// `sampling.batch` is a matter of speed, and a clip is encoded and parsed once.
@Suite struct BatchTests {
  /// The bytes of every file but those that name the specification or the time.
  private func files(_ specification: RunSpecification, _ generator: any MotionGenerator) async throws -> [String:
    String]
  {
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await Fake.loop(specification, in: folder, generator: generator).run()
    return try Fake.content(of: folder).filter { path, _ in
      !["spec.yaml", "ledger.jsonl", "results.json"].contains(path)
    }
  }

  @Test("A loop writes the same bytes with a batch of 1, 3 and 64", arguments: ["raw", "corrected", "curated", "sims"])
  func batchesChangeNoByte(arm: String) async throws {
    var specification = try Fake.specification()
    specification.arms = [ArmName(rawValue: arm)]
    specification.generations = 1
    var expected: [String: String]?
    for batch in [64, 3, 1] {
      specification.sampling.batch = batch
      let files = try await files(specification, RememberingGenerator())
      #expect(files.keys.contains { $0.hasSuffix(".bvh") } && files == expected ?? files, "batch \(batch)")
      expected = files
    }
  }

  @Test("The tiny diffusion model draws the same clips with a batch of 1, 3 and 64")
  func theDiffusionModelIsBatchInvariant() async throws {
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let generator = try DiffusionGenerator(preset: "tiny", configuration: .tiny)
    let clips = (0..<4).map { Fake.walk($0, frames: 8 + $0) }
    let checkpoint = folder.appendingPathComponent("model.safetensors")
    let training = TrainingPlan(destination: checkpoint, steps: 2, actions: ["run", "walk"], seed: 1)
    _ = try await generator.train(on: clips, plan: training) { _, _, _ in }
    let prompts = (0..<7).map { clips[$0 % 4].prompt }
    let format = BVHClipFormat(skeleton: .canonical)
    var expected: [Data]?
    for batch in [64, 3, 1] {
      let plan = SamplingPlan(checkpoint: checkpoint, steps: 3, guidance: 1.5, batch: batch)
      let sampler = try await generator.sampler(plan)
      // In two calls, as a curated arm makes them.
      let first = try await sampler.sample(Array(prompts[..<2]), seed: 5, first: 0) { _, _, _ in }
      let rest = try await sampler.sample(Array(prompts[2...]), seed: 5, first: 2) { _, _, _ in }
      let files = try (first + rest).map(format.encode)
      #expect(Set(files).count == files.count && files == expected ?? files, "batch \(batch)")
      expected = files
    }
  }

  /// Counts the clips that are encoded and parsed.
  private final class CountingFormat: ClipFormat {
    let format = BVHClipFormat(skeleton: .canonical)
    let encoded = Mutex(0)
    let decoded = Mutex(0)
    var fileExtension: String { format.fileExtension }

    func encode(_ motion: Motion) throws -> Data {
      encoded.withLock { $0 += 1 }
      return try format.encode(motion)
    }
    func decode(_ data: Data, name: String) throws -> Motion {
      decoded.withLock { $0 += 1 }
      return try format.decode(data, name: name)
    }
  }

  @Test("A clip is encoded once and parsed once on its way from the model to the training set")
  func aClipIsParsedOnce() async throws {
    var specification = try Fake.specification()
    specification.arms = [.corrected]
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let format = CountingFormat()
    _ = try await Fake.loop(specification, in: folder, format: format).run()
    let clips = try Ledger.events(in: folder.appendingPathComponent("ledger.jsonl")).clips
    let made = clips.count { $0.purpose != .evaluation } + 3 * specification.evaluation.samples
    #expect(format.encoded.withLock { $0 } == made)
    #expect(format.decoded.withLock { $0 } == made)
  }
}
