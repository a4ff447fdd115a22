import Correctors
import Dynamics
import Foundation
import Testing

@testable import SurefootCommands

/// Tables for a terminal of 80 columns.
@Suite struct TerminalTableTests {
  private static func result(_ name: String) -> CorrectionResult {
    var result = CorrectionResult(input: name, corrector: "kinematic")
    result.verdict = .corrected
    let metrics = PlausibilityMetrics(
      penetrate: 1234.5, float: 99.96, skate: 1.25, skateSpeed: 1, skatingRatio: 1, residualWrench: 12.345,
      residualWrench95: 1, selfPenetration: 1, jointLimitExcess: 1, jerk: 1)
    result.figures = CorrectionFigures(
      CorrectionReport(
        before: metrics, after: metrics, mpjpe: 123.4, rootRelativeMPJPE: 1, accelerationError: 1,
        appliedResidual: [0.5]))
    return result
  }

  @Test("A correction's line fits eighty columns with every needed figure, units once")
  func corrections() {
    let name = "a-folder-with-a-long-name/another-folder/subject-16/16_15.bvh"
    let narrow = CorrectionTable(longestName: name.count, width: 80)
    let text = narrow.header + "\n" + narrow.line(Self.result(name)) + "\n" + (narrow.line(CorrectionMeans()) ?? "")
    for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    for title in ["Penetrate", "Float", "Skate", "residual", "MPJPE"] { #expect(text.contains(title)) }
    #expect(text.contains("…/16_15.bvh") && text.contains("1234→1234") && text.contains("100→100"))
    #expect(text.contains(" BW") && !narrow.line(Self.result(name)).contains("mm"))
    // Nothing is cut where a program reads it.
    let piped = CorrectionTable(longestName: name.count, width: nil)
    #expect(piped.line(Self.result(name)).contains(name) && piped.header.contains("applied"))
  }

  @Test("Means are added up clip by clip, without those that were not corrected") func means() {
    var means = CorrectionMeans()
    for (mpjpe, failure) in [(1.0, nil), (4.0, nil), (100.0, "rejected")] as [(Double, String?)] {
      var result = Self.result("a.bvh")
      result.figures?.mpjpe = mpjpe
      result.failure = failure
      means.add(result)
    }
    #expect(means.count == 2 && means.figures?.mpjpe == 2.5 && means.figures?.before.float == 99.96)
    #expect(means.figures?.meanAppliedResidual == 0.5)
  }

  @Test("A table that is too wide is parted, and its first columns stand again") func parts() {
    var table = TextTable(["arm", "gen"] + (0..<12).map { "figure \($0)" }, keys: 2)
    table.add(["corrected", "3"] + (0..<12).map(String.init))
    let lines = table.text(width: 80).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.count { $0.hasPrefix("corrected    3") } == 2)
    #expect(table.text.split(separator: "\n").count == 3)
  }

  @Test("A long path keeps its file's name, a long name its ends")
  func paths() {
    #expect(ShortenedPath.fit("subjects/16/16_15.bvh", width: 18) == "subject…/16_15.bvh")
    #expect(ShortenedPath.fit("a-very-long-name-of-a-file.bvh", width: 13) == "a-very…le.bvh")
    #expect(ShortenedPath.fit("short.bvh", width: 13) == "short.bvh")
  }

  @Test("The rejected clips of a batch are listed with their reasons, and an old list goes")
  func rejectedList() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var bad = Self.result("a.bvh")
    bad.failure = "a.bvh: rejected (a seat)"
    let list = RejectedList(folder: folder, clips: 2)
    let url = try #require(try list.write(["a.bvh: rejected (a seat)"]))
    #expect(try String(contentsOf: url, encoding: .utf8).hasSuffix("\na.bvh: rejected (a seat)\n"))
    #expect(try list.write([]) == nil)
    #expect(!FileManager.default.fileExists(atPath: url.path))
    #expect(RejectedList(folder: folder, clips: 1).url == nil)
    var summary = CorrectionSummary()
    summary.add(bad)
    #expect(summary.text(list: "out/rejected.txt").contains("see out/rejected.txt"))
  }
}
