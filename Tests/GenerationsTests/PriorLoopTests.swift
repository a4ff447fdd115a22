import CorrectionTesting
import Correctors
import Diffusion
import Evaluation
import Foundation
import GenerationParts
@testable import Generations
import Kinematics
import Randomness
import Support
import Synchronization
import Testing

/// Correctors with a data prior in a loop: what they are fitted on, what the ledger says of it, and how they follow one
/// another.
@Suite struct PriorLoopTests {
  /// A model that remembers its clips, whose noise shakes a motion by its level.
  private struct ShakingGenerator: MotionGenerator {
    let name = "shaking"
    let model = RememberingGenerator()

    func train(on clips: [TrainingClip], plan: TrainingPlan, progress: @escaping StepProgress) async throws -> Double {
      try await model.train(on: clips, plan: plan, progress: progress)
    }
    func sampler(_ plan: SamplingPlan) async throws -> any MotionSampler {
      Shaking(sampler: try await model.sampler(plan))
    }

    struct Shaking: MotionSampler {
      let sampler: any MotionSampler
      func sample(
        _ prompts: [ClipPrompt], seed: UInt64, first: Int, progress: @escaping StepProgress
      ) async throws -> [Motion] {
        try await sampler.sample(prompts, seed: seed, first: first, progress: progress)
      }
      func denoised(
        _ motions: [Motion], prompts: [ClipPrompt], level: Double, seeds: [UInt64]
      ) async throws -> [Motion] {
        zip(motions, seeds).map { motion, seed in
          var random = SeededGenerator(seed: seed)
          var result = motion.facingForward()
          for index in result.poses.indices { result.poses[index].rootPosition.y += 0.01 * level * random.normal() }
          return result
        }
      }
    }
  }

  private func specification(_ corrector: String, _ settings: [String] = []) throws -> RunSpecification {
    var specification = try Fake.specification()
    for setting in ["corrector=\(corrector)", "generations=1", "lambda=2"] + settings { try specification.set(setting) }
    specification.arms = [.corrected]
    return specification
  }

  private func run(
    _ specification: RunSpecification, in folder: URL? = nil, notes: @escaping @Sendable (LoopEvent) -> Void = { _ in }
  ) async throws -> (results: RunResults, events: [LedgerEvent], content: [String: String]) {
    let place = folder ?? Fake.folder()
    defer { if folder == nil { try? FileManager.default.removeItem(at: place) } }
    let loop = Fake.loop(specification, in: place, generator: ShakingGenerator(), observe: notes)
    let results = try await loop.run()
    return (
      results, try Ledger.events(in: place.appendingPathComponent("ledger.jsonl")), try Fake.content(of: place)
    )
  }

  private func fits(_ events: [LedgerEvent]) -> [FitRecord] {
    events.compactMap { if case .fit(let record) = $0 { record } else { nil } }
  }

  @Test("A prior is fitted on the n windows, and the ledger has their hash", arguments: ["spectrum", "transport"])
  func aPriorIsFittedOnTheWindows(name: String) async throws {
    let (_, events, _) = try await run(try specification(name))
    let fit = try #require(fits(events).first)
    let run = try #require(events.run)
    let windows = Fake.data().training.filter { run.windows.contains($0.id) }
    let expected = CorrectorFit(windows.map { LabelledMotion(motion: $0.motion, action: $0.action) })
    #expect(fit.windows == 6 && fit.sha256 == expected.sha256 && !fit.isLeak)
    #expect(run.corrector.contains(fit.sha256.prefix(12)), "a run with other windows is another run")
    let corrections = events.clips.filter { $0.purpose == .correction }
    #expect(corrections.count == 12 && corrections.allSatisfy { $0.corrector == "\(fit.corrector) test" })
    #expect(corrections.contains { $0.verdict == .corrected })
  }

  @Test("A prior that is fitted on all windows is called a leak") func allWindowsAreALeak() async throws {
    let (_, events, _) = try await run(try specification("transport-leak"))
    let fit = try #require(fits(events).first)
    #expect(fit.isLeak && fit.windows == 12 && fit.corrector.contains("-leak-"))
    #expect(events.run?.corrector.contains("leak") == true)
  }

