import Foundation
@testable import Generations
import Kinematics
import Support
import Synchronization
import Testing

/// SIMS and Neon: what is trained on what, and what is drawn from what.
@Suite struct ExtrapolationTests {
  /// Notes each training, and each model that is loaded.
  private final class Notes: Sendable {
    private let trained = Mutex<[(plan: TrainingPlan, clips: [String])]>([])
    private let loaded = Mutex<[SamplingPlan]>([])
    func note(_ plan: TrainingPlan, _ clips: [String]) { trained.withLock { $0.append((plan, clips)) } }
    func note(_ plan: SamplingPlan) { loaded.withLock { $0.append(plan) } }
    var trainings: [(plan: TrainingPlan, clips: [String])] { trained.withLock { $0 } }
    var samplings: [SamplingPlan] { loaded.withLock { $0 } }
  }

  private struct NotingGenerator: MotionGenerator {
    let name = "noting"
    let notes: Notes
    let model = RememberingGenerator()

    func train(on clips: [TrainingClip], plan: TrainingPlan, progress: @escaping StepProgress) async throws -> Double {
      notes.note(plan, clips.map(\.id))
      return try await model.train(on: clips, plan: plan, progress: progress)
    }
    func sampler(_ plan: SamplingPlan) async throws -> any MotionSampler {
      notes.note(plan)
      return try await model.sampler(plan)
    }
    func extrapolate(base: URL, auxiliary: URL, omega: Double, to destination: URL) async throws {
      try AtomicFile.write(try Data(contentsOf: base), to: destination)
    }
  }

  private func run(_ arm: ArmName, _ settings: [String]) async throws -> (notes: Notes, events: [LedgerEvent]) {
    var specification = try Fake.specification()
    for setting in settings { try specification.set(setting) }
    specification.arms = [arm]
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let notes = Notes()
    _ = try await Fake.loop(specification, in: folder, generator: NotingGenerator(notes: notes)).run()
    return (notes, try Ledger.events(in: folder.appendingPathComponent("ledger.jsonl")))
  }

  private func trainings(_ notes: Notes, _ file: String) -> [(plan: TrainingPlan, clips: [String])] {
    notes.trainings.filter { $0.plan.destination.lastPathComponent == file }
  }

  @Test("The auxiliary learns from the bases own samples alone") func theAuxiliaryLearnsFromTheBasesOwnSamplesAlone()
    async throws
  {
    let (notes, events) = try await run(
      "sims", ["extrapolation.omega=0.75", "extrapolation.steps=9", "extrapolation.samples=5"])
    let auxiliaries = trainings(notes, "auxiliary.safetensors")
    #expect(auxiliaries.count == 2)
    for (index, auxiliary) in auxiliaries.enumerated() {
      #expect(auxiliary.plan.steps == 9 && auxiliary.clips.count == 5)
      #expect(auxiliary.clips.allSatisfy { $0.hasPrefix("auxiliary-") })
      #expect(auxiliary.plan.start?.path.hasSuffix("sims/generation-00\(index + 1)/checkpoint.safetensors") == true)
    }
    let pushed = notes.samplings.filter { $0.auxiliary != nil }
    #expect(pushed.allSatisfy { $0.omega == 0.75 })
    #expect(
      pushed.allSatisfy { $0.auxiliary?.deletingLastPathComponent() == $0.checkpoint.deletingLastPathComponent() })
    let clips = events.clips.filter { $0.arm == "sims" }
    #expect(clips.contains { $0.generation == 1 && $0.purpose == .sample && $0.auxiliary == nil })
    #expect(clips.filter { $0.generation == 2 || $0.purpose == .evaluation }.allSatisfy { $0.auxiliary != nil })
    let bases = trainings(notes, "checkpoint.safetensors")
    #expect(bases.last?.plan.start?.lastPathComponent == "checkpoint.safetensors", "a base goes on from a base")
  }

  @Test("The negative model may learn from the raw motions of which the base has the corrections")
  func theNegativeModelMayLearnFromTheRawMotionsOfWhichTheBaseHasTheCorrections() async throws {
    let (notes, _) = try await run("sims-corrected", ["generations=1"])
    let auxiliary = try #require(trainings(notes, "auxiliary.safetensors").first)
    #expect(auxiliary.clips.count == 6 && auxiliary.clips.allSatisfy { !$0.hasSuffix("c") })
    let base = try #require(trainings(notes, "checkpoint.safetensors").last)
    let learnt = Set(base.clips.filter { $0.hasSuffix("c") })
    #expect(!learnt.isEmpty && learnt.isSubset(of: Set(auxiliary.clips.map { $0 + "c" })))
  }

  @Test("Neon draws from extrapolated weights") func neonDrawsFromExtrapolatedWeights() async throws {
    let (notes, events) = try await run("neon", [])
    let later = notes.samplings.filter { $0.checkpoint.path.contains("/neon/") }
    #expect(later.contains { $0.checkpoint.lastPathComponent == "extrapolated.safetensors" })
    #expect(later.allSatisfy { $0.auxiliary == nil })
    let models = events.models
    let extrapolated = try #require(models.first { $0.id == "neon/generation-001/extrapolated" })
    #expect(extrapolated.parent == models.first { $0.id == "neon/generation-001" }?.sha256)
    #expect(extrapolated.auxiliary == models.first { $0.id == "neon/generation-001/auxiliary" }?.sha256)
    #expect(models.first { $0.id == "neon/generation-002" }?.parent == extrapolated.parent)
  }

  @Test("A model without weights says that it has none") func aModelWithoutWeightsSaysThatItHasNone() async throws {
    var specification = try Fake.specification()
    specification.arms = ["neon"]
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    await #expect(throws: SurefootError.unsupported("remembering cannot extrapolate weights")) {
      try await Fake.loop(specification, in: folder).run()
    }
  }

  @Test("A model is loaded once: for its evaluation and the next generation's samples, whatever the batch")
  func aModelIsLoadedOnce() async throws {
    let (notes, _) = try await run("raw", ["sampling.batch=1", "lambda=2", "generations=3"])
    let paths = notes.samplings.map { $0.checkpoint.path }
    #expect(paths.count == 4 && Set(paths).count == 4, "\(paths)")
  }

  @Test("Temperature and guidance are the arms") func temperatureAndGuidanceAreTheArms() async throws {
    let (notes, _) = try await run(
      "cold",
      [
        "definitions.cold.sampling.temperature=0.5", "definitions.cold.sampling.guidance=3",
        "definitions.cold.corrector=none",
      ])
    let own = notes.samplings.filter { $0.checkpoint.path.contains("/cold/") }
    #expect(!own.isEmpty && own.allSatisfy { $0.temperature == 0.5 && $0.guidance == 3 })
  }
}
