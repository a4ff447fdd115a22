import Correctors
import Diffusion
import Foundation
import GenerationParts
@testable import Generations
import Kinematics
import Support
import Testing

/// A corrector inside sampling, as PhysDiff projects.
@Suite struct ProjectionTests {
  private func samples(rejects: Bool, batch: Int) async throws -> [Motion] {
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let generator = try DiffusionGenerator(preset: "tiny", configuration: .tiny) { name in
      guard name == "nodding" else { throw SurefootError(.correctionFailed, message: "no \(name)") }
      return NoddingCorrector(rejects: rejects)
    }
    let clips = (0..<4).map { Fake.walk($0, frames: 8 + $0) }
    let checkpoint = folder.appendingPathComponent("model.safetensors")
    let training = TrainingPlan(destination: checkpoint, steps: 1, actions: ["run", "walk"], seed: 1)
    _ = try await generator.train(on: clips, plan: training) { _, _, _ in }
    var plan = SamplingPlan(checkpoint: checkpoint, steps: 3, guidance: 1, batch: batch)
    plan.projection = ProjectionPlan(corrector: "nodding", steps: 2)
    let sampler = try await generator.sampler(plan)
    return try await sampler.sample((0..<5).map { clips[$0 % 4].prompt }, seed: 5, first: 0) { _, _, _ in }
  }

  @Test("Samples are as the corrector leaves them, whatever the batch") func samplesAreCorrected() async throws {
    for motion in try await samples(rejects: false, batch: 64) {
      for pose in motion.poses { #expect(abs(pose.rotations[15].angle - 0.2) < 1e-3) }
    }
    let (whole, single) = (try await samples(rejects: true, batch: 64), try await samples(rejects: true, batch: 1))
    let isSame = whole == single
    #expect(isSame)
  }

  @Test("The setting reaches the sampler, and arms may differ in it") func settings() throws {
    var specification = try Fake.specification()
    #expect(specification.sampling.projectionPlan == nil)
    try specification.set("sampling.projection=kinematic")
    try specification.set("sampling.projection-steps=6")
    try specification.set("sampling.projection-from=0.5")
    #expect(specification.sampling.projectionPlan == ProjectionPlan(corrector: "kinematic", steps: 6, from: 0.5))
    #expect(throws: SurefootError.self) { try specification.set("sampling.projection-from=2") }
    #expect(RunSpecification.setting("sampling.projection")?.variesByArm == true)
  }
}