  @Test("Correctors follow one another in either order", arguments: ["spectrum@1+nodding", "nodding+spectrum@1"])
  func correctorsFollowOneAnother(expression: String) async throws {
    let (_, events, _) = try await run(try specification(expression))
    let corrections = events.clips.filter { $0.purpose == .correction }
    #expect(corrections.count == 12 && corrections.contains(where: \.isUsable))
    let names = expression.split(separator: "+").map { $0.split(separator: "@")[0] }
    for correction in corrections {
      let parts = (correction.corrector ?? "").split(separator: "+")
      #expect(zip(parts, names).allSatisfy { $0.hasPrefix($1) } && parts.count == 2)
    }
  }

  @Test("Arms share what they fit alike, and an arm without samples fits nothing") func armsShareFits() async throws {
    var settings = try specification("denoise+nodding", ["definitions.other.gamma=1"])
    settings.arms = ["baseline", "corrected", "other"]
    let (_, events, _) = try await run(settings)
    #expect(fits(events).count == 1)
    let priors = events.models.filter { $0.file.hasPrefix("priors/") }
    #expect(priors.count == 1 && priors[0].steps == 20 && priors[0].clips == 6, "five times generation 0's four steps")
    settings.arms = ["baseline"]
    #expect(fits(try await run(settings).events).isEmpty)
  }

  @Test("Debiasing learns from the corrections of the n windows, which are written and recorded")
  func debiasingLearnsFromRealCorrections() async throws {
    let (_, events, content) = try await run(try specification("nodding+debias"))
    let real = events.clips.filter { $0.purpose == .realCorrection }
    #expect(real.count == 6 && real.allSatisfy { $0.corrector == "nodding test" && content[$0.file] == $0.sha256 })
    #expect(Set(real.flatMap(\.parents)) == Set(events.run?.windows ?? []))
    #expect(fits(events).map(\.corrector).first?.hasPrefix("debias-gamma-inf-6-windows-") == true)
  }

  @Test("A killed run goes on to the same bytes", arguments: ["denoise+nodding+debias"])
  func aKilledRunGoesOn(expression: String) async throws {
    let specification = try specification(expression)
    let whole = try await run(specification).content
    for limit in [11, 20] {
      let folder = Fake.folder()
      defer { try? FileManager.default.removeItem(at: folder) }
      let lines = Mutex(0)
      let crash: @Sendable (Data) -> Int? = { data in
        lines.withLock { count in
          count += data.count { $0 == UInt8(ascii: "\n") }
          return count > limit ? data.count / 2 : nil
        }
      }
      await #expect(throws: (any Error).self) {
        try await Ledger.$simulatedCrash.withValue(crash) { _ = try await run(specification, in: folder) }
      }
      #expect(try await run(specification, in: folder).content == whole, "killed after \(limit) lines")
    }
  }

  @Test("Threads change no byte") func threadsChangeNoByte() async throws {
    let specification = try specification("transport+nodding+spectrum")
    var contents: [[String: String]] = []
    for jobs in [1, 5] {
      let folder = Fake.folder()
      defer { try? FileManager.default.removeItem(at: folder) }
      _ = try await Fake.loop(specification, in: folder, jobs: jobs, generator: ShakingGenerator()).run()
      contents.append(try Fake.content(of: folder))
    }
    #expect(contents[0] == contents[1])
  }

  @Test(
    "A expression that cannot be meant is refused with its part",
    arguments: [
      ("debias", "nothing before it"), ("spectrum@", "no strength"), ("spectrum@-1", "no strength"),
      ("spectrum@much+nodding", "no strength"), ("spectrum++nodding", "without a name"),
      ("none+spectrum", "none stands"),
    ])
  func aPhraseThatCannotBeMeantIsRefused(expression: String, part: String) throws {
    let error = #expect(throws: SurefootError.self) { try CorrectorExpression(expression) }
    #expect(error?.message.contains(part) == true && error?.suggestion != nil)
  }

  @Test("Phrases are read") func phrasesAreRead() throws {
    let expression = try CorrectorExpression("spectrum-leak@0.3+predictive@inf")
    #expect(expression.parts.map(\.name) == ["spectrum-leak", "predictive"])
    #expect(expression.parts.map(\.gamma) == [0.3, .infinity])
    #expect(expression.parts[0].prior?.isLeak == true && expression.parts[0].prior?.kind == .spectrum)
    #expect(expression.hasPrior && expression.parts[1].prior == nil)
    #expect(try CorrectorExpression("external:fix me@home").parts[0].name == "external:fix me@home")
  }

  @Test("A prior judges no candidate") func aPriorJudgesNoCandidate() async throws {
    let settings = try specification("nodding", ["curation.reward=verdict", "curation.judge=spectrum"])
    let error = await #expect(throws: SurefootError.self) { try await run(settings) }
    #expect(error?.file == "curation.judge")
  }

  @Test("A model that cannot denoise says so") func aModelThatCannotDenoiseSaysSo() async throws {
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let error = await #expect(throws: SurefootError.self) {
      try await Fake.loop(try specification("denoise"), in: folder).run()
    }
    #expect(error?.code == .unsupported)
  }
}

