import Correctors
import Dynamics
import Evaluation
import Foundation
@testable import Generations
import Kinematics
import Support
import Testing

@Suite struct LoopTests {
  private func ended(
    _ specification: RunSpecification, corrector: NoddingCorrector = NoddingCorrector()
  ) async throws -> (results: RunResults, events: [LedgerEvent], folder: URL) {
    let folder = Fake.folder()
    let results = try await Fake.loop(specification, in: folder, corrector: corrector).run()
    return (results, try Ledger.events(in: folder.appendingPathComponent("ledger.jsonl")), folder)
  }

  @Test("A run leaves what the design says") func aRunLeavesWhatTheDesignSays() async throws {
    let (results, events, folder) = try await ended(try Fake.specification())
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(results.arms.map(\.name) == ["baseline", "raw", "corrected"])
    #expect(results.arms.allSatisfy { $0.generations.map(\.generation) == [1, 2] })
    for path in [
      "spec.yaml", "ledger.jsonl", "encoder.safetensors", "evaluation-set.json", "results.json",
      "generation-000/checkpoint.safetensors", "generation-000/metrics.json", "raw/generation-001/metrics.json",
      "raw/generation-002/samples/raw-002-0005.bvh", "corrected/generation-001/checkpoint.safetensors",
    ] {
      #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path), "\(path)")
    }
    #expect(
      !FileManager.default.fileExists(atPath: folder.appendingPathComponent("baseline/generation-001/samples").path))
    for clip in events.clips {
      #expect(try SHA256.hexadecimal(ofFile: folder.appendingPathComponent(clip.file)) == clip.sha256)
    }
    #expect(events.last == .end(EndRecord(generations: 2)))
  }

  @Test("A clip read back stands on its own skeleton") func aClipReadBackStandsOnItsOwnSkeleton() throws {
    let motion = Fake.walk(1).motion
    let format = BVHClipFormat(skeleton: .canonical)
    let back = try format.decode(try format.encode(motion), name: "clip")
    #expect(back.skeleton == motion.skeleton, "else nothing that it is measured by applies")
  }

  /// The encoder and the evaluation set are made and hashed before any model, and are the same for all arms.
  @Test("The evaluation is frozen before generation zero") func theEvaluationIsFrozenBeforeGenerationZero() async throws
  {
    let (results, events, folder) = try await ended(try Fake.specification())
    defer { try? FileManager.default.removeItem(at: folder) }
    let order = events.map(\.identity)
    let first = try #require(order.firstIndex(of: .model(id: "generation-000")))
    #expect(try #require(order.firstIndex(of: .model(id: "encoder"))) < first)
    #expect(try #require(order.firstIndex(of: .evaluationSet)) < first)
    #expect(order.count { $0 == .evaluationSet } == 1)
    let real: [Figure] = [.fid, .fidKinetic, .fidGeometric, .precision, .recall, .density, .coverage, .diversity]
    for figure in real {
      #expect(results.realAgainstReal[figure] != nil, "\(figure) of real against real")
      for generation in [results.shared] + results.arms.flatMap(\.generations) {
        let estimate = try #require(generation.samples[figure], "\(figure)")
        #expect(estimate.lower <= estimate.value && estimate.value <= estimate.upper)
      }
    }
    #expect(results.arms.allSatisfy { $0.generations.allSatisfy { $0.samples[.nearestTraining] != nil } })
  }

  @Test("Weights go from generation to generation") func weightsGoFromGenerationToGeneration() async throws {
    let (_, events, folder) = try await ended(try Fake.specification())
    defer { try? FileManager.default.removeItem(at: folder) }
    let byID = Dictionary(uniqueKeysWithValues: events.models.map { ($0.id, $0) })
    let first = try #require(byID["generation-000"])
    #expect(first.parent == nil)
    for arm in ["baseline", "raw", "corrected"] {
      let (one, two) = (try #require(byID["\(arm)/generation-001"]), try #require(byID["\(arm)/generation-002"]))
      #expect(one.parent == first.sha256)
      #expect(two.parent == one.sha256)
      let drawn = events.clips.filter { $0.arm == arm && $0.generation == 2 && $0.purpose == .sample }
      #expect(drawn.allSatisfy { $0.model == one.sha256 }, "generation 2's samples come from generation 1's model")
    }
    #expect(try #require(byID["raw/generation-002"]).clips == 12, "6 real windows and the 6 newest samples, no older")
    #expect(try #require(byID["baseline/generation-002"]).clips == 6)
  }

  @Test("Prompts are real windows without replacement") func promptsAreRealWindowsWithoutReplacement() async throws {
    let (_, events, folder) = try await ended(try Fake.specification())
    defer { try? FileManager.default.removeItem(at: folder) }
    let windows = Dictionary(uniqueKeysWithValues: Fake.data().training.map { ($0.id, $0) })
    for generation in 1...2 {
      let samples = events.clips.filter { $0.arm == "raw" && $0.generation == generation && $0.purpose == .sample }
      #expect(Set(samples.flatMap(\.parents)).count == 6)
      for sample in samples {
        let window = try #require(windows[sample.parents[0]])
        #expect(sample.action == window.action && sample.frames == window.motion.count)
      }
    }
  }

  @Test("Corrections enter and rejected clips are dropped") func correctionsEnterAndRejectedClipsAreDropped()
    async throws
  {
    let (results, events, folder) = try await ended(try Fake.specification())
    defer { try? FileManager.default.removeItem(at: folder) }
    let corrections = events.clips.filter { $0.purpose == .correction }
    let rejected = corrections.filter { !$0.isUsable }
    #expect(!rejected.isEmpty && rejected.count < corrections.count)
    #expect(rejected.allSatisfy { $0.file.contains("/rejected/") })
    for case .mix(let mix) in events where mix.arm == "corrected" {
      let usable = corrections.filter { $0.generation == mix.generation && $0.isUsable }
      #expect(mix.synthetic == usable.map(\.id))
      #expect(mix.dropped == 6 - usable.count)
      let metrics = try #require(results.arms[2].generations[mix.generation - 1].synthetic)
      #expect(metrics.drawn == 6 && metrics.used == usable.count && metrics.rejected == mix.dropped)
      #expect(metrics.mpjpe == 7)
    }
  }

  @Test("Rejected clips stay raw when asked") func rejectedClipsStayRawWhenAsked() async throws {
    var specification = try Fake.specification()
    specification.rejected = .raw
    let (_, events, folder) = try await ended(specification)
    defer { try? FileManager.default.removeItem(at: folder) }
    for case .mix(let mix) in events where mix.arm == "corrected" { #expect(mix.synthetic.count == 6) }
  }

  @Test("Strength zero is the raw loop") func strengthZeroIsTheRawLoop() async throws {
    var specification = try Fake.specification()
    specification.gamma = 0
    let (results, _, folder) = try await ended(specification)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(results.arms[1].generations.map(\.samples) == results.arms[2].generations.map(\.samples))
  }

  @Test("Gamma mixes by its share", arguments: [0.25, 1, 2.5]) func gammaMixesByItsShare(gamma: Double) {
    let policy = CorrectionPolicy(gamma: gamma, rejected: .drop)
    let corrected = (0..<4000).count {
      policy.choose(sample: "a", correction: "b", isUsable: true, seed: UInt64($0) &* 0x9E37_79B9) == "b"
    }
    #expect(abs(Double(corrected) / 4000 - gamma / (1 + gamma)) < 0.03)
  }

  @Test("Lambda above one takes whole passes") func lambdaAboveOneTakesWholePasses() {
    let prompts = (0..<5).map { ClipPrompt(window: "\($0)", action: "walk", frames: 3) }
    let drawn = ClipPrompt.draw(SampleCount(lambda: 2.5, real: 5, limit: 0).drawn, from: prompts, seed: 1)
    #expect(drawn.count == 12)
    let counts = Dictionary(grouping: drawn, by: \.window).mapValues(\.count)
    #expect(counts.count == 5 && counts.values.allSatisfy { $0 == 2 || $0 == 3 })
    #expect(SampleCount(lambda: 0.5, real: 5, limit: 0).drawn == 2)
  }

  @Test("Threads change nothing") func threadsChangeNothing() async throws {
    let specification = try Fake.specification()
    let (one, four) = (Fake.folder(), Fake.folder())
    defer { for folder in [one, four] { try? FileManager.default.removeItem(at: folder) } }
    _ = try await Fake.loop(specification, in: one, jobs: 1).run()
    _ = try await Fake.loop(specification, in: four, jobs: 4).run()
    #expect(try Fake.content(of: one) == Fake.content(of: four))
  }

  /// The published loop plays motions 1.5 times too fast after correction: it takes 20 frames a second for 30.
  @Test("A walk keeps its speed through the corrected arm", arguments: [20.0, 30])
  func aWalkKeepsItsSpeedThroughTheCorrectedArm(rate: Double) async throws {
    var specification = try Fake.specification()
    specification.arms = [.corrected]
    specification.generations = 1
    specification.data.windows = 3
    let data = LoopData(
      training: (1..<4).map { Fake.walk($0, frames: 20, frameTime: 1 / rate) },
      evaluation: (20..<30).map { Fake.walk($0, frames: 20, frameTime: 1 / rate) }, sha256: "30")
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await Fake.loop(
      specification, in: folder, corrector: KinematicCorrector(), data: data,
      generator: RememberingGenerator(frameTime: 1 / rate, shake: 0)
    ).run()
    let clips = try Ledger.events(in: folder.appendingPathComponent("ledger.jsonl")).clips
    let byID = Dictionary(uniqueKeysWithValues: clips.map { ($0.id, $0) })
    let corrections = clips.filter { $0.purpose == .correction }
    #expect(corrections.count == 3)
    for correction in corrections {
      let sample = try #require(byID[correction.parents[0]])
      #expect(correction.isUsable, "\(String(describing: correction.verdict))")
      let (before, after) = (try speed(sample, in: folder), try speed(correction, in: folder))
      #expect(before > 0.1)
      #expect(abs(after - before) < 0.01 * before, "\(before) m/s became \(after) m/s")
    }
  }

  private func speed(_ clip: ClipRecord, in folder: URL) throws -> Double {
    let data = try Data(contentsOf: folder.appendingPathComponent(clip.file))
    let motion = try BVHClipFormat(skeleton: .canonical).decode(data, name: clip.id)
    let roots = motion.poses.map(\.rootPosition)
    return (roots[roots.count - 1] - roots[0]).length / motion.duration
  }

  @Test("A model that gives na n is an error") func aModelThatGivesNaNIsAnError() async throws {
    struct Broken: MotionGenerator {
      let name = "broken"
      func train(on clips: [TrainingClip], plan: TrainingPlan, progress: @escaping StepProgress) async throws -> Double
      {
        try AtomicFile.write("x", to: plan.destination)
        return .nan
      }
      func sampler(_ plan: SamplingPlan) async throws -> any MotionSampler { BrokenSampler() }
    }
    struct BrokenSampler: MotionSampler {
      func sample(
        _ prompts: [ClipPrompt], seed: UInt64, first: Int, progress: @escaping StepProgress
      ) async throws -> [Motion] {
        prompts.map { prompt in
          let pose = Pose(resting: .canonical, rootPosition: SIMD3(.nan, 0, 0))
          return Motion(
            skeleton: .canonical, frameTime: 0.05, poses: Array(repeating: pose, count: prompt.frames))
        }
      }
    }
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let loop = Loop(
      specification: try Fake.specification(), data: Fake.data(),
      parts: Loop.Parts(
        generator: Broken(), corrector: { _ in NoddingCorrector() }, encoder: nil, measure: Fake.measure,
        format: BVHClipFormat(skeleton: .canonical), version: "test"), folder: folder)
    await #expect(throws: (any Error).self) { try await loop.run() }
  }

  @Test("More windows than there are is an error") func moreWindowsThanThereAreIsAnError() async throws {
    var specification = try Fake.specification()
    specification.data.windows = 100
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    await #expect(throws: SurefootError.self) { try await Fake.loop(specification, in: folder).run() }
  }
}
