import Correctors
import Dynamics
import Foundation
@testable import Generations
import Kinematics
import Randomness
import Support
import Testing

/// Every way in which loops may differ, on a model that remembers its clips.
@Suite struct ArmTests {
  private func ended(
    _ specification: RunSpecification, generator: any MotionGenerator = RememberingGenerator(),
    parts change: (inout Loop.Parts) -> Void = { _ in }
  ) async throws -> (results: RunResults, events: [LedgerEvent]) {
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    var parts = Loop.Parts(
      generator: generator, corrector: { _ in NoddingCorrector() }, encoder: FakeEncoder(), measure: Fake.measure,
      format: BVHClipFormat(skeleton: .canonical), version: "test")
    change(&parts)
    let loop = Loop(specification: specification, data: Fake.data(), parts: parts, folder: folder)
    return (try await loop.run(), try Ledger.events(in: folder.appendingPathComponent("ledger.jsonl")))
  }

  private func one(_ arm: String, _ settings: [String]) throws -> RunSpecification {
    var specification = try Fake.specification()
    for setting in settings { try specification.set(setting) }
    specification.arms = [ArmName(rawValue: arm)]
    try specification.validate()
    return specification
  }

  private func models(_ events: [LedgerEvent]) -> [String: ModelRecord] {
    Dictionary(uniqueKeysWithValues: events.models.map { ($0.id, $0) })
  }

  @Test("Accumulation keeps every generation") func accumulationKeepsEveryGeneration() async throws {
    let (_, events) = try await ended(try one("raw", ["mixing=accumulate", "generations=3"]))
    #expect(events.mixes.map(\.synthetic.count) == [6, 12, 18])
    #expect(models(events)["raw/generation-003"]?.clips == 24)
  }

  @Test("A limited number of clips is repeated") func aLimitedNumberOfClipsIsRepeated() async throws {
    let (results, events) = try await ended(
      try one("raw", ["lambda=3", "distinct=4", "data.windows=3", "generations=1"]))
    let mix = try #require(events.mixes.first)
    #expect(mix.real == 3 && mix.synthetic.count == 9 && mix.dropped == 0)
    let times = Dictionary(grouping: mix.synthetic) { $0 }.mapValues(\.count)
    #expect(times.values.sorted() == [2, 2, 2, 3])
    #expect(models(events)["raw/generation-001"]?.clips == 12)
    #expect(events.clips.count { $0.purpose == .sample } == 4)
    #expect(results.arms[0].generations[0].synthetic?.drawn == 4)
    #expect(results.arms[0].generations[0].synthetic?.used == 4)
  }

  @Test("What was rejected is missing from the repetition") func whatWasRejectedIsMissingFromTheRepetition() {
    let clips = SampleCount(lambda: 3, real: 3, limit: 3)
    #expect(clips.repeated([1, 2]) == [1, 2, 1, 2, 1, 2])
    #expect(clips.repeated([Int]()).isEmpty)
    #expect(SampleCount(lambda: 1, real: 2, limit: 3).repeated([1, 2]) == [1, 2])
    #expect(SampleCount(lambda: 3, real: 3, limit: 0).drawn == 9)
  }

  @Test("Fully synthetic sees nothing real") func fullySyntheticSeesNothingReal() async throws {
    let (_, events) = try await ended(try one("synthetic", ["lambda=2"]))
    #expect(events.mixes.map(\.real) == [0, 0])
    #expect(models(events)["synthetic/generation-002"]?.clips == 12)
  }

  @Test("Fresh windows come anew each generation") func freshWindowsComeAnewEachGeneration() async throws {
    let (_, events) = try await ended(try one("raw", ["mixing=fresh", "data.windows=4", "generations=2"]))
    guard case .run(let run) = events[0] else { throw CocoaError(.coderInvalidValue) }
    let sets = [run.windows] + events.mixes.compactMap(\.windows)
    #expect(sets.count == 3 && sets.allSatisfy { $0.count == 4 })
    #expect(Set(sets.joined()).count == 12, "12 windows give three generations without one coming twice")
  }

