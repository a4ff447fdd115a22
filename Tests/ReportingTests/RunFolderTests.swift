import Correctors
import Dynamics
import Evaluation
import Foundation
@testable import Generations
import MotionFormats
@testable import Reporting
import Support
import Testing

/// A run's page from its ledger and clips: players, worst and best, rejections, lineage.
@Suite struct RunFolderTests {
  private static func metrics(_ physErr: Double) -> PlausibilityMetrics {
    PlausibilityMetrics(
      penetrate: physErr, float: 0, skate: 0, skateSpeed: 0, skatingRatio: 0, residualWrench: 0.1,
      residualWrench95: 0.2,
      selfPenetration: 0, jointLimitExcess: 0, jerk: 1)
  }

  private static func clip(
    _ id: String, _ purpose: ClipRecord.Purpose, arm: String?, generation: Int, parents: [String], physErr: Double,
    verdict: Verdict? = nil
  ) -> ClipRecord {
    ClipRecord(
      id: id, purpose: purpose, parents: parents, model: "model", arm: arm, generation: generation, action: "walk",
      frames: 31, seed: 1, file: "clips/\(id).bvh", sha256: "", corrector: nil, verdict: verdict, mpjpe: 12,
      metrics: metrics(physErr))
  }

  private static func model(_ id: String, arm: String?, generation: Int, parent: String?) -> ModelRecord {
    ModelRecord(
      id: id, file: "m", sha256: "abcdef0123456789", parent: parent, arm: arm, generation: generation, clips: 48,
      steps: 10, seed: 1, loss: 0.5)
  }

  /// Five corrections of which one is rejected, in an arm of one generation.
  ///
  /// - Parameter suffix: Ends the identifiers of all clips.
  private static func run(in folder: URL, suffix: String = "") throws -> RunFolder {
    let estimate = Estimate(value: 2, lower: 1, upper: 3)
    let report = SetReport(count: 8, figures: [.physErr: estimate, .fidKinetic: estimate])
    let results = RunResults(
      name: "made", specification: "seed: 1\n", trainingWindows: 48, evaluationWindows: 8, real: report,
      realAgainstReal: report,
      shared: GenerationMetrics(arm: nil, generation: 0, model: "m", samples: report, synthetic: nil),
      arms: [
        .init(
          name: "corrected",
          generations: [.init(arm: "corrected", generation: 1, model: "m", samples: report, synthetic: nil)])
      ])
    var clips = [clip("shared-000-e0000" + suffix, .evaluation, arm: nil, generation: 0, parents: [], physErr: 9)]
    for index in 0..<5 {
      let name = "corrected-001-000\(index)"
      clips.append(
        clip(name + suffix, .sample, arm: "corrected", generation: 1, parents: [], physErr: 40 + Double(index)))
      clips.append(
        clip(
          name + "c" + suffix, .correction, arm: "corrected", generation: 1, parents: [name + suffix],
          physErr: Double(10 * index),
          verdict: index == 4 ? .rejected(reason: "a joint is 700 mm off") : .corrected))
    }
    let walk = MadeWalk.motion(seconds: 1)
    for record in clips {
      let clip = Clip(name: record.id, motion: walk, provenance: Provenance(source: "made"))
      try BVH.write(clip, to: folder.appending(path: record.file))
    }
    let events: [LedgerEvent] =
      [
        .model(model("generation-000", arm: nil, generation: 0, parent: nil)),
        .model(model("corrected/generation-001", arm: "corrected", generation: 1, parent: "abcdef0123456789")),
        .mix(MixRecord(arm: "corrected", generation: 1, real: 48, synthetic: clips.map(\.id), dropped: 1)),
      ] + clips.map { .clip($0) }
    return RunFolder(results: results, events: events, folder: folder)
  }

