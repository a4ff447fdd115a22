import Foundation
import Testing

/// The two programs as a whole: what they link, how they start each other, and how they end.
@Suite struct ProgramTests {
  private static let program = URL(fileURLWithPath: RealShell.surefoot)

  private static func withFolder(_ body: (URL) throws -> Void) throws {
    // Beside the program, so that hard links to it are possible.
    let folder = program.deletingLastPathComponent().appending(path: "test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  #if os(Linux)
    @Test("The light program links no libtorch; the other one does")
    func linkedLibraries() throws {
      let ldd = "ldd '\(Self.program.path)"
      #expect(try RealShell.run("! \(ldd)' | grep -E 'libtorch|libc10'").status == 0)
      #expect(try RealShell.run("\(ldd)-models' | grep libtorch > /dev/null").status == 0)
    }
  #endif

  @Test("Without surefoot-models a model command says how to build it, and the others work")
  func missingModels() throws {
    try Self.withFolder { folder in
      let alone = folder.appending(path: "surefoot")
      try FileManager.default.linkItem(at: Self.program, to: alone)
      for arguments in [["train", "set", "-o", "m"], ["help", "loop"], ["sample", "--help"]] {
        let run = try RealShell.run(alone, arguments)
        #expect(run.status == 69 && run.errors.contains("swift build -c release --product surefoot-models"))
      }
      for arguments in [["--version"], ["theory", "list"], ["--generate-completion-script", "bash"], ["doctor"]] {
        #expect(try RealShell.run(alone, arguments).status == 0, "\(arguments)")
      }
    }
  }

  @Test("A result that cannot be written to standard output is a failure", .enabled(if: hasFullDevice))
  func fullDevice() throws {
    for arguments in ["theory list", "config explain", "config schema", "skeleton show \(Self.walk)"] {
      let run = try RealShell.run("'\(Self.program.path)' \(arguments) > /dev/full")
      #expect(run.status == 1 && run.errors.contains("standard output"), "\(arguments): \(run.errors)")
    }
  }

  private static let hasFullDevice = FileManager.default.fileExists(atPath: "/dev/full")
  private static let walk = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../Packages/walk.bvh").standardizedFileURL.path

  @Test(
    "A misspelt command or file suggests the nearest",
    arguments: [
      (["corect", "a.bvh"], 64, "surefoot correct"), (["data", "fetsh"], 64, "surefoot data fetch"),
      (["trian"], 64, "surefoot train"), (["help", "mesure"], 64, "surefoot measure"),
      (["fix", "a.bvh"], 64, "surefoot correct"),
      (["correct", walk.replacing("walk", with: "wlak"), "-o", "x"], 1, walk),
      (["sample", walk.replacing("walk", with: "wlk"), "-o", "x"], 1, walk),
    ] as [([String], Int32, String)])
  func suggestions(arguments: [String], status: Int32, nearest: String) throws {
    let run = try ConvertCommandTests.surefoot(arguments)
    #expect(
      run.status == status && run.errors.contains("did you mean") && run.errors.contains(nearest), "\(run.errors)")
  }

  @Test("A word that is near no command gets the list of commands; a missing file the files beside it")
  func lists() throws {
    let word = try ConvertCommandTests.surefoot(["xylophone"])
    #expect(word.status == 64 && word.errors.contains("there are: data, train, sample, measure, contacts, correct"))
    let file = try ConvertCommandTests.surefoot(["measure", Self.walk.replacing("walk", with: "something-else")])
    #expect(file.status == 1 && file.errors.contains("beside it lie walk.bvh"), "\(file.errors)")
    let folder = try ConvertCommandTests.surefoot(["measure", "/nowhere/walk.bvh"])
    #expect(folder.status == 1 && folder.errors.contains("there is no folder /nowhere/"), "\(folder.errors)")
  }

  @Test("A signal ends a correction in two seconds at most, with nothing half-written", arguments: [SIGINT, SIGTERM])
  func interruption(signal: Int32) throws {
    try Self.withFolder { folder in
      let script = folder.appending(path: "slow.sh")
      try Data("touch \"$0.started\"; exec sleep 60\n".utf8).write(to: script)
      let process = Process()
      process.executableURL = Self.program
      process.arguments = [
        "correct", Self.walk, "-o", folder.appending(path: "out").path, "--program",
        "sh \(script.path) {input} {output}",
      ]
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      let limit = Date() + 30
      while !FileManager.default.fileExists(atPath: script.path + ".started"), Date() < limit {
        Thread.sleep(forTimeInterval: 0.05)
      }
      let start = Date()
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      #expect(process.terminationStatus == 128 + signal)
      #expect(Date().timeIntervalSince(start) < 2)
      let written = try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "out").path)
      #expect(written ?? [] == [])
    }
  }
}
