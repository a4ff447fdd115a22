import Foundation
@testable import Generations
import Support
import Synchronization
import Testing

@Suite struct ResumeTests {
  /// Lets a number of lines of the ledger reach the disk and then crashes, with a part of the next line written.
  private final class CrashPoint: Sendable {
    private let left: Mutex<Int>
    init(after lines: Int) { left = Mutex(lines) }

    /// The bytes of an append that reach the disk; `nil` for all of them.
    func length(of data: Data) -> Int? {
      left.withLock { left in
        var length = 0
        for line in data.split(separator: UInt8(ascii: "\n")) {
          if left == 0 { return length + line.count / 2 }
          left -= 1
          length += line.count + 1
        }
        return nil
      }
    }
  }

  /// Runs until the ledger has so many new lines.
  private func crash(_ loop: Loop, after lines: Int) async throws {
    let point = CrashPoint(after: lines)
    await #expect(throws: SurefootError.self) {
      try await Ledger.$simulatedCrash.withValue({ point.length(of: $0) }) { try await loop.run() }
    }
  }

  private func small() throws -> RunSpecification {
    var specification = try Fake.specification()
    specification.generations = 1
    specification.data.windows = 3
    specification.arms = [.baseline, .corrected]
    specification.evaluation.samples = 6
    specification.evaluation.keep = 1
    return specification
  }

  @Test("A crash at any line of the ledger, in the midst of a step's one flush, changes nothing")
  func aCrashAtAnyEventChangesNothing() async throws {
    let specification = try small()
    let whole = Fake.folder()
    defer { try? FileManager.default.removeItem(at: whole) }
    _ = try await Fake.loop(specification, in: whole).run()
    let expected = try Fake.content(of: whole)
    let events = try Ledger.events(in: whole.appendingPathComponent("ledger.jsonl")).count
    #expect(events > 15)
    for instant in 0..<events {
      let folder = Fake.folder()
      defer { try? FileManager.default.removeItem(at: folder) }
      try await crash(Fake.loop(specification, in: folder), after: instant)
      _ = try await Fake.loop(specification, in: folder).run()
      #expect(try Fake.content(of: folder) == expected, "crash before event \(instant)")
    }
  }

  @Test("A torn last line is done again", arguments: [1, 40, 100_000]) func aTornLastLineIsDoneAgain(cut: Int)
    async throws
  {
    let specification = try small()
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await Fake.loop(specification, in: folder).run()
    let expected = try Fake.content(of: folder)
    let url = folder.appendingPathComponent("ledger.jsonl")
    let data = try Data(contentsOf: url)
    let middle = data.count / 2
    try data.prefix(cut == 100_000 ? middle : data.count - cut).write(to: url)
    _ = try await Fake.loop(specification, in: folder).run()
    #expect(try Fake.content(of: folder) == expected)
  }

  @Test("Lost files are made again") func lostFilesAreMadeAgain() async throws {
    let specification = try small()
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await Fake.loop(specification, in: folder).run()
    let expected = try Fake.content(of: folder)
    for path in expected.keys where path.hasSuffix("0001.bvh") || path.hasSuffix("metrics.json") {
      try FileManager.default.removeItem(at: folder.appendingPathComponent(path))
    }
    try Data("spoilt".utf8).write(
      to: folder.appendingPathComponent("corrected/generation-001/samples/corrected-001-0002.bvh"))
    let notes = Notes()
    _ = try await Fake.loop(specification, in: folder) { if case .note(let text) = $0 { notes.add(text) } }.run()
    #expect(try Fake.content(of: folder) == expected)
    #expect(notes.texts.contains { $0.hasSuffix("corrected-001-0002.bvh is damaged: made again") }, "\(notes.texts)")
    #expect(notes.texts.contains { $0.contains("metrics.json is missing: made again") })
  }

  private final class Notes: Sendable {
    private let noted = Mutex<[String]>([])
    func add(_ text: String) { noted.withLock { $0.append(text) } }
    var texts: [String] { noted.withLock { $0 } }
  }

  @Test(
    "A damaged checkpoint is reported and trained again", arguments: ["generation-000", "corrected/generation-001"])
  func aDamagedCheckpointIsReportedAndTrainedAgain(path: String) async throws {
    let specification = try small()
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await Fake.loop(specification, in: folder).run()
    let expected = try Fake.content(of: folder)
    let checkpoint = folder.appendingPathComponent("\(path)/checkpoint.safetensors")
    let data = try Data(contentsOf: checkpoint)
    try data.prefix(data.count / 2).write(to: checkpoint)
    let notes = Notes()
    _ = try await Fake.loop(specification, in: folder) { if case .note(let text) = $0 { notes.add(text) } }.run()
    #expect(try Fake.content(of: folder) == expected)
    #expect(notes.texts.contains { $0.contains("\(path)/checkpoint.safetensors is damaged") }, "\(notes.texts)")
  }

  /// A model that gives other samples than before, as another version or machine may.
  @Test("What comes out differently is never mixed in") func whatComesOutDifferentlyIsNeverMixedIn() async throws {
    let specification = try small()
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await Fake.loop(specification, in: folder).run()
    let before = try Ledger.events(in: folder.appendingPathComponent("ledger.jsonl"))
    try FileManager.default.removeItem(
      at: folder.appendingPathComponent("corrected/generation-001/samples/corrected-001-0000.bvh"))
    let other = RememberingGenerator(shake: 0.2)
    let error = await #expect(throws: SurefootError.self) {
      try await Fake.loop(specification, in: folder, generator: other).run()
    }
    #expect(error?.message.contains("came out differently") == true)
    #expect(try Ledger.events(in: folder.appendingPathComponent("ledger.jsonl")) == before)
  }

  /// A run of one generation is extended to two and killed at each event: the result is that of two generations at once.
  @Test("A run goes on for longer") func aRunGoesOnForLonger() async throws {
    var specification = try small()
    let (whole, short) = (Fake.folder(), Fake.folder())
    defer { [whole, short].forEach { try? FileManager.default.removeItem(at: $0) } }
    _ = try await Fake.loop(specification, in: short).run()
    specification.generations = 2
    _ = try await Fake.loop(specification, in: whole).run()
    let expected = try Fake.content(of: whole)
    let steps = try Ledger.events(in: whole.appendingPathComponent("ledger.jsonl")).filter(\.isStep)
    let before = try Ledger.events(in: short.appendingPathComponent("ledger.jsonl")).count
    let added = steps.count + 4 - before
    #expect(added > 10)
    for instant in 0...added {
      let folder = Fake.folder()
      defer { try? FileManager.default.removeItem(at: folder) }
      try FileManager.default.copyItem(at: short, to: folder)
      let ledger = folder.appendingPathComponent("ledger.jsonl")
      if instant < added {
        try await crash(Fake.loop(specification, in: folder), after: instant)
        #expect(try Lineage(run: folder).hasEnded == (instant == 0))
      }
      _ = try await Fake.loop(specification, in: folder).run()
      var content = try Fake.content(of: folder)
      let events = try Ledger.events(in: ledger)
      #expect(events.filter(\.isStep) == steps && events.count == before + added, "crash before event \(instant)")
      content["ledger.jsonl"] = expected["ledger.jsonl"]
      #expect(content == expected, "crash before event \(instant)")
    }
    try LedgerIndex.build(of: short)
    #expect(try Lineage(run: short).damages().isEmpty && Lineage(run: whole).damages().isEmpty)
  }

  @Test("A run never gets shorter") func aRunNeverGetsShorter() async throws {
    var specification = try small()
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await Fake.loop(specification, in: folder).run()
    specification.generations = 2
    _ = try await Fake.loop(specification, in: folder).run()
    try LedgerIndex.build(of: folder)
    let lineage = try Lineage(run: folder)
    #expect(lineage.damages().isEmpty && lineage.hasEnded)
    let before = try Fake.content(of: folder)
    specification.generations = 1
    await #expect(throws: SurefootError.anotherRun(folder: folder.path, difference: "specification")) {
      try await Fake.loop(specification, in: folder).run()
    }
    #expect(try Fake.content(of: folder) == before)
  }

  @Test("Another specification is refused") func anotherSpecificationIsRefused() async throws {
    var specification = try small()
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await Fake.loop(specification, in: folder).run()
    let before = try Fake.content(of: folder)
    specification.lambda = 0.5
    await #expect(throws: SurefootError.anotherRun(folder: folder.path, difference: "specification")) {
      try await Fake.loop(specification, in: folder).run()
    }
    #expect(try Fake.content(of: folder) == before)
  }

  @Test("Two runs never share a folder") func twoRunsNeverShareAFolder() throws {
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let ledger = try Ledger(at: folder.appendingPathComponent("ledger.jsonl"))
    #expect(throws: SurefootError.self) { try Ledger(at: folder.appendingPathComponent("ledger.jsonl")) }
    withExtendedLifetime(ledger) {}
  }

  @Test("A damaged line in the middle is an error with its place") func aDamagedLineInTheMiddleIsAnErrorWithItsPlace()
    async throws
  {
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await Fake.loop(try small(), in: folder).run()
    let url = folder.appendingPathComponent("ledger.jsonl")
    var lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
    lines[4] = "{}"
    try (lines.joined(separator: "\n") + "\n").write(to: url, atomically: true, encoding: .utf8)
    let error = #expect(throws: SurefootError.self) { try Ledger(at: url) }
    #expect(error?.line == 5)
    #expect(try String(contentsOf: url, encoding: .utf8).contains("{}"), "nothing is deleted")
  }

  @Test("A run whose samples were seeded by batch is not resumed, but read")
  func aRunOfAnEarlierVersionIsRefused() async throws {
    let folder = Fake.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await Fake.loop(try small(), in: folder).run()
    let url = folder.appendingPathComponent("ledger.jsonl")
    let text = try String(contentsOf: url, encoding: .utf8)
      .replacing(/"seeding":2,/, with: "").replacing(/"index":\d+,/, with: "").replacing(/"previous":"\w*",/, with: "")
    let before = try Ledger.events(in: url).clips
    try text.write(to: url, atomically: true, encoding: .utf8)
    #expect(try Ledger.events(in: url).clips == before, "the index is read from the id")
    let error = await #expect(throws: SurefootError.self) { try await Fake.loop(try small(), in: folder).run() }
    #expect(error?.code == .differentRun && error?.message.contains("earlier version") == true)
    #expect(try String(contentsOf: url, encoding: .utf8) == text)
  }
}