  @Test("The page shows worst best rejected and lineage") func thePageShowsWorstBestRejectedAndLineage() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-run-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try Self.run(in: folder)
    let html = Report(run).html
    #expect(html.contains("<b>worst: corrected-001-0003</b>"))
    #expect(html.contains("<b>best: corrected-001-0000</b>"))
    #expect(html.contains("Rejected clips: 1 of 5"))
    #expect(html.contains("a joint is … mm off"))
    #expect(html.contains("48 real, 11 synthetic"))
    // Generation 0's sample, four corrections of which all are shown, one rejection.
    #expect(html.components(separatedBy: "class=\"sf-player\"").count - 1 == 6)
    #expect(html == Report(run).html)
  }

  /// The identifiers of a ledger that once ran its program: the quotation mark and the accent are one character.
  @Test("A ledger's crafted clip ids give no attribute to the page")
  func craftedIdentifiersAddNoAttribute() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-run-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let suffix = "q\"\u{301} style=animation:x onanimationstart=document.title=`XSS-RAN` data-x=\"\u{301}"
    let html = Report(try Self.run(in: folder, suffix: suffix)).html
    #expect(html.components(separatedBy: "class=\"sf-player\"").count - 1 == 6)
    let page = folder.appending(path: "report.html")
    try AtomicFile.write(html, to: page)
    let reader = Process()
    reader.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let program = """
      import html.parser, sys
      class Reader(html.parser.HTMLParser):
          def handle_starttag(self, tag, attributes):
              for name, value in attributes:
                  assert not name.startswith("on") and value != "animation:x", (tag, attributes)
      Reader().feed(open(sys.argv[1], encoding="utf-8").read())
      """
    reader.arguments = ["python3", "-c", program, page.path]
    try reader.run()
    reader.waitUntilExit()
    #expect(reader.terminationStatus == 0)
  }

  @Test("The page plays and prints in a real browser", .enabled(if: ViewerTests.hasBrowser))
  func thePagePlaysAndPrintsInARealBrowser() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-run-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let page = folder.appending(path: "report.html")
    try AtomicFile.write(Report(try Self.run(in: folder)).html, to: page)
    let errors = try ViewerTests.check("report", [page.path])
    #expect(errors.isEmpty, "\(errors)")
  }

  @Test("Clips that are gone are left out") func clipsThatAreGoneAreLeftOut() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-run-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try Self.run(in: folder)
    try FileManager.default.removeItem(at: folder)
    let html = Report(run).html
    #expect(!html.contains("class=\"sf-player\"") && html.contains("Rejected clips: 1 of 5"))
  }

  /// A folder in which a run of one generation ended, was lengthened, and was broken off when the second was measured.
  private static func writeLengthenedRun(in folder: URL, goesOn: Bool) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let walks = [0, 0.5, 1].map { MadeWalk.motion(seconds: 1, phase: $0) }
    let set = try EvaluationSet(
      evaluation: walks.enumerated().map { (name: "window \($0.offset)", motion: $0.element) }, training: walks,
      encoder: nil, measure: { _ in metrics(1) }, bootstrap: Bootstrap(resamples: 2, seed: 1))
    let hash = try set.save(to: folder.appending(path: "evaluation-set.json"))
    let report = SetReport(count: 3, figures: [.physErr: Estimate(value: 2, lower: 1, upper: 3)])
    let ledger = try Ledger(at: folder.appending(path: "ledger.jsonl"))
    var arm = RunResults.ArmResults(name: "raw", generations: [])
    func measure(_ name: String?, _ generation: Int) throws -> GenerationMetrics {
      let made = GenerationMetrics(arm: name, generation: generation, model: "m", samples: report, synthetic: nil)
      let file = "\(name ?? "shared")-\(generation).json"
      try AtomicFile.write(try JSONEncoder().encode(made), to: folder.appending(path: file))
      try ledger.append([
        .evaluation(
          EvaluationRecord(
            arm: name, generation: generation, model: "m", file: file, sha256: "", seed: 1, figures: [:]))
      ])
      return made
    }
    let record = RunRecord(
      specification: "", dataset: "", generator: "made", corrector: "none", windows: ["a", "b", "c"])
    try ledger.append([
      .run(record),
      .evaluationSet(EvaluationSetRecord(file: "evaluation-set.json", sha256: hash, windows: 3)),
    ])
    let shared = try measure(nil, 0)
    arm.generations.append(try measure("raw", 1))
    try ledger.append([.end(EndRecord(generations: 1))])
    let results = RunResults(
      name: "made", specification: "", trainingWindows: 3, evaluationWindows: 3, real: report,
      realAgainstReal: report, shared: shared, arms: [arm])
    try AtomicFile.write(try JSONEncoder().encode(results), to: folder.appending(path: "results.json"))
    guard goesOn else { return }
    try ledger.append([.run(record)])
    _ = try measure("raw", 2)
  }

  @Test("A page of a run whose ledger or files were altered says so")
  func damages() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-run-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try Self.writeLengthenedRun(in: folder, goesOn: false)
    let ledger = folder.appending(path: "ledger.jsonl")
    let text = try String(contentsOf: ledger, encoding: .utf8)
    #expect(try !RunFolder.load(folder).damages.contains { $0.contains("ledger.jsonl") })
    try AtomicFile.write(text.replacing("\"windows\":3", with: "\"windows\":4"), to: ledger)
    try AtomicFile.write("{}", to: folder.appending(path: "evaluation-set.json"))
    let run = try RunFolder.load(folder)
    #expect(run.damages.first?.hasPrefix("Line 3 of ledger.jsonl does not follow") == true)
    #expect(run.damages.contains("evaluation-set.json is altered."))
    #expect(Report(run).html.contains("is not as its ledger says. Line 3"))
    try FileManager.default.removeItem(at: folder.appending(path: "raw-1.json"))
    #expect(try RunFolder.load(folder).damages.contains("raw-1.json is missing."))
  }

  @Test("A lengthened run that was broken off is not finished", arguments: [false, true])
  func aLengthenedRunThatWasBrokenOffIsNotFinished(goesOn: Bool) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-run-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try Self.writeLengthenedRun(in: folder, goesOn: goesOn)
    let run = try RunFolder.load(folder)
    #expect(run.isFinished == !goesOn)
    // The results of the first end know nothing of what was measured since.
    #expect(run.results.arms.first?.generations.map(\.generation) == (goesOn ? [1, 2] : [1]))
  }
}
