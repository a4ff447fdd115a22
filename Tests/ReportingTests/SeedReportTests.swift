import Charts
import Evaluation
import Foundation
@testable import Generations
@testable import Reporting
import Support
import Testing

/// Sweeps and runs over seeds: grouping, bands, the two by two, and what a paper needs.
@Suite struct SeedReportTests {
  private static let definitions = """
    definitions:
      physics:
        corrector: kinematic
      prior:
        corrector: spectrum
      both:
        corrector: spectrum+kinematic
    """

  /// A run of which every arm's FID rises by its number of tenths a generation, plus what the seed adds.
  private static func run(seed: Int, lambda: Int = 1, arms: [String] = ["raw", "physics", "prior", "both"])
    -> RunResults
  {
    func report(_ value: Double) -> SetReport {
      SetReport(
        count: 8,
        figures: [
          .fid: Estimate(value: value, lower: value - 0.05, upper: value + 0.07),
          .physErr: Estimate(value: 10 * value, lower: 9 * value, upper: 11 * value),
        ])
    }
    func generation(_ arm: String?, _ index: Int, _ value: Double) -> GenerationMetrics {
      GenerationMetrics(arm: arm, generation: index, model: "m", samples: report(value), synthetic: nil)
    }
    let yaml = """
      seed: \(seed)
      generations: 2
      arms: [\(arms.joined(separator: ", "))]
      lambda: \(lambda)
      \(definitions)
      """
    return RunResults(
      name: "seed-\(seed)", specification: yaml, trainingWindows: 48, evaluationWindows: 20, real: report(0.5),
      realAgainstReal: report(0.5), shared: generation(nil, 0, 1),
      arms: arms.enumerated().map { index, arm in
        .init(
          name: arm,
          generations: (1...2).map { g in generation(arm, g, 1 + 0.1 * Double(g * (index + 1)) + 0.1 * Double(seed)) })
      })
  }

  @Test("Runs that differ in their seed are one curve with mean and deviation")
  func runsThatDifferInTheirSeedAreOneCurve() throws {
    let curves = SeedCurves([Self.run(seed: 1), Self.run(seed: 2), Self.run(seed: 3)])
    #expect(curves.hasSeeds && curves.curves.map(\.name) == ["raw", "physics", "prior", "both"])
    let last = try #require(curves.curves[1].points(of: .fid).last)
    // 1 + 0.1 * 2 * 2 + 0.2, and the deviation of 0.1, 0.2 and 0.3.
    #expect(abs(last.mean - 1.6) < 1e-12 && abs(last.deviation - 0.1) < 1e-12 && last.seeds == 3)
    #expect(abs(last.lower - 1.5) < 1e-12 && abs(last.upper - 1.7) < 1e-12)
    #expect(curves.curves[0].points(of: .fid).map(\.generation) == [0, 1, 2])
  }

  @Test("One seed has its own interval, and other settings make other curves")
  func otherSettingsMakeOtherCurves() throws {
    let curves = SeedCurves([Self.run(seed: 1), Self.run(seed: 1, lambda: 4, arms: ["raw"])])
    #expect(!curves.hasSeeds && curves.paths == ["lambda"])
    #expect(curves.curves.map(\.name).last == "raw, lambda 4")
    let point = try #require(curves.curves[0].points(of: .fid).last)
    #expect(abs(point.upper - point.mean - 0.07) < 1e-12 && point.deviation == 0)
  }

  @Test("The two by two is found by what arms do, not by their names")
  func theTwoByTwoIsFound() throws {
    let curves = SeedCurves([Self.run(seed: 1, arms: ["baseline", "both", "prior", "raw", "physics"])])
    let cells = try #require(TwoByTwo(curves.curves))
    #expect(cells.all.map(\.arm) == ["raw", "physics", "prior", "both"])
    #expect(TwoByTwo(SeedCurves([Self.run(seed: 1, arms: ["baseline", "prior", "raw"])]).curves) == nil)
  }

  @Test("The page opens with the answer and the two by two")
  func thePageOpensWithTheAnswer() throws {
    let report = SeedReport(title: "mine", runs: (1...2).map { RunFolder(results: Self.run(seed: $0)) })
    #expect(
      report.sentence.hasPrefix(
        "FID after 2 generations, from 1.00 in generation 0, the nearest to real motion first: raw 1.35 ± ")
    )
    #expect(report.sentence.contains("(worse, Phys-Err 13.5 mm)"))
    let html = report.html
    let square = try #require(html.range(of: "no physics"))
    let charts = try #require(html.range(of: "Over the generations"))
    #expect(square.lowerBound < charts.lowerBound)
    #expect(html.contains("means over 2 seeds") && html == report.html)
  }

  @Test("A folder gets SVG, PDF, CSV and LaTeX")
  func aFolderGetsFiguresAndTables() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-figures-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let tables = SeedTables(SeedCurves([Self.run(seed: 1), Self.run(seed: 2)]))
    let names = try tables.write(to: folder).map(\.lastPathComponent)
    #expect(names == ["fid.pdf", "fid.svg", "figures.csv", "physErr.pdf", "physErr.svg", "table.tex"])
    let csv = try String(contentsOf: folder.appending(path: "figures.csv"), encoding: .utf8)
    #expect(csv.hasPrefix("arm,generation,figure,unit,seeds,mean,deviation,lower,upper\n"))
    #expect(csv.contains("\nraw,2,fid,,2,1.35"))
    let tex = try String(contentsOf: folder.appending(path: "table.tex"), encoding: .utf8)
    #expect(tex.contains("\nraw & 2 & $1.35 \\pm 0.071$ & $13.5 \\pm 0.707$ \\\\"))
    #expect(tex.contains("arm & seeds & FID & Phys-Err [mm] \\\\"))
  }

  @Test("A PDF's table of objects has their places, and its page is 84 mm wide")
  func aPDFIsWhole() throws {
    var chart = PaperChart(xLabel: "generation", yLabel: "FID (a\\b)")
    chart.add("raw", [(0, 1, 0.9, 1.1), (1, .nan, 1, 2), (2, 2, 1.9, 2.1)])
    let text = String(decoding: chart.pdf, as: UTF8.self)
    #expect(text.contains("/MediaBox [0 0 238.00 ") && text.contains("(FID \\(a\\\\b\\))"))
    #expect(!text.contains("nan") && !chart.svg.contains("nan"))
    let table = try #require(text.components(separatedBy: "xref\n0 6\n").last)
    for (index, line) in table.split(separator: "\n").dropFirst().prefix(5).enumerated() {
      let place = try #require(Int(line.prefix(10)))
      #expect(String(decoding: chart.pdf.dropFirst(place).prefix(7), as: UTF8.self) == "\(index + 1) 0 obj")
    }
  }

  @Test("A sweep in which nothing is measured says so, and a folder that is neither a run nor a sweep too")
  func aSweepWithoutRunsSaysSo() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-sweep-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(
      at: folder.appending(path: "runs/seed-1"), withIntermediateDirectories: true)
    let error = try #require(throws: SurefootError.self) { try SweepFolder.load(folder) }
    #expect(error.message == "is a sweep in which nothing has been measured yet")
    let other = try #require(throws: SurefootError.self) { try SweepFolder.load(folder.appending(path: "runs/seed-1")) }
    #expect(other.message.contains("it has no ledger.jsonl"))
  }
}
