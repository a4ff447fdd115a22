import Evaluation
import Foundation
import Generations
import Testing

@testable import Reporting

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
    #expect(html.components(separatedBy: "<svg").count - 1 == ReportFigures.curves.count)
    #expect(html.components(separatedBy: "<circle").count - 1 == ReportFigures.curves.count * 6)
    #expect(html.components(separatedBy: "class=\"reference\"").count - 1 == ReportFigures.curves.count)
    #expect(html.contains("corrected, generation 2: 1.00 (0.900 to 1.10)"))
  }

  @Test func figuresThatAreNotFiniteBreakNothing() {
    var broken = results()
    broken.shared.samples.figures[.fid] = Estimate(exactly: .infinity)
    broken.arms[0].generations[0].samples.figures[.fid] = Estimate(exactly: .nan)
    let html = Report(broken).html
    #expect(!html.contains("nan") && !html.contains("inf,"))
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
