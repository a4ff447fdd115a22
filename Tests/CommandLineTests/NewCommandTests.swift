import Correctors
import Foundation
import Kinematics
import MotionFormats
import Support
import Testing

/// `surefoot new corrector`. That what it writes builds and passes the conformance kit is tried by `tools/test`, on
/// `Examples/Lift` and on a fresh one.
@Suite struct NewCommandTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardizedFileURL
  private static let example = root.appending(path: "Examples/Lift")

  private static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private static func files(_ folder: URL) throws -> [String: String] {
    var files: [String: String] = [:]
    for path in FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? [] {
      let url = folder.appending(path: path)
      guard !path.hasPrefix(".build"), path != "Package.resolved" else { continue }
      guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
      files[path] = try String(contentsOf: url, encoding: .utf8)
    }
    return files
  }

  @Test("The example is what it writes") func theExampleIsWhatItWrites() throws {
    try Self.withFolder { folder in
      let run = try ConvertCommandTests.surefoot(["new", "corrector", "Lift", "-o", folder.path])
      #expect(run.status == 0 && run.output.contains("swift test"), "\(run.errors)")
      var written = try Self.files(folder)
      // Without --surefoot it is the checkout that the program was built in.
      let place = "path: \"\(Self.root.path)\""
      #expect(written["Package.swift"]?.contains(place) == true)
      written["Package.swift"] = written["Package.swift"]?.replacingOccurrences(of: place, with: "path: \"../..\"")
      let example = try Self.files(Self.example)
      #expect(written == example)
    }
  }

  @Test("The guide shows the example") func theGuideShowsTheExample() throws {
    let guide = try String(
      contentsOf: Self.root.appending(path: "Sources/Correctors/Correctors.docc/WritingACorrector.md"),
      encoding: .utf8)
    let blocks = guide.components(separatedBy: "```swift\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
    #expect(blocks.count == 2)
    let source = try Self.files(Self.example).values.joined().filter { !$0.isWhitespace }
    for block in blocks { #expect(source.contains(block.filter { !$0.isWhitespace }), "\(block)") }
  }

  @Test(
    "Names become modules",
    arguments: [
      ("foot-plant", "FootPlant", "foot-plant"), ("FootPlant", "FootPlant", "foot-plant"),
      ("my 2nd try", "My2ndTry", "my-2nd-try"), ("IK", "IK", "ik"),
    ]) func namesBecomeModules(name: String, module: String, word: String) throws
  {
    try Self.withFolder { folder in
      let run = try ConvertCommandTests.surefoot([
        "new", "corrector", name, "-o", folder.path, "--surefoot", "https://example.org/surefoot.git", "--json",
      ])
      #expect(run.status == 0, "\(run.errors)")
      let files = try Self.files(folder)
      #expect(files["Sources/\(module)/\(module)Corrector.swift"]?.contains("name = \"\(word)\"") == true)
      #expect(
        files["Package.swift"]?.contains(".package(url: \"https://example.org/surefoot.git\", branch: \"main\")")
          == true)
      #expect(run.output.contains("\"name\" : \"\(module)\""))
    }
  }

  @Test("What is there stays") func whatIsThereStays() throws {
    try Self.withFolder { folder in
      try AtomicFile.write("mine", to: folder.appending(path: "note.txt"))
      for path in [folder.path, folder.path + "/note.txt"] {
        let run = try ConvertCommandTests.surefoot(["new", "corrector", "Lift", "-o", path])
        #expect(run.status == 1 && run.errors.contains("is not an empty folder"), "\(run.errors)")
      }
      #expect(try Self.files(folder) == ["note.txt": "mine"])
    }
  }

  @Test(
    "Wrong use",
    arguments: [
      ["2fast"], ["---"], ["Kinematics"], ["correctors"], ["Lift", "--surefoot", "/nowhere"],
      ["Lift", "--surefoot", "/"],
    ]) func wrongUse(arguments: [String]) throws
  {
    try Self.withFolder { folder in
      let words =
        arguments[0].hasPrefix("-") ? ["-o", folder.path, "--"] + arguments : arguments + ["-o", folder.path]
      let status = try ConvertCommandTests.surefoot(["new", "corrector"] + words).status
      #expect(status == 64)
      #expect(!FileManager.default.fileExists(atPath: folder.path))
    }
  }

  /// The example's program, where `tools/test` builds it.
  private static let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "lift-program").path

  @Test(
    "The example corrects from the command line", .enabled(if: FileManager.default.isExecutableFile(atPath: program)))
  func theExampleCorrectsFromTheCommandLine() throws {
    try Self.withFolder { folder in
      let poses = (0..<5).map { _ in Pose(resting: .canonical, rootPosition: SIMD3(0, 0.5, 0)) }
      let clip = Clip(
        name: "sunk", motion: Motion(skeleton: .canonical, frameTime: 0.05, poses: poses),
        provenance: Provenance(source: "test"))
      let (input, out) = (folder.appending(path: "sunk.bvh"), folder.appending(path: "out"))
      try BVH.write(clip, to: input)
      let run = try ConvertCommandTests.surefoot(["correct", input.path, "-o", out.path, "--program", Self.program])
      #expect(run.status == 0 && run.output.contains("1 corrected"), "\(run.errors)")
      let record = try String(contentsOf: out.appending(path: "sunk.json"), encoding: .utf8)
      #expect(record.contains("The body was raised by at most 4"), "\(record.prefix(600))")
      let raised = try BVH.read(contentsOf: out.appending(path: "sunk.bvh")).motion
      #expect(raised.poses.allSatisfy { $0.rootPosition.y > 0.85 })
    }
  }
}
