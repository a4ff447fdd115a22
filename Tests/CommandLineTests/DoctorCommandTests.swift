import Foundation
import Testing

@Suite struct DoctorCommandTests {
  @Test("Versions are shown") func versionsAreShown() throws {
    let run = try ConvertCommandTests.surefoot(["doctor"])
    #expect(run.status == 0 || run.status == 1)
    for pattern in [#/libtorch +\d+\.\d+/#, #/ODE +0\.16\.\d+, double precision/#, #/Eigen +3\.\d+\.\d+/#] {
      #expect(run.output.contains(pattern), "\(run.output)")
    }
  }

  @Test("The fix is a line or nothing") func theFixIsALineOrNothing() throws {
    struct Finding: Decodable { var suggestion: String? }
    let report = try ConvertCommandTests.surefoot(["doctor", "--json"])
    let missing = try JSONDecoder().decode([Finding].self, from: Data(report.output.utf8)).compactMap(\.suggestion)
    let fix = try ConvertCommandTests.surefoot(["doctor", "--fix"])
    #expect(fix.status == 0)
    let lines = fix.output.split(separator: "\n")
    #expect(lines.count == (missing.isEmpty ? 0 : 1), "\(fix.output)")
    for suggestion in missing {
      let package = try #require(suggestion.split(separator: " ").last)
      #expect(lines.first?.contains(package) == true)
    }
  }

  @Test("Yes alone is a usage error") func yesAloneIsAUsageError() throws {
    #expect(try ConvertCommandTests.surefoot(["doctor", "--yes"]).status == 64)
  }
}
