import Foundation
import Kinematics
import MotionFormats
import Support
import Testing

/// `correct` on many clips: order, threads, resumption, pipes.
@Suite struct CorrectBatchTests {
  /// A figure that slides and sinks a little, each clip otherwise, in `in/` of a folder of its own.
  private static func withClips(_ names: [String], _ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let skeleton = Skeleton.canonical
    for (index, name) in names.enumerated() {
      let poses = (0..<4).map { i in
        Pose(resting: skeleton, rootPosition: SIMD3(0.001 * Double(index), 0.93, 0.02 * Double(i)))
      }
      let clip = Clip(
        name: name, motion: Motion(skeleton: skeleton, frameTime: 1.0 / 20, poses: poses),
        provenance: Provenance(source: "test"))
      try BVH.write(clip, to: folder.appending(path: "in/\(name).bvh"))
    }
    try body(folder)
  }

  private static func start(_ arguments: [String], input: URL? = nil) throws -> (Process, Pipe, Pipe) {
    let process = Process()
    let folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    process.executableURL = folder.appending(path: "surefoot")
    process.arguments = arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    if let input { process.standardInput = try FileHandle(forReadingFrom: input) }
    try process.run()
    return (process, output, errors)
  }

  /// Every file below a folder with its bytes.
  private static func tree(_ folder: URL) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for path in paths(folder) {
      let url = folder.appending(path: path)
      if (try url.resourceValues(forKeys: [.isRegularFileKey])).isRegularFile == true {
        files[path] = try Data(contentsOf: url)
      }
    }
    return files
  }

  private static func paths(_ folder: URL) -> [String] {
    FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? []
  }

  /// The first column.
  private static func names(_ table: String) -> [Substring] {
    table.split(separator: "\n").compactMap { $0.split(separator: " ").first }.filter { $0.contains("clip-") }
  }

  @Test("A killed run of two hundred clips goes on to the same bytes")
  func aKilledRunOfTwoHundredClipsGoesOnToTheSameBytes() throws {
    let names = (0..<200).map { "take-\($0 % 4)/clip-\($0)" }
    try Self.withClips(names) { folder in
      let (input, whole, broken) = (
        folder.appending(path: "in").path, folder.appending(path: "whole"), folder.appending(path: "broken")
      )
      let fast = ["--corrector", "kinematic"]
      let run = try ConvertCommandTests.surefoot(["correct", input, "-o", whole.path, "--jobs", "1"] + fast)
      #expect(run.status == 0 && run.output.contains("200 files: 200 corrected\n"), "\(run.errors)")
      #expect(run.errors.contains("correct: 200/200 files") && run.errors.contains("files/s"))

      let (process, output, errors) = try Self.start(["correct", input, "-o", broken.path, "--jobs", "4", "-q"] + fast)
      var done = 0
      while done < 60, process.isRunning {
        usleep(20_000)
        done = Self.paths(broken).count { $0.hasSuffix(".json") }
      }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      _ = (output, errors)
      #expect(done >= 60 && done < 200)
      // What a writer killed in the middle of a file leaves.
      try Data("HIERAR".utf8).write(to: broken.appending(path: "take-0/.clip-0.bvh.\(process.processIdentifier).part"))

      let resumed = try ConvertCommandTests.surefoot(["correct", input, "-o", broken.path, "--jobs", "3"] + fast)
      #expect(resumed.status == 0)
      let kept = try #require(resumed.output.firstMatch(of: /200 corrected; (\d+) of them already/))
      #expect(try (done...199).contains(#require(Int(kept.1))))
      // Results stand in the inputs' order, whoever was done first.
      #expect(Self.names(resumed.output) == Self.names(run.output))
      #expect(try Self.tree(whole).count == 400)
      #expect(try Self.tree(broken) == Self.tree(whole))
    }
  }

  @Test("What is done is kept until something changes") func whatIsDoneIsKeptUntilSomethingChanges() throws {
    try Self.withClips(["a", "b"]) { folder in
      let (input, out) = (folder.appending(path: "in"), folder.appending(path: "out"))
      func run(_ more: [String]) throws -> String {
        let run = try ConvertCommandTests.surefoot(
          ["correct", input.path, "-o", out.path, "--corrector", "kinematic", "-q"] + more)
        #expect(run.status == 0, "\(run.errors)")
        return run.output
      }
      #expect(try !run([]).contains("already"))
      #expect(try run([]).contains("2 of them already by an earlier run, kept"))
      #expect(try !run(["--force"]).contains("already"))
      #expect(try !run(["--seed", "2"]).contains("already"))
      #expect(try !run(["--strength", "0.5"]).contains("already"))
      #expect(try !run(["--input-units", "cm"]).contains("already"))
      #expect(try !run([]).contains("already"))
      // An output that somebody changed is no longer vouched for, nor is a correction of another input.
      try AtomicFile.write("changed", to: out.appending(path: "a.bvh"))
      #expect(try run([]).contains("1 of them already"))
      var clip = try BVH.read(contentsOf: input.appending(path: "b.bvh"))
      clip.motion.poses.removeLast()
      try BVH.write(clip, to: input.appending(path: "b.bvh"))
      #expect(try run([]).contains("1 of them already"))
    }
  }

  @Test("A standing rejection is kept and fails again") func aStandingRejectionIsKeptAndFailsAgain() throws {
    try Self.withClips(["a"]) { folder in
      let (input, out) = (folder.appending(path: "in").path, folder.appending(path: "out"))
      let arguments = ["correct", input, "-o", out.path, "-q"]
      #expect(try ConvertCommandTests.surefoot(arguments + ["--corrector", "kinematic"]).status == 0)
      #expect(try Self.tree(out).keys.sorted() == ["a.bvh", "a.json"])
      let script = folder.appending(path: "reject.sh")
      try AtomicFile.write("echo '{\"verdict\": \"rejected\", \"reason\": \"a seat\"}' > \"$3\"\n", to: script)
      for attempt in 0..<2 {
        let run = try ConvertCommandTests.surefoot(arguments + ["--program", "sh \(script.path)"])
        #expect(run.status == 1)
        #expect(run.errors.contains("a.bvh: rejected (a seat)"))
        #expect(run.output.contains("1 file: 1 rejected") && run.output.contains("already") == (attempt == 1))
        // The other corrector's output is gone: it would pass for this one's.
        #expect(try Self.tree(out).keys.sorted() == ["a.json"])
      }
      // A changed script is another corrector.
      try AtomicFile.write("cp \"$1\" \"$2\"\n", to: script)
      let run = try ConvertCommandTests.surefoot(arguments + ["--program", "sh \(script.path)"])
      #expect(run.status == 0 && run.output.contains("1 unchanged") && !run.output.contains("already"))
    }
  }

  @Test("Folders patterns and files mix") func foldersPatternsAndFilesMix() throws {
    try Self.withClips(["a", "b1", "b2", "deep/er/c"]) { folder in
      let (input, out) = (folder.appending(path: "in").path, folder.appending(path: "out"))
      let run = try ConvertCommandTests.surefoot([
        "correct", "\(input)/b?.bvh", "\(input)/a.bvh", input, "-o", out.path, "--corrector", "kinematic", "--json",
      ])
      #expect(run.status == 0)
      #expect(
        try Self.tree(out).keys.filter { $0.hasSuffix("bvh") }.sorted()
          == ["a.bvh", "b1.bvh", "b2.bvh", "deep/er/c.bvh"])
      let json = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      let clips = try #require(json["clips"] as? [[String: Any]])
      #expect(
        clips.compactMap { ($0["input"] as? String)?.split(separator: "/").last } == [
          "b1.bvh", "b2.bvh", "a.bvh", "c.bvh",
        ])
      #expect((json["summary"] as? [String: Any])?["corrected"] as? Int == 4)
    }
  }

  @Test("A pipe carries the motion alone") func aPipeCarriesTheMotionAlone() throws {
    try Self.withClips(["a"]) { folder in
      let input = folder.appending(path: "in/a.bvh")
      let (process, output, errors) = try Self.start(["correct", "-", "--corrector", "kinematic"], input: input)
      let text = output.fileHandleForReading.readDataToEndOfFile()
      let notes = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0 && notes.contains("1 file: 1 corrected"))
      let out = folder.appending(path: "single.bvh")
      let file = try ConvertCommandTests.surefoot([
        "correct", input.path, "-o", out.path, "--corrector", "kinematic", "-q",
      ])
      #expect(file.status == 0)
      #expect(try Data(contentsOf: out) == text)
      #expect(FileManager.default.fileExists(atPath: folder.appending(path: "single.json").path))
    }
  }

  @Test("Nothing of the users is written over") func nothingOfTheUsersIsWrittenOver() throws {
    try Self.withClips(["a", "sub/a"]) { folder in
      let input = folder.appending(path: "in")
      let before = try Self.tree(input)
      for arguments in [
        [input.path, "-o", input.path], [input.path + "/a.bvh", "-o", input.path],
        [input.path + "/a.bvh", "-o", input.path + "/a.bvh"],
        [input.path + "/a.bvh", input.path + "/sub/a.bvh", "-o", folder.appending(path: "out").path],
        ["-", input.path, "-o", "x"], [input.path], ["-", "--json"],
        [input.path, "-o", "-"], [input.path, "-o", input.path + "/new"], [input.path, "-o", folder.path],
        ["\(folder.path)/i*", "-o", input.path, "--format", "glb"],
      ] {
        let run = try ConvertCommandTests.surefoot(["correct", "--corrector", "kinematic"] + arguments)
        #expect(run.status == 64, "\(arguments): \(run.errors)")
      }
      #expect(try Self.tree(input) == before)
      // A JSON file that is no report of ours stands in the way, and stays.
      let other = folder.appending(path: "out/a.json")
      try AtomicFile.write("{\"mine\": true}", to: other)
      let arguments = ["correct", input.path + "/a.bvh", "-o", folder.appending(path: "out").path, "-q"]
      let run = try ConvertCommandTests.surefoot(arguments + ["--corrector", "kinematic"])
      #expect(run.status == 1 && run.errors.contains("a.json: is there and is no correction's report"))
      #expect(try String(contentsOf: other, encoding: .utf8) == "{\"mine\": true}")
      #expect(try ConvertCommandTests.surefoot(arguments + ["--corrector", "kinematic", "--force"]).status == 0)
    }
  }

  @Test("An interrupted run ends its programs", arguments: [SIGINT, SIGTERM]) func anInterruptedRunEndsItsPrograms(
    signal: Int32
  ) throws {
    try Self.withClips(["a"]) { folder in
      let (script, mark) = (folder.appending(path: "slow.sh"), folder.appending(path: "mark"))
      try AtomicFile.write("echo $$ > \(mark.path)\nsleep 100\n", to: script)
      let (process, output, errors) = try Self.start([
        "correct", folder.appending(path: "in").path, "-o", folder.path + "/out", "--program", "sh \(script.path)",
      ])
      var program: Int32?
      for _ in 0..<3000 where program == nil {
        usleep(10_000)
        program = (try? String(contentsOf: mark, encoding: .utf8)).flatMap { Int32($0.dropLast()) }
      }
      let child = try #require(program)
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      _ = (output, errors)
      #expect(process.terminationReason == .exit && process.terminationStatus == 128 + signal)
      for _ in 0..<300 where kill(child, 0) == 0 { usleep(10_000) }
      #expect(kill(child, 0) != 0)
    }
  }

  @Test(
    "Wrong use",
    arguments: [
      ["--strength", "1.5"], ["--strength", "nan"], ["--gamma", "-1"], ["--jobs", "0"], ["--corrector", "external"],
      ["--corrector", "kinematic", "--program", "cp"], ["--time-limit", "3"], ["--program", "cp", "--time-limit", "0"],
      ["--program", "no-such-program-anywhere"], ["--program", "cp {input}"],
    ]) func wrongUse(arguments: [String]) throws
  {
    let run = try ConvertCommandTests.surefoot(["correct", "a.bvh", "-o", "out"] + arguments)
    #expect(run.status == 64, "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: "out"))
  }

  @Test("Strength and gamma reach the report") func strengthAndGammaReachTheReport() throws {
    try Self.withClips(["a", "b", "c", "d", "e", "f"]) { folder in
      let input = folder.appending(path: "in").path
      let arguments = ["correct", input, "--corrector", "kinematic", "-q", "-o"]
      let half = try ConvertCommandTests.surefoot(arguments + [folder.path + "/half", "--strength", "0.5"])
      #expect(half.status == 0)
      let record = try String(contentsOfFile: folder.path + "/half/a.json", encoding: .utf8)
      #expect(record.contains("kinematic-blend-0.5") && record.contains("A blend of 50.0 %"))
      let drawn = try ConvertCommandTests.surefoot(arguments + [folder.path + "/gamma", "--gamma", "1"])
      #expect(drawn.status == 0)
      #expect(drawn.output.contains(/6 files: [1-5] corrected, [1-5] unchanged/))
    }
  }
}
