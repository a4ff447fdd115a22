import Evaluation
import Foundation
@testable import Generations
import Kinematics
import Support
import Synchronization
import Testing

@Suite struct SweepTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test("Shipped specifications are read") func shippedSpecificationsAreRead() throws {
    let folder = SweepTests.root.appendingPathComponent("docs/specifications")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "yaml" }
    #expect(files.count >= 4)
    for file in files {
      if try String(contentsOf: file, encoding: .utf8).contains("\ngrid:") {
        #expect(try SweepSpecification(contentsOf: file).cells.count >= 15, "\(file.lastPathComponent)")
      } else {
        let read = try RunSpecification(contentsOf: file)
        #expect(read.evaluation.samples >= 1024)
      }
    }
  }

  @Test("The guide has the table of settings that the descriptors give, and every arm")
  func theGuideNamesEverySettingAndArm() throws {
    let guide = try String(
      contentsOf: SweepTests.root.appendingPathComponent("docs/loops.md"), encoding: .utf8)
    #expect(guide.contains("\n\n" + RunSpecification.settingsTable + "\n\n"), "\(RunSpecification.settingsTable)")
    for arm in ArmDefinition.builtIn { #expect(guide.contains("| `\(arm.name.rawValue)` |"), "\(arm.name)") }
  }

  @Test("Grids are combinations and their union") func gridsAreCombinationsAndTheirUnion() throws {
    let sweep = try SweepSpecification(
      yaml: """
        preset: tiny
        specification: {generations: 1}
        grid:
          - lambda: [1, 4]
            seed: [1, 2, 3]
          - lambda: [4, [1, 2]]
            arms: [raw, [raw, corrected]]
            seed: [1]
          - lambda: [4.0]
            seed: [3]
        """, file: "sweep.yaml")
    #expect(sweep.cells.count == 10, "a run that two grids name is one run")
    #expect(sweep.paths == ["lambda", "seed", "arms"])
    #expect(sweep.cells.map(\.name).prefix(3) == ["lambda-1.0_seed-1", "lambda-1.0_seed-2", "lambda-1.0_seed-3"])
    #expect(Set(sweep.cells.map(\.name)).count == 10)
    #expect(sweep.cells.allSatisfy { $0.specification.generations == 1 && $0.specification.model.preset == "tiny" })
    #expect(sweep.cells.last?.specification.lambda == [1, 2])
  }

  @Test(
    "Faults say where and what",
    arguments: [
      ("grid: {lambda: [1, much]}\n", 1, 20, "lambda takes"),
      ("grid:\n  lamda: [1]\n", 2, 3, "did you mean lambda?"),
      ("grid:\n  lambda: 1\n", 2, 11, "a list of values"),
      ("grid: {}\n", 1, 7, "settings with lists"),
      ("girth: {}\n", 1, 1, "no part girth"),
      ("preset: tiny\n", 1, 1, "no grid"),
      ("grid: {arms: [ghost]}\n", 1, 7, "no arm ghost"),
      ("specification: {seeds: 1}\ngrid: {seed: [1]}\n", 1, 17, "did you mean seed?"),
    ] as [(String, Int, Int, String)])
  func faultsSayWhereAndWhat(yaml: String, line: Int, column: Int, text: String) throws {
    let error = try #require(throws: SurefootError.self) { try SweepSpecification(yaml: yaml, file: "sweep.yaml") }
    #expect(error.line == line && error.column == column, "\(error)")
    #expect(error.description.contains(text), "\(error)")
  }

  private func small() throws -> SweepSpecification {
    try SweepSpecification(
      yaml: """
        preset: tiny
        specification:
          generations: 1
          arms: [raw]
          data: {windows: 3}
          evaluation: {samples: 6, keep: 1, resamples: 2}
        grid: {seed: [1, 2], lambda: [1, 2]}
        """, file: "sweep.yaml")
  }

  /// Counts trainings, and fails one run if asked to.
  private final class Count: Sendable {
    private let value = Mutex(0)
    func add() { value.withLock { $0 += 1 } }
    var count: Int { value.withLock { $0 } }
  }
  private struct CountingGenerator: MotionGenerator {
    let name = "counting"
    let count: Count
    var fails = false
    func train(on clips: [TrainingClip], plan: TrainingPlan, progress: @escaping StepProgress) async throws -> Double {
      if fails { throw CocoaError(.fileWriteOutOfSpace) }
      count.add()
      return try await RememberingGenerator().train(on: clips, plan: plan, progress: progress)
    }
    func sampler(_ plan: SamplingPlan) async throws -> any MotionSampler {
      try await RememberingGenerator().sampler(plan)
    }
  }

  @Test("A sweep shares generation zero skips finished runs and collects a table")
  func aSweepSharesGenerationZeroSkipsFinishedRunsAndCollectsATable() async throws {
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let sweep = Sweep(try small(), folder: folder)
    let count = Count()
    let failing = "lambda-2.0"
    let (first, failures) = try await sweep.run { specification, place in
      let generator = CountingGenerator(count: count, fails: place.lastPathComponent == "seed-1_\(failing)")
      return Fake.loop(specification, in: place, generator: generator)
    } observe: { _, _, _ in
    }
    #expect(failures.keys.sorted() == ["seed-1_lambda-2.0"], "one run's failure leaves the others")
    #expect(first.rows.count == 3 * 3)
    // Two generations 0 (a seed each), and generation 1 of three runs.
    #expect(count.count == 5)
    var outcomes: [String] = []
    let (table, none) = try await sweep.run { specification, place in
      Fake.loop(specification, in: place, generator: CountingGenerator(count: count))
    } observe: { _, cell, outcome in
      if let outcome { outcomes.append("\(cell.name) \(outcome)") }
    }
    #expect(none.isEmpty && count.count == 6 && outcomes.count { $0.hasSuffix("skipped") } == 3)
    #expect(table.rows.count == 4 * 3 && table.rows.count { $0.arm == "raw" && $0.generation == 1 } == 4)
    let csv = try String(contentsOf: folder.appendingPathComponent("table.csv"), encoding: .utf8)
    let lines = csv.split(separator: "\n")
    #expect(csv == table.csv && lines.count == 13)
    #expect(lines[0].hasPrefix("run,seed,lambda,arm,generation,count,fid,fid.lower,fid.upper"))
    #expect(Set(lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }).count == 1)
    let json = try String(contentsOf: folder.appendingPathComponent("table.jsonl"), encoding: .utf8)
    let read = try json.split(separator: "\n").map {
      try JSONDecoder().decode(SweepTable.Row.self, from: Data($0.utf8))
    }
    #expect(read == table.rows)
    let summary = table.summary(of: [.physErr])
    #expect(summary.count == 4 && summary.allSatisfy { $0.seeds == 2 })
    #expect(try #require(summary.first { $0.arm == "raw" }?.figures[0]).deviation != nil)
  }

  @Test("A run that shares generation zero ends as if it had made it")
  func aRunThatSharesGenerationZeroEndsAsIfItHadMadeIt() async throws {
    var specification = try Fake.specification()
    specification.generations = 1
    let (own, other, taken) = (Fake.folder(), Fake.folder(), Fake.folder())
    defer { for folder in [own, other, taken] { try? FileManager.default.removeItem(at: folder) } }
    _ = try await Fake.loop(specification, in: own).run()
    var donor = specification
    donor.lambda = 0.5
    donor.arms = [.raw]
    _ = try await Fake.loop(donor, in: other).run()
    let loop = Fake.loop(specification, in: taken)
    #expect(try loop.shareGenerationZero(from: other))
    #expect(try !loop.shareGenerationZero(from: other), "only a run that has not begun takes anything")
    _ = try await loop.run()
    #expect(try Fake.content(of: taken) == Fake.content(of: own))
    var far = specification
    far.seed = 9
    let fresh = Fake.folder()
    defer { try? FileManager.default.removeItem(at: fresh) }
    #expect(try !Fake.loop(far, in: fresh).shareGenerationZero(from: other), "another seed has another generation 0")
    try Data("x".utf8).write(to: other.appendingPathComponent("generation-000/checkpoint.safetensors"))
    #expect(try !Fake.loop(specification, in: fresh).shareGenerationZero(from: other), "spoilt files are not taken")
  }
}
