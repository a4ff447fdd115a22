import Evaluation
import Foundation
import Generations
@testable import Reporting
import Support
import Testing

@Suite struct ReportTests {
  private func report(_ value: Double) -> SetReport {
    SetReport(
      count: 8,
      figures: Dictionary(
        uniqueKeysWithValues: Figure.allCases.map {
          ($0, Estimate(value: value, lower: value * 0.9, upper: value * 1.1))
        }))
  }

  private func results(name: String = "run") -> RunResults {
    func generation(_ arm: String?, _ index: Int, _ value: Double) -> GenerationMetrics {
      GenerationMetrics(arm: arm, generation: index, model: "m", samples: report(value), synthetic: nil)
    }
    return RunResults(
      name: name, specification: "seed: 1\ncorrector: \"<b>\"\n", trainingWindows: 48, evaluationWindows: 20,
      real: report(0.5), realAgainstReal: report(0.6), shared: generation(nil, 0, 2),
      arms: [
        .init(name: "raw", generations: [generation("raw", 1, 3), generation("raw", 2, 4)]),
        .init(name: "corrected", generations: [generation("corrected", 1, 1), generation("corrected", 2, 1)]),
      ])
  }

  @Test func thePageIsSoundXMLAndNeedsNoNetwork() throws {
    let html = Report(results()).html
    for address in ["http:", "https:", "src=", "@import", "url("] { #expect(!html.contains(address), "\(address)") }
    // Everything but the doctype and the void elements is well-formed.
    let body = html.replacing("<!doctype html>", with: "").replacing(/<meta[^>]*>/, with: "")
    let parser = Process()
    parser.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    parser.arguments = ["python3", "-c", "import sys, xml.dom.minidom as m; m.parseString(sys.stdin.buffer.read())"]
    let pipe = Pipe()
    parser.standardInput = pipe
    try parser.run()
    try pipe.fileHandleForWriting.write(contentsOf: Data(body.utf8))
    try pipe.fileHandleForWriting.close()
    parser.waitUntilExit()
    #expect(parser.terminationStatus == 0)
  }

  @Test func textIsEscaped() {
    let html = Report(results(name: "<script>alert('x')</script>")).html
    #expect(!html.contains("<script"))
    #expect(html.contains("&lt;script&gt;"))
    #expect(html.contains("corrector: &quot;&lt;b&gt;&quot;"))
  }

  @Test func everyCurveHasItsPointsAndTheRealLine() {
    let html = Report(results()).html
    let (curves, arms) = (ReportFigures.curves.count, ArmsSection.figures.count)
    #expect(html.components(separatedBy: "<svg").count - 1 == curves + arms)
    #expect(html.components(separatedBy: "<circle").count - 1 == curves * 6 + arms * 3)
    #expect(html.components(separatedBy: "class=\"reference\"").count - 1 == curves + arms)
    #expect(html.contains("corrected, generation 2: 1.00 (0.900 to 1.10)"))
  }

  @Test func figuresThatAreNotFiniteBreakNothing() {
    var broken = results()
    broken.shared.samples.figures[.fid] = Estimate(exactly: .infinity)
    broken.arms[0].generations[0].samples.figures[.fid] = Estimate(exactly: .nan)
    let html = Report(broken).html
    #expect(!html.contains("nan") && !html.contains("inf,"))
  }

  @Test func theVerdictFollowsTheIntervals() {
    // Intervals are 10 % wide each way: 2 -> 4 is worse, 2 -> 1 better.
    let sentence = RunVerdict(results: results()).sentence
    #expect(sentence.contains("raw: FID worse (2.00 → 4.00), Phys-Err worse (2.00 → 4.00 mm)"))
    #expect(sentence.contains("corrected: FID better (2.00 → 1.00)"))
    #expect(
      sentence.hasSuffix("and corrected against raw: FID better (4.00 → 1.00), Phys-Err better (4.00 → 1.00 mm)."))
    var close = results()
    close.arms[0].generations[1].samples.figures[.fid] = Estimate(value: 2.1, lower: 1.9, upper: 2.3)
    #expect(RunVerdict(results: close).sentence.contains("raw: FID no clear change"))
  }

  @Test func aComparisonSaysWhatDiffers() throws {
    var other = results(name: "other")
    other.specification = "seed: 1\ncorrector: \"<i>\"\nmodel:\n  steps: 3\n"
    let html = Report(comparing: [RunFolder(results: results()), RunFolder(results: other)]).html
    #expect(html.contains("<td>model.steps</td><td>–</td><td>3</td>"))
    #expect(!html.contains("<td>seed</td>"))
    for name in ["run / raw", "other / corrected"] { #expect(html.contains(name)) }
  }

  @Test func commandsAreKeptAndQuoted() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-report-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for words in [["surefoot", "loop", "it's"], ["surefoot", "loop", "--set", "lambda=2"]] {
      try CommandRecord(arguments: words, time: "2026-01-01T00:00:00Z", versions: ["surefoot": "1"]).append(to: folder)
    }
    #expect(
      CommandRecord.load(from: folder).map(\.line) == ["surefoot loop 'it'\\''s'", "surefoot loop --set lambda=2"])
  }

  @Test func equalReasonsAreCountedTogether() {
    #expect(
      PhysicsSection.reason("a joint is 508 mm off, more than 500.5 mm")
        == PhysicsSection.reason("a joint is 733 mm off, more than 500.5 mm"))
  }

  @Test func aFolderThatIsNoRunIsRefused() {
    #expect(throws: SurefootError.self) { try RunFolder.load(FileManager.default.temporaryDirectory) }
  }

  @Test func histogramsHoldEveryValue() throws {
    let chart = Histogram(title: "t", unit: "mm", sets: [("a", 1, Array(1...50).map(Double.init) + [1000])])
    let svg = try #require(chart.svg?.description)
    #expect(svg.contains("51 clips") && svg.contains("the last bar holds up to 1000"))
    #expect(Histogram(title: "t", unit: "", sets: [("a", 0, [.nan])]).svg == nil)
  }

  @Test(arguments: [
    (0.0, "0"), (0.00012, "1.2e-04"), (0.0123, "0.012"), (3.14159, "3.14"), (42.42, "42.4"), (1234, "1234"),
  ])
  func numbersAreShort(value: Double, text: String) { #expect(Numbers.short(value) == text) }

  @Test(arguments: [(1.0, 0.2), (10, 2), (7, 2), (0.05, 0.01), (300, 100)]) func ticksAreRound(
    span: Double, step: Double
  ) {
    #expect(abs(Scale.step(for: span) - step) < 1e-9)
  }
}
