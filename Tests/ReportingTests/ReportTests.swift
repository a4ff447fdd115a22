import Charts
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

  @Test("The page is sound XML and needs no network") func thePageIsSoundXMLAndNeedsNoNetwork() throws {
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

  @Test("Text is escaped") func textIsEscaped() {
    let html = Report(results(name: "<script>alert('x')</script>")).html
    #expect(!html.contains("<script"))
    #expect(html.contains("&lt;script&gt;"))
    #expect(html.contains("corrector: &quot;&lt;b&gt;&quot;"))
  }

  @Test("Every curve has its points and the real line") func everyCurveHasItsPointsAndTheRealLine() {
    let html = Report(results()).html
    let (curves, arms) = (ReportFigures.curves.count, ArmsSection.figures.count)
    #expect(html.components(separatedBy: "<svg").count - 1 == curves + arms)
    #expect(html.components(separatedBy: "<circle").count - 1 == curves * 6 + arms * 3)
    #expect(html.components(separatedBy: "class=\"reference\"").count - 1 == curves + arms)
    #expect(html.contains("corrected, generation 2: 1.00 (0.900 to 1.10)"))
  }

  @Test("Figures that are not finite break nothing") func figuresThatAreNotFiniteBreakNothing() {
    var broken = results()
    broken.shared.samples.figures[.fid] = Estimate(exactly: .infinity)
    broken.arms[0].generations[0].samples.figures[.fid] = Estimate(exactly: .nan)
    let html = Report(broken).html
    #expect(!html.contains("nan") && !html.contains("inf,"))
  }

  @Test("The verdict follows the intervals") func theVerdictFollowsTheIntervals() {
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

  @Test("A comparison says what differs") func aComparisonSaysWhatDiffers() throws {
    var other = results(name: "other")
    other.specification = "seed: 1\ncorrector: \"<i>\"\nmodel:\n  steps: 3\n"
    let html = Report(comparing: [RunFolder(results: results()), RunFolder(results: other)]).html
    #expect(html.contains("<td>model.steps</td><td>–</td><td>3</td>"))
    #expect(!html.contains("<td>seed</td>"))
    for name in ["run / raw", "other / corrected"] { #expect(html.contains(name)) }
  }

  @Test("Commands are kept and quoted") func commandsAreKeptAndQuoted() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-report-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for words in [["surefoot", "loop", "it's"], ["surefoot", "loop", "--set", "lambda=2"]] {
      try CommandRecord(arguments: words, time: "2026-01-01T00:00:00Z", versions: ["surefoot": "1"]).append(to: folder)
    }
    #expect(
      CommandRecord.load(from: folder).map(\.line) == ["surefoot loop 'it'\\''s'", "surefoot loop --set lambda=2"])
  }

  @Test("Equal reasons are counted together") func equalReasonsAreCountedTogether() {
    #expect(
      PhysicsSection.reason("a joint is 508 mm off, more than 500.5 mm")
        == PhysicsSection.reason("a joint is 733 mm off, more than 500.5 mm"))
  }

  @Test("A folder that is no run is refused") func aFolderThatIsNoRunIsRefused() {
    #expect(throws: SurefootError.self) { try RunFolder.load(FileManager.default.temporaryDirectory) }
  }

  /// The attack that once worked: a clip's id whose quotation mark carries a combining accent.
  @Test("A crafted clip id adds no attribute, and no program but the player's may run")
  func aCraftedIdentifierStaysText() {
    let id = "corrected-001-0000\"\u{301} onanimationstart=alert(1) x=\"\u{301}"
    let player = PlayerMarkup.player([id]).description
    #expect(player.unicodeScalars.count { $0 == "\"" } == 10)
    #expect(
      PackedMotion(name: "</script\u{301}>", motion: MadeWalk.motion(seconds: 0.1)).json.utf8.allSatisfy {
        $0 != UInt8(ascii: "<")
      })
    let html = Report(results(name: id)).html
    // By scalar: a search by character would miss a mark that carries an accent.
    #expect(html.range(of: "0000\"", options: .literal) == nil)
    #expect(html.range(of: "0000&quot;", options: .literal) != nil)
    #expect(html.contains("default-src 'none'") && html.contains("script-src 'sha256-\(PageAssets.scriptDigest)'"))
    let line = CommandRecord(arguments: ["a'\u{301};b"], time: "", versions: [:]).line
    #expect(line.unicodeScalars.elementsEqual("'a'\\''\u{301};b'".unicodeScalars))
  }
}
