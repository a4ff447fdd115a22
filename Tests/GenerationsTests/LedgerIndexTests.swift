import CSQLite
import Foundation
@testable import Generations
import Support
import Testing

@Suite struct LedgerIndexTests {
  @Test("The index says what the ledger says") func theIndexSaysWhatTheLedgerSays() async throws {
    var specification = try Fake.specification()
    specification.arms = [.corrected, "curated"]
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await Fake.loop(specification, in: folder).run()
    let events = try Ledger.events(in: folder.appendingPathComponent("ledger.jsonl"))
    let (url, count) = try LedgerIndex.build(of: folder)
    #expect(count == events.count)
    #expect(try LedgerIndex.build(of: folder).url == url, "made anew at will")
    var database: OpaquePointer?
    #expect(sqlite3_open_v2(url.path, &database, SQLITE_OPEN_READONLY, nil) == SQLITE_OK)
    defer { sqlite3_close(database) }
    func number(_ sql: String) -> Int {
      var statement: OpaquePointer?
      defer { sqlite3_finalize(statement) }
      guard sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK, sqlite3_step(statement) == SQLITE_ROW
      else { return -1 }
      return Int(sqlite3_column_int64(statement, 0))
    }
    #expect(number("SELECT count(*) FROM clips") == events.clips.count)
    #expect(
      number("SELECT count(*) FROM clips WHERE verdict LIKE 'rejected%'")
        == events.clips.count { $0.purpose == .correction && !$0.isUsable })
    #expect(number("SELECT count(*) FROM rewards WHERE chosen = 1") == events.choices.count)
    #expect(number("SELECT ended FROM run") == 1)
    let loose = "SELECT count(*) FROM members WHERE clip NOT IN (SELECT id FROM clips)"
    #expect(number(loose) == 0, "every member of a training set is a clip of the run")
    let orphans = """
      SELECT count(*) FROM clips c JOIN parents p ON p.clip = c.id
      WHERE c.purpose = 'correction' AND p.parent NOT IN (SELECT id FROM clips)
      """
    #expect(number(orphans) == 0)
    #expect(
      number("SELECT count(DISTINCT model) FROM clips WHERE model NOT IN (SELECT sha256 FROM models)") == 0)
  }

  @Test("A folder without a ledger is said") func aFolderWithoutALedgerIsSaid() throws {
    #expect(throws: SurefootError.self) { try LedgerIndex.build(of: Fake.folder()) }
  }
}
