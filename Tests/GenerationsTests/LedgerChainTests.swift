import Foundation
@testable import Generations
import Kinematics
import Support
import Testing

/// Ledgers whose lines were altered, added or removed, and ledgers of strangers.
@Suite struct LedgerChainTests {
  private func withLedger(_ body: (URL, [String]) throws -> Void) throws {
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let url = folder.appendingPathComponent("ledger.jsonl")
    let record = RunRecord(specification: "s", dataset: "d", generator: "g", corrector: "c", windows: ["w"])
    try Ledger(at: url).append([.run(record), .end(EndRecord(generations: 1))])
    try Ledger(at: url).append([.run(record), .end(EndRecord(generations: 2))])
    try body(url, try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init))
  }

  private func write(_ lines: [String], _ url: URL) throws {
    try AtomicFile.write(lines.map { $0 + "\n" }.joined(), to: url)
  }

  @Test("A ledger's lines are chained, over its being opened again, and whatever its times are")
  func whole() throws {
    try withLedger { url, lines in
      let chain = try Ledger.verified(url).chain
      #expect(chain.firstBreak == nil && chain.unchained == 0 && chain.last?.count == 64)
      #expect(!lines[0].contains("\"previous\"") && lines.dropFirst().allSatisfy { $0.contains("\"previous\"") })
      try write(lines.map { $0.replacing(/"time":"[^"]*"/, with: "\"time\":\"2001-01-01T00:00:00Z\"") }, url)
      #expect(try Ledger.verified(url).chain == chain)
    }
  }

  @Test("The first line that breaks the chain is said: altered, doubled, removed, exchanged")
  func broken() throws {
    try withLedger { url, lines in
      let damaged: [([String], Int)] = [
        ([lines[0].replacing("\"w\"", with: "\"x\"")] + lines[1...], 2),
        ([lines[0], lines[1].replacing("\"generations\":1", with: "\"generations\":9")] + lines[2...], 3),
        ([lines[0], lines[1], lines[1]] + lines[2...], 3), ([lines[0]] + lines[2...], 2),
        (Array(lines.dropFirst()), 1), ([lines[0], lines[2], lines[1], lines[3]], 2),
        ([lines[0], lines[1], lines[2].replacing(/,"previous":"[^"]*"/, with: ""), lines[3]], 3),
      ]
      for (index, (text, line)) in damaged.enumerated() {
        try write(text, url)
        #expect(try Ledger.verified(url).chain.firstBreak == line, "damage \(index)")
        let error = #expect(throws: SurefootError.self) { try Ledger(at: url) }
        #expect(error?.line == line && error?.message.contains("does not follow") == true)
      }
    }
  }

  @Test("Lines of a version that did not chain them are read, counted, and followed by chained ones")
  func earlierVersion() throws {
    try withLedger { url, lines in
      try write(lines.map { $0.replacing(/,"previous":"[^"]*"/, with: "") }, url)
      #expect(try Ledger.verified(url).chain.unchained == 3)
      try Ledger(at: url).append([.end(EndRecord(generations: 3))])
      let chain = try Ledger.verified(url).chain
      #expect(chain.firstBreak == nil && chain.unchained == 3)
    }
  }

  @Test(
    "A path that leads out of the run's folder makes its ledger refused", arguments: ["../../mine.bvh", "/etc/passwd"])
  func foreignPaths(path: String) throws {
    try withLedger { url, _ in
      let record = ModelRecord(
        id: "generation-000", file: path, sha256: "0", generation: 0, clips: 1, steps: 1, seed: 1, loss: 1)
      try Ledger(at: url).append([.model(record)])
      let error = #expect(throws: SurefootError.self) { try Ledger.events(in: url) }
      #expect(error?.line == 5 && error?.message.contains("outside of the run's folder") == true)
    }
  }

  @Test("A link that leads out of a run's folder is neither read nor taken for intact")
  func links() throws {
    try withLedger { url, _ in
      let store = ClipStore(folder: url.deletingLastPathComponent(), format: BVHClipFormat(skeleton: .canonical))
      let secret = FileManager.default.temporaryDirectory.appendingPathComponent("secret-\(UUID().uuidString)")
      try AtomicFile.write("secret", to: secret)
      defer { try? FileManager.default.removeItem(at: secret) }
      try FileManager.default.createSymbolicLink(at: store.url("clip.bvh"), withDestinationURL: secret)
      let record = ModelRecord(
        id: "generation-000", file: "clip.bvh", sha256: SHA256.hexadecimal(of: Data("secret".utf8)), generation: 0,
        clips: 1, steps: 1, seed: 1, loss: 1)
      #expect(!store.holds(.model(record)))
      #expect(throws: SurefootError.self) { try store.recorded("clip.bvh") }
    }
  }
}
