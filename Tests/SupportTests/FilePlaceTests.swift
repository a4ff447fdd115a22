import Foundation
import Support
import Testing

@Suite struct FilePlaceTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("place-\(UUID().uuidString)")

  private func withFolder(_ body: (URL) throws -> Void) throws {
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("set/clips"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.appendingPathComponent(name).path, withDestinationPath: target)
  }

  @Test(
    "An output that is, contains or lies in an input is refused, through links too",
    arguments: [
      ("set", true), ("set/clips", true), ("set/clips/new/deeper", true), (".", true), ("set/../set/clips", true),
      ("alias", true), ("alias/new", false), ("alias/clips/new", true), ("sett", false), ("other", false),
      ("set/../other", false),
    ])
  func outputs(path: String, isRefused: Bool) throws {
    try withFolder { folder in
      try link("alias", to: "set")
      let output = folder.appendingPathComponent(path)
      let input = folder.appendingPathComponent("set/clips")
      let isTaken = (try? OutputPlace.check(folder: output, inputs: [input])) != nil
      #expect(isTaken == !isRefused, "\(path)")
    }
  }

  @Test("An output file in the place of an input is refused, whatever way leads to it")
  func files() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("set/a.bvh")
      try AtomicFile.write("x", to: file)
      try link("b.bvh", to: "set/a.bvh")
      for path in ["set/a.bvh", "set/clips/../a.bvh", "b.bvh"] {
        let error = #expect(throws: SurefootError.self) {
          try OutputPlace.check(file: folder.appendingPathComponent(path), inputs: [file])
        }
        #expect(error?.message.contains("written over") == true)
      }
      try OutputPlace.check(file: folder.appendingPathComponent("set/b.bvh"), inputs: [file])
    }
  }

  @Test(
    "A recorded path stays in its folder",
    arguments: [
      ("clips/a.bvh", true), ("a..b/..c", true), ("../a", false), ("clips/../../a", false), ("/etc/passwd", false),
      ("", false), ("clips//a", false), ("out/a", false), ("within/a", true), ("a\0b", false),
    ])
  func recorded(path: String, isAllowed: Bool) throws {
    try withFolder { folder in
      try link("set/out", to: folder.path)
      try link("set/within", to: "clips")
      let url = try? FilePlace.inside(folder.appendingPathComponent("set"), path)
      #expect((url != nil) == isAllowed, "\(path)")
    }
  }

  @Test("Names that differ in their Unicode normalization are two places")
  func normalization() throws {
    try withFolder { folder in
      let (one, two) = (folder.appendingPathComponent("caf\u{E9}"), folder.appendingPathComponent("cafe\u{301}"))
      #expect(!FilePlace.contains(one, two))
      try OutputPlace.check(folder: one, inputs: [two])
    }
  }

  @Test("What another program wrote is no link, no pipe and of a usual size; a device without end is given up")
  func foreignFiles() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("a")
      try AtomicFile.write(Data(count: 100), to: file)
      try link("link", to: "a")
      #expect(mkfifo(folder.appendingPathComponent("pipe").path, 0o600) == 0)
      func reason(_ name: String, limit: Int = 1000) -> String? {
        do {
          _ = try FileBytes.read(folder.appendingPathComponent(name), limit: limit, isForeign: true)
          return nil
        } catch { return error.message }
      }
      #expect(reason("a") == nil)
      #expect(reason("a", limit: 99)?.contains("holds 100 bytes") == true)
      #expect(reason("link")?.contains("is a link") == true)
      #expect(reason("pipe")?.contains("no regular file") == true)
      let endless = #expect(throws: SurefootError.self) {
        try FileBytes.read(URL(fileURLWithPath: "/dev/zero"), limit: 1 << 17)
      }
      #expect(endless?.message.contains("does not end") == true)
    }
  }

  @Test("A temporary folder is private and goes; those of ended processes go when the next is made")
  func temporaryFolders() throws {
    let dead = try Subprocess(["/bin/sh", "-c", "echo $$"]).runBlocking().text.trimmingCharacters(
      in: .whitespacesAndNewlines)
    let left = FileManager.default.temporaryDirectory.appendingPathComponent(
      "surefoot-test-\(UUID().uuidString).\(dead)")
    try FileManager.default.createDirectory(at: left, withIntermediateDirectories: true)
    let first = try TemporaryFolder("test")
    let second = try TemporaryFolder("test")
    #expect(!FileManager.default.fileExists(atPath: left.path))
    var status = stat()
    #expect(stat(first.url.path, &status) == 0 && status.st_mode & 0o777 == 0o700)
    first.remove()
    #expect(!FileManager.default.fileExists(atPath: first.url.path))
    #expect(FileManager.default.fileExists(atPath: second.url.path))
    second.remove()
  }

  @Test("A folder is worked on by one at a time: the second waits, and can be cancelled")
  func locks() async throws {
    let folder = folder
    defer { try? FileManager.default.removeItem(at: folder) }
    let first = try await FolderLock(folder, named: ".lock")
    let second = Task { _ = try await FolderLock(folder, named: ".lock") }
    try await Task.sleep(for: .milliseconds(50))
    second.cancel()
    await #expect(throws: CancellationError.self) { try await second.value }
    withExtendedLifetime(first) {}
  }

  @Test("Control characters in names are written out, line ends stay")
  func plainText() {
    #expect(PlainText.visible("a\u{1B}[2Jb\n\tc\u{9B}d\u{202E}") == "a\\u{1B}[2Jb\n\tc\\u{9B}d\\u{202E}")
    #expect(PlainText.visible("Hüfte 腰 👍🏽") == "Hüfte 腰 👍🏽")
    #expect(PlainText.visible(json: "\"\u{9B}\u{7F}\"") == "\"\\u009B\\u007F\"")
    let error = SurefootError(file: "a\u{7}.bvh", message: "joint '\u{1B}]0;x\u{7}' is odd")
    #expect(error.description == "a\\u{7}.bvh: joint '\\u{1B}]0;x\\u{7}' is odd")
  }
}