  @Test("A pool that runs dry is filled again") func aPoolThatRunsDryIsFilledAgain() {
    let pool = RealPool(count: 5, chosen: [0, 3], seed: 1)
    let drawn = (1...4).map { FreshReal().real(of: pool, generation: $0) }
    #expect(drawn[0].allSatisfy { ![0, 3].contains($0) })
    #expect(drawn.allSatisfy { $0.count == 2 } && Set(drawn.joined()) == Set(0..<5))
    #expect(FreshReal().real(of: pool, generation: 3) == drawn[2], "the same generation, the same windows")
  }

  @Test("Lambda follows its schedule") func lambdaFollowsItsSchedule() async throws {
    let (results, _) = try await ended(try one("raw", ["lambda=[0, 0.5, 2]", "generations=4"]))
    #expect(results.arms[0].generations.map { $0.synthetic?.drawn ?? 0 } == [0, 3, 12, 12])
  }

  @Test("Scratch trains without the last generations weights") func scratchTrainsWithoutTheLastGenerationsWeights()
    async throws
  {
    let (_, events) = try await ended(try one("raw", ["model.start=scratch", "model.initial-steps=5"]))
    let model = try #require(models(events)["raw/generation-002"])
    #expect(model.parent == nil && model.steps == 5)
  }

  @Test("Rejected clips are drawn anew") func rejectedClipsAreDrawnAnew() async throws {
    let (results, events) = try await ended(
      try one("corrected", ["rejected=replace", "lambda=4", "generations=1", "definitions.x.lambda=1"]))
    let synthetic = try #require(results.arms[0].generations[0].synthetic)
    #expect(synthetic.rejected > 0 && synthetic.drawn > 24)
    let again = events.clips.filter { $0.id.hasPrefix("corrected-001-r1-") && $0.purpose == .sample }
    let first = events.clips.filter { $0.purpose == .correction && !$0.isUsable && !$0.id.contains("-r") }
    #expect(again.count == first.count && !again.isEmpty)
    #expect(again.map(\.action) == first.map(\.action), "a replacement is asked the same")
    let mix = try #require(events.mixes.first)
    #expect(mix.synthetic.count == synthetic.used && mix.synthetic.count > 24 - first.count)
  }

