import Foundation
import Support
import Testing

@Suite struct FilesTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("support-\(UUID().uuidString)")

  private func withFolder(_ body: () throws -> Void) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body()
  }

  @Test("A file is written whole, with its folders, and read back")
  func roundTrip() throws {
    try withFolder {
      let file = folder.appendingPathComponent("a/b/c.bin")
      let data = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0) })
      try AtomicFile.write(data, to: file)
      try AtomicFile.write(data, to: file)
      #expect(try Data(readingFile: file) == data)
      #expect(try FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path) == ["c.bin"])
      try AtomicFile.write(Data(), to: file)
      #expect(try FileBytes.read(file) == [])
    }
  }

  @Test("What cannot be read or written says why")
  func reasons() throws {
    try withFolder {
      let missing = #expect(throws: SurefootError.self) { try FileBytes.read(folder.appendingPathComponent("x")) }
      #expect(missing?.message == "cannot be read (No such file or directory)" && missing?.code == .unreadable)
      let directory = #expect(throws: SurefootError.self) { try FileBytes.read(folder) }
      #expect(directory?.message == "cannot be read (Is a directory)")
      try AtomicFile.write("x", to: folder.appendingPathComponent("file"))
      let below = #expect(throws: SurefootError.self) {
        try AtomicFile.write("x", to: folder.appendingPathComponent("file/inside"))
      }
      #expect(below?.message.hasPrefix("cannot be written (") == true && below?.code == .unwritable)
    }
  }

  @Test("A device is written to, not replaced", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func devices() throws {
    try AtomicFile.write("x", to: URL(fileURLWithPath: "/dev/null"))
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    let full = #expect(throws: SurefootError.self) {
      try AtomicFile.write(Data(count: 5000), to: URL(fileURLWithPath: "/dev/full"))
    }
    #expect(full?.message == "cannot be written (No space left on device)")
    #expect(full?.suggestion == "the file needs 5 kB: make room, or choose another disk")
  }

  @Test("Leftovers of dead processes are removed; those of running ones and other files stay")
  func leftovers() throws {
    try withFolder {
      let dead = try Subprocess(["/bin/sh", "-c", "echo $$"]).runBlocking().text
        .trimmingCharacters(in: .whitespacesAndNewlines)
      let alive = ProcessInfo.processInfo.processIdentifier
      for name in [".a.\(dead).part", ".b.\(dead).part", ".a.\(alive).part", "a.part", ".a.x.part"] {
        try AtomicFile.write("x", to: folder.appendingPathComponent(name))
      }
      AtomicFile.sweepLeftovers(in: folder, of: ["a"])
      #expect(
        try Set(FileManager.default.contentsOfDirectory(atPath: folder.path))
          == [".b.\(dead).part", ".a.\(alive).part", "a.part", ".a.x.part"])
      AtomicFile.sweepLeftovers(in: folder)
      #expect(
        try Set(FileManager.default.contentsOfDirectory(atPath: folder.path))
          == [".a.\(alive).part", "a.part", ".a.x.part"])
    }
  }

  @Test("SHA-256 of the standard's examples", arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ])
  func digests(text: String, digest: String) {
    #expect(SHA256.hexadecimal(of: Data(text.utf8)) == digest)
    #expect(SHA256.hexadecimal(of: Array(text.utf8)) == digest)
  }
}
