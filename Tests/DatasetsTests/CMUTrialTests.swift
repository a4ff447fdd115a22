@testable import Datasets
import Foundation
import Support
import Testing

@Suite struct CMUTrialTests {
  @Test("The shipped list is the top folders") func theShippedListIsTheTopFolders() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let trials = try String(contentsOf: root.appendingPathComponent("Data/cmu-trials.tsv"), encoding: .utf8)
    #expect(trials == CMUTrial.shippedText)
    #expect(CMUTrial.shipped.count == 173)
  }

  @Test("Lists of trials are checked") func listsOfTrialsAreChecked() throws {
    let good = "trial\tsubject\taction\n01\t06\twalk\n"
    #expect(try CMUTrial.read(text: good, file: "t").map(\.name) == ["06_01"])
    let error = #expect(throws: SurefootError.self) {
      try CMUTrial.read(text: "subject\ttrial\n06\t01\n../x\t1\n", file: "t.tsv")
    }
    #expect(error?.line == 3)
    #expect(throws: SurefootError.self) { try CMUTrial.read(text: "a\tb\n", file: "t.tsv") }
  }
}