/// The denoising prior on a real, if tiny, model.
@Suite struct DenoisingPriorTests {
  private static func windows() -> [LabelledMotion] {
    (0..<4).map {
      LabelledMotion(motion: SampleMotions.walk(seconds: 0.6, speed: 0.8 + 0.1 * Double($0)), action: "walk")
    }
  }

  private static func prior(level: Double, gamma: Double = .infinity) async throws -> DenoisingPrior {
    let configuration = ModelConfiguration.tiny
    let model = try MotionModel(
      configuration: configuration, fitting: windows().map { TrainingWindow(motion: $0.motion, action: $0.action) },
      seed: 1)
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("prior-\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    try model.save(to: file)
    let generator = try DiffusionGenerator(preset: "tiny", configuration: configuration)
    let plan = SamplingPlan(checkpoint: file, steps: 50, guidance: 1)
    return DenoisingPrior(
      try await generator.sampler(plan), model: "abc", trainedOn: windows(), level: level, gamma: gamma)
  }

  @Test("It conforms") func itConforms() async throws {
    let prior = try await Self.prior(level: 0.2)
    let failures = await CorrectorConformance(
      prior, motions: [SampleMotions.walk(seconds: 0.6), SampleMotions.standing(seconds: 0.6)], threads: 2
    ).failures()
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }

  @Test("More noise leads further away; a set changes no member; gamma goes part of the way")
  func moreNoiseLeadsFurther() async throws {
    let walk = SampleMotions.walk(seconds: 0.6)
    let little = try await Self.prior(level: 0.1).correct(walk, seed: 3)
    let much = try await Self.prior(level: 0.8).correct(walk, seed: 3)
    #expect(little.report.mpjpe < much.report.mpjpe)
    let samples = [SetSample(motion: SampleMotions.standing(seconds: 0.6), seed: 9), SetSample(motion: walk, seed: 3)]
    let own = try await Self.prior(level: 0.1).correctors(for: samples, jobs: 2)
    #expect(try await own[1].correct(walk, seed: 3).motion == little.motion)
    let half = try await Self.prior(level: 0.1, gamma: 1).correct(walk, seed: 3)
    for (frame, pose) in half.motion.poses.enumerated() {
      let middle = (walk.poses[frame].rootPosition + little.motion.poses[frame].rootPosition) / 2
      #expect((pose.rootPosition - middle).length < 1e-9)
    }
  }
}

/// The strength of an extrapolation that is chosen, and what generation 0 is said to be.
@Suite struct ChosenOmegaTests {
  /// A model whose samples walk faster the more it is extrapolated, in metres a second and omega.
  private struct HastyGenerator: MotionGenerator {
    let name = "hasty"
    let model = RememberingGenerator()
    func train(on clips: [TrainingClip], plan: TrainingPlan, progress: @escaping StepProgress) async throws -> Double {
      try await model.train(on: clips, plan: plan, progress: progress)
    }
    func extrapolate(base: URL, auxiliary: URL, omega: Double, to destination: URL) async throws {
      try AtomicFile.write("\(omega)", to: destination)
    }
    func sampler(_ plan: SamplingPlan) async throws -> any MotionSampler {
      let weights = Double((try? String(contentsOf: plan.checkpoint, encoding: .utf8)) ?? "")
      return Hasty(omega: plan.auxiliary == nil ? weights ?? 0 : plan.omega)
    }

    struct Hasty: MotionSampler {
      let omega: Double
      func sample(
        _ prompts: [ClipPrompt], seed: UInt64, first: Int, progress: @escaping StepProgress
      ) async throws -> [Motion] {
        prompts.map { prompt in
          let poses = (0..<prompt.frames).map {
            Pose(resting: .canonical, rootPosition: SIMD3(0, 0.9, (0.5 + omega) * Fake.frameTime * Double($0)))
          }
          return Motion(skeleton: .canonical, frameTime: Fake.frameTime, poses: poses)
        }
      }
    }
  }