  @Test("A rejection of everything is said where nothing else is learnt")
  func aRejectionOfEverythingIsSaidWhereNothingElseIsLearnt() async throws {
    struct Refusing: Corrector {
      let name = "refusing"
      func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
        throw SurefootError(.correctionFailed, message: "no")
      }
    }
    await #expect(throws: SurefootError.noData("no clip is left for corrected to learn from in generation 1")) {
      try await ended(try one("corrected", ["mixing=synthetic"])) { $0.corrector = { _ in Refusing() } }
    }
  }

  @Test("Curation raises the reward") func curationRaisesTheReward() async throws {
    let (results, events) = try await ended(
      try one("curated", ["curation.temperature=0", "curation.choices=5", "lambda=2", "generations=1"]))
    #expect(events.choices.count == 12)
    for choice in events.choices {
      #expect(choice.rewards.count == 5 && choice.rewards[choice.chosen ?? 0] == choice.rewards.max())
      let clip = try #require(choice.clip)
      #expect(abs(-clip.metrics.physErr / 10 - (choice.rewards.max() ?? 0)) < 1e-9)
    }
    let synthetic = try #require(results.arms[0].generations[0].synthetic)
    #expect(try #require(synthetic.chosenReward) > #require(synthetic.candidateReward))
  }

  @Test("Bradley terry chooses by the exponential") func bradleyTerryChoosesByTheExponential() {
    let rewards = [0, 1, 2.0]
    var random = SeededGenerator(seed: 4)
    var counts = [0.0, 0, 0]
    for _ in 0..<30_000 {
      if let place = BradleyTerryCurator().choose(rewards, temperature: 1, using: &random) {
        counts[place] += 1 / 30_000
      }
    }
    let total = rewards.reduce(0) { $0 + exp($1) }
    for (count, reward) in zip(counts, rewards) { #expect(abs(count - exp(reward) / total) < 0.01) }
    #expect(BradleyTerryCurator().choose([1e6, 3e6], temperature: 1, using: &random) == 1, "no overflow")
    #expect(BradleyTerryCurator().choose([], temperature: 1, using: &random) == nil)
    let same = (0..<1000).count { _ in
      BradleyTerryCurator().choose([0, 100], temperature: .infinity, using: &random) == 1
    }
    #expect(abs(same - 500) < 60, "an infinite temperature does not look at rewards")
  }

  /// A reward, a curator and a way to mix as a user writes them.
  private struct Far: Reward {
    let name = "far"
    func rewards(of candidates: [Candidate]) async throws -> [Double] {
      candidates.map { $0.motion.poses[$0.motion.count - 1].rootPosition.z }
    }
  }
  private struct BeyondThreshold: Curator {
    let name = "beyond"
    func choose(_ rewards: [Double], temperature: Double, using random: inout SeededGenerator) -> Int? {
      rewards.firstIndex { $0 > temperature }
    }
  }
  private struct FirstHalf: Mixing {
    let name = "first-half"
    func mix<Item>(real: [Item], synthetic: [[Item]]) -> [Item] {
      real + (synthetic.last ?? []).prefix((synthetic.last?.count ?? 0) / 2)
    }
  }

  @Test("A users own parts are taken by name") func aUsersOwnPartsAreTakenByName() async throws {
    let specification = try one(
      "raw",
      [
        "curation.reward=far", "curation.curator=beyond", "curation.temperature=0.7", "curation.choices=2",
        "mixing=first-half", "lambda=4", "generations=1",
      ])
    let (results, events) = try await ended(specification) { parts in
      parts.rewards = [Far()]
      parts.curators = [BeyondThreshold()]
      parts.mixings = [FirstHalf()]
    }
    let chosen = events.choices.compactMap(\.clip)
    #expect(chosen.count < 24 && !chosen.isEmpty, "some prompts go without a clip")
    #expect(events.mixes[0].synthetic == chosen.prefix(chosen.count / 2).map(\.id))
    #expect(events.mixes[0].dropped == 24 - chosen.count)
    #expect(results.arms[0].generations[0].synthetic?.drawn == chosen.count)
  }

  @Test(
    "Names of nothing are said",
    arguments: [("mixing=stirred", "stirred"), ("curation.reward=fame", "fame"), ("curation.curator=me", "me")])
  func namesOfNothingAreSaid(setting: String, name: String) async throws {
    let error = await #expect(throws: SurefootError.self) {
      try await ended(
        try one("raw", setting.hasPrefix("curation.curator") ? [setting, "curation.reward=speed"] : [setting]))
    }
    #expect(error?.message.contains(name) == true && error?.suggestion?.contains("use one of") == true)
  }

  @Test("The verdict of the judge is a reward") func theVerdictOfTheJudgeIsAReward() async throws {
    let (_, events) = try await ended(try one("verdict", ["curation.temperature=0", "lambda=2", "generations=1"]))
    #expect(events.choices.count == 12)
    #expect(events.choices.flatMap(\.rewards).contains(0), "the judge rejects some")
    #expect(events.choices.flatMap(\.rewards).contains { abs($0 - (1 - 7.0 / 500)) < 1e-12 })
    #expect(events.clips.allSatisfy { $0.purpose != .correction }, "the judge's corrections do not enter")
  }

  @Test("Labels agree with their own kind") func labelsAgreeWithTheirOwnKind() async throws {
    func clip(_ index: Int, speed: Double, action: String) -> TrainingClip {
      let poses = (0..<12).map {
        Pose(resting: .canonical, rootPosition: SIMD3(0, 0.9, speed * Double($0) * (1 + 0.02 * Double(index))))
      }
      return TrainingClip(
        id: "\(index)", motion: Motion(skeleton: .canonical, frameTime: 0.05, poses: poses), action: action)
    }
    let real = (0..<8).map { clip($0, speed: $0 < 4 ? 0.02 : 0.3, action: $0 < 4 ? "walk" : "run") }
    let reward = try LabelReward(real: real, k: 3)
    func candidate(_ speed: Double, _ action: String) -> Candidate {
      let motion = clip(1, speed: speed, action: action).motion
      return Candidate(motion: motion, action: action, metrics: .unmeasurable, seed: 0)
    }
    let rewards = try await reward.rewards(
      of: [candidate(0.02, "walk"), candidate(0.02, "run"), candidate(0.3, "run"), candidate(0.3, "walk")])
    #expect(rewards == [1, 0, 1, 0])
  }

  @Test("A programs opinion is a reward") func aProgramsOpinionIsAReward() async throws {
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let program = folder.appendingPathComponent("judge")
    try AtomicFile.write("#!/bin/sh\nfor f in \"$1\"/*.bvh; do wc -c < \"$f\"; done\n", to: program)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
    let format = BVHClipFormat(skeleton: .canonical)
    let candidates = (0..<3).map {
      Candidate(motion: Fake.walk($0, frames: 5 + 3 * $0).motion, action: "walk", metrics: .unmeasurable, seed: 0)
    }
    let rewards = try await ProgramReward(program: program.path, format: format).rewards(of: candidates)
    #expect(try rewards == candidates.map { Double(try format.encode($0.motion).count) })
    let error = await #expect(throws: SurefootError.self) {
      try await ProgramReward(program: "true", format: format).rewards(of: candidates)
    }
    #expect(error?.message.contains("0 numbers") == true)
    await #expect(throws: SurefootError.self) {
      try await ProgramReward(program: "/nowhere/judge", format: format).rewards(of: candidates)
    }
  }

  @Test("The oracle gives the nearest real motion where the sample stands")
  func theOracleGivesTheNearestRealMotionWhereTheSampleStands() async throws {
    let windows = (0..<5).map { Fake.walk($0) }
    let oracle = NearestRealCorrector(name: "oracle", windows: windows, measure: Fake.measure)
    let turn = Quaternion(angle: 1.1, axis: .unitY)
    let placed = windows[3].motion.placed(rotation: turn, displacement: SIMD3(2, 0, -1))
    let correction = try await oracle.correct(placed, seed: 0)
    #expect(correction.verdict == .corrected && correction.report.mpjpe < 1e-6)
    let other = try await oracle.correct(Fake.walk(2, frames: 11).motion, seed: 0)
    #expect(!other.verdict.isUsable, "no window has its length")
  }

  @Test("The ideal correction is the window that a sample was drawn for")
  func theIdealCorrectionIsTheWindowThatASampleWasDrawnFor() async throws {
    let windows = (0..<5).map { Fake.walk($0) }
    let ideal = PromptWindowCorrector(windows: windows, measure: Fake.measure)
    let sample = windows[3].motion.placed(
      rotation: Quaternion(angle: 1.1, axis: .unitY), displacement: SIMD3(2, 0, -1))
    let correction = try await ideal.prompted(by: windows[1].id).correct(sample, seed: 0)
    let standing = windows[1].motion.facingForward()
    #expect(MotionDifference(correction.motion.facingForward(), standing).mpjpe < 1e-6)
    #expect(MotionDifference(windows[3].motion.facingForward(), standing).mpjpe > 1e-3, "another one is nearer")
    let (first, placed) = (correction.motion.poses[0].rootPosition, sample.poses[0].rootPosition)
    #expect(abs(first.x - placed.x) < 1e-9 && abs(first.z - placed.z) < 1e-9)
    #expect(try await !ideal.correct(sample, seed: 0).verdict.isUsable, "it was drawn for nothing")
    let longer = try await ideal.prompted(by: windows[1].id).correct(Fake.walk(2, frames: 11).motion, seed: 0)
    #expect(!longer.verdict.isUsable, "its window is shorter")
  }

  @Test("A loop corrects ideally by each samples own window") func aLoopCorrectsIdeallyByEachSamplesOwnWindow()
    async throws
  {
    let settings = ["corrector=ideal", "mixing=synthetic", "generations=1"]
    let (_, events) = try await ended(try one("corrected", settings))
    let corrections = events.clips.filter { $0.purpose == .correction }
    #expect(corrections.count == 6 && corrections.allSatisfy(\.isUsable))
    let judged = try one("verdict", ["curation.judge=ideal"])
    let error = await #expect(throws: SurefootError.self) { try await ended(judged) }
    #expect(error?.file == "curation.judge")
  }
}
