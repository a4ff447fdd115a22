import Foundation
import GRDB
@testable import Generations
import Support
import Testing

@Suite struct LedgerIndexTests {
  @Test func theIndexSaysWhatTheLedgerSays() async throws {
    var specification = try Fake.specification()
    specification.arms = [.corrected, "curated"]
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await Fake.loop(specification, in: folder).run()
    let events = try Ledger.events(in: folder.appendingPathComponent("ledger.jsonl"))
    let (url, count) = try LedgerIndex.build(of: folder)
    #expect(count == events.count)
    #expect(try LedgerIndex.build(of: folder).url == url, "made anew at will")
    let queue = try DatabaseQueue(path: url.path)
    func number(_ sql: String) async throws -> Int {
      try await queue.read { try Int.fetchOne($0, sql: sql) ?? -1 }
    }
    #expect(try await number("SELECT count(*) FROM clips") == events.clips.count)
    #expect(
      try await number("SELECT count(*) FROM clips WHERE verdict LIKE 'rejected%'")
        == events.clips.count { $0.purpose == .correction && !$0.isUsable })
    #expect(try await number("SELECT count(*) FROM rewards WHERE chosen = 1") == events.choices.count)
    #expect(try await number("SELECT ended FROM run") == 1)
    let loose = "SELECT count(*) FROM members WHERE clip NOT IN (SELECT id FROM clips)"
    #expect(try await number(loose) == 0, "every member of a training set is a clip of the run")
    let orphans = """
      SELECT count(*) FROM clips c JOIN parents p ON p.clip = c.id
      WHERE c.purpose = 'correction' AND p.parent NOT IN (SELECT id FROM clips)
      """
    #expect(try await number(orphans) == 0)
    #expect(
      try await number("SELECT count(DISTINCT model) FROM clips WHERE model NOT IN (SELECT sha256 FROM models)") == 0)
  }

  @Test func aFolderWithoutALedgerIsSaid() throws {
    #expect(throws: SurefootError.self) { try LedgerIndex.build(of: Fake.folder()) }
  }
}