  /// Walks with a little jerk, as real ones have.
  private static func uneven() -> LoopData {
    var data = Fake.data()
    for window in data.training.indices {
      for frame in data.training[window].motion.poses.indices {
        data.training[window].motion.poses[frame].rootPosition.y += 0.001 * Double(frame % 2)
      }
    }
    return data
  }

  private func events(_ settings: [String], arm: ArmName, data: LoopData = uneven()) async throws -> [LedgerEvent] {
    var specification = try Fake.specification()
    for setting in ["generations=1", "extrapolation.target=energy"] + settings { try specification.set(setting) }
    specification.arms = [arm]
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await Fake.loop(specification, in: folder, data: data, generator: HastyGenerator()).run()
    #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).allSatisfy { !$0.contains("probe") })
    return try Ledger.events(in: folder.appendingPathComponent("ledger.jsonl"))
  }

  private func record(_ events: [LedgerEvent]) throws -> OmegaRecord {
    try #require(events.compactMap { if case .omega(let record) = $0 { record } else { nil } }.first)
  }

  @Test("Omega gives samples the real windows' energy", arguments: ["sims", "neon"] as [ArmName])
  func omegaGivesRealEnergy(arm: ArmName) async throws {
    let chosen = try record(try await events(["extrapolation.omega=4", "extrapolation.largest-jerk=1000"], arm: arm))
    // Speed v has energy v^2 / 2.
    let wanted = (2 * chosen.realEnergy).squareRoot() - 0.5
    #expect(chosen.omega <= wanted && chosen.omega > wanted - 4.0 / 32, "\(chosen.omega) of \(wanted)")
    #expect(chosen.energy <= chosen.realEnergy)
  }

  @Test("The largest omega is the setting's, and 0 extrapolates nothing") func omegaHasBounds() async throws {
    let capped = try await events(["extrapolation.omega=0.25", "extrapolation.largest-jerk=1000"], arm: "sims")
    #expect(try record(capped).omega == 0.25)
    var still = Fake.data()
    for window in still.training.indices {
      for frame in still.training[window].motion.poses.indices {
        still.training[window].motion.poses[frame].rootPosition = SIMD3(0, 0.9, 0)
      }
    }
    for arm in ["sims", "neon"] as [ArmName] {
      let none = try await events(["extrapolation.omega=4"], arm: arm, data: still)
      #expect(try record(none).omega == 0 && record(none).energy > record(none).realEnergy)
      #expect(none.models.allSatisfy { !$0.file.contains("extrapolated") })
      #expect(none.clips.allSatisfy { $0.auxiliary == nil })
    }
  }

  @Test("Generation 0 is held against the n windows, and warned of if it is far from them")
  func generationZeroIsHeldAgainstTheWindows() async throws {
    func report(_ energy: Double, _ error: Double) -> SetReport {
      SetReport(
        count: 2,
        figures: [
          .kineticEnergy: Estimate(value: energy, lower: energy, upper: energy),
          .physErr: Estimate(value: error, lower: error, upper: error),
        ])
    }
    let weak = StartingPoint(generationZero: report(0.071, 27.9), windows: report(0.189, 12.1))
    #expect(weak.sentence.contains("0.071 J/kg") && weak.sentence.contains("2.31 times"))
    #expect(weak.warning?.contains("15 %") == true && weak.warning?.contains("1.5 times") == true)
    #expect(StartingPoint(generationZero: report(0.17, 18), windows: report(0.189, 12.1)).warning == nil)
    #expect(StartingPoint(generationZero: report(0.23, 12), windows: report(0.189, 12.1)).warning != nil)
    #expect(StartingPoint(generationZero: SetReport(count: 0, figures: [:]), windows: report(1, 1)).sentence.isEmpty)

    let warnings = Mutex<[String]>([])
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    var specification = try Fake.specification()
    (specification.arms, specification.generations) = (["baseline"], 1)
    _ = try await Fake.loop(specification, in: folder, generator: HastyGenerator()) { event in
      if case .warning(let text) = event { warnings.withLock { $0.append(text) } }
    }.run()
    #expect(warnings.withLock { $0.count } == 1)
  }
}
