import Foundation
@testable import Support
import Synchronization
import Testing

@Suite struct FolderLockTests {
  private func withFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lock-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
  }

  private func content(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
  }

  private static let elsewhere = "000000000000 node7 4711 1 another-machine 1B2C3D4E-TOKEN\n"

  @Test("A lock names its holder to those that wait, and leaves nothing") func holderIsNamed() async throws {
    try await withFolder { folder in
      let first = try await FolderLock(folder, named: ".lock")
      let told = Mutex("")
      let second = Task {
        _ = try await FolderLock(folder, named: ".lock") { holder in told.withLock { $0 = "\(holder)" } }
      }
      while told.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(5)) }
      #expect(told.withLock { $0 }.hasPrefix("process \(ProcessInfo.processInfo.processIdentifier) on "))
      second.cancel()
      _ = await second.result
      withExtendedLifetime(first) {}
    }
    try await withFolder { folder in
      do { _ = try await FolderLock(folder, named: ".lock") }
      #expect(try content(folder).isEmpty)
    }
  }

  @Test("A holder that was killed on this machine is replaced at once") func killedHolder() async throws {
    try await withFolder { folder in
      var dead = LockHolder.this().text.split(separator: " ").map(String.init)
      // The number is a living process's, which began at another time.
      dead[3] = "17"
      try Data(dead.joined(separator: " ").utf8).write(to: folder.appendingPathComponent(".lock"))
      _ = try await FolderLock(folder, named: ".lock") { _ in Issue.record("it is dead") }
    }
  }

  @Test("A holder on another machine is replaced once it gives no sign of life") func silentHolder() async throws {
    try await withFolder { folder in
      let file = folder.appendingPathComponent(".lock")
      try Data(Self.elsewhere.utf8).write(to: file)
      let alive = Task {
        for beat in 1...6 {
          try await Task.sleep(for: .milliseconds(100))
          try Data((LockHolder.text(beat: beat) + Self.elsewhere.dropFirst(12)).utf8).write(to: file)
        }
      }
      let start = ContinuousClock.now
      let lock = try await FolderLock(folder, named: ".lock", patience: 0.3)
      #expect(ContinuousClock.now - start > .milliseconds(600), "it was taken while the other lived")
      try await alive.value
      withExtendedLifetime(lock) {}
    }
  }

  @Test("A process whose place was taken learns it, and leaves the other's lock") func lostLock() async throws {
    try await withFolder { folder in
      let file = folder.appendingPathComponent(".lock")
      do {
        let lock = try await FolderLock(folder, named: ".lock")
        lock.beat(1)
        try lock.check()
        let other = folder.appendingPathComponent("other")
        try Data(Self.elsewhere.utf8).write(to: other)
        rename(other.path, file.path)
        lock.beat(2)
        let error = #expect(throws: SurefootError.self) { try lock.check() }
        #expect(error?.message.contains("process 4711 on node7 took over") == true)
      }
      #expect(try String(contentsOf: file, encoding: .utf8) == Self.elsewhere)
    }
  }

  /// Counts how many are inside at once.
  private final class Inside: Sendable {
    private let state = Mutex((now: 0, most: 0, all: 0))
    var counts: (now: Int, most: Int, all: Int) { state.withLock { $0 } }
    func enter() { state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.all + 1) } }
    func leave() { state.withLock { $0.now -= 1 } }
  }

  @Test("Of several that want a dead holder's place, one at a time has it") func crowd() async throws {
    try await withFolder { folder in
      try Data(Self.elsewhere.utf8).write(to: folder.appendingPathComponent(".lock"))
      let inside = Inside()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            let lock = try await FolderLock(folder, named: ".lock", patience: 0)
            inside.enter()
            try await Task.sleep(for: .milliseconds(5))
            inside.leave()
            withExtendedLifetime(lock) {}
          }
        }
        try await group.waitForAll()
      }
      #expect(inside.counts.most == 1 && inside.counts.all == 4)
      #expect(try content(folder).isEmpty)
    }
  }

  @Test("An appended line starts anew after one that was cut off") func appendedLines() async throws {
    try await withFolder { folder in
      let file = folder.appendingPathComponent("lines")
      try AppendedLines.append(Data("one".utf8), to: file)
      try Data("one\ntw".utf8).write(to: file)
      try AppendedLines.append(Data("three".utf8), to: file)
      #expect(try String(contentsOf: file, encoding: .utf8) == "one\ntw\nthree\n")
    }
  }

  @Test("A folder that takes another's place takes it whole") func stagedFolder() async throws {
    try await withFolder { folder in
      let target = folder.appendingPathComponent("clips")
      try AtomicFile.write("old", to: target.appendingPathComponent("a"))
      let stage = try StagedFolder(for: target)
      try AtomicFile.write("new", to: stage.url.appendingPathComponent("b"))
      #expect(try content(target) == ["a"])
      try stage.takePlace()
      stage.remove()
      #expect(try content(target) == ["b"])
      #expect(try content(folder) == ["clips"])
    }
  }
}
