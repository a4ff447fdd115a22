import Foundation
import Mocap
import Testing

@Suite struct ConvertCommandTests {
  /// Runs the built program: it stands beside the tests.
  static func surefoot(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> (status: Int32, output: String, errors: String) {
    let folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    let process = Process()
    process.executableURL = folder.appending(path: "surefoot")
    process.arguments = arguments
    // The width of the caller's terminal must not fold what is printed.
    process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "COLUMNS" }.merging(environment) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let faults = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: text, as: UTF8.self), String(decoding: faults, as: UTF8.self))
  }

  static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let skeleton = Skeleton.canonical
    let poses = (0..<31).map { Pose(resting: skeleton, rootPosition: SIMD3(0, 0.9, 0.01 * Double($0))) }
    let clip = Clip(
      name: "walk", motion: Motion(skeleton: skeleton, frameTime: 1.0 / 30, poses: poses),
      provenance: Provenance(source: "test"))
    try BVH.write(clip, to: folder.appending(path: "in/walk.bvh"))
    try body(folder)
  }

  @Test func unitsAxisAndRate() throws {
    try Self.withFolder { folder in
      let (input, output) = (folder.appending(path: "in/walk.bvh"), folder.appending(path: "out/walk.bvh"))
      let run = try Self.surefoot([
        "convert", input.path, "-o", output.path, "--units", "inch", "--up", "z", "--fps", "10", "--json",
      ])
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
      #expect(run.output.contains("\"metresPerUnit\" : 0.0254"))
      let clip = try BVH.read(contentsOf: output)
      #expect(clip.convention == FileConvention(metresPerUnit: 0.0254, up: .z))
      #expect(clip.motion.count == 11 && abs(clip.motion.frameRate - 10) < 1e-9)
      #expect((clip.motion.poses[10].rootPosition - SIMD3(0, 0.9, 0.3)).length < 1e-6)
    }
  }

  @Test func foldersGoOnPastABadFile() throws {
    try Self.withFolder { folder in
      try AtomicFile.write("HIERARCHY\n", to: folder.appending(path: "in/bad.bvh"))
      let out = folder.appending(path: "out")
      let run = try Self.surefoot(["convert", folder.appending(path: "in").path, "-o", out.path, "--quiet"])
      #expect(run.status == 1)
      #expect(run.errors.contains("bad.bvh:2:1: expected ROOT, found the end of the file"))
      #expect(run.errors.contains("1 of 2 files could not be converted"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: out.path) == ["walk.bvh"])
    }
  }

  @Test func theInputIsNeverOverwritten() throws {
    try Self.withFolder { folder in
      let input = folder.appending(path: "in/walk.bvh")
      let before = try Data(contentsOf: input)
      #expect(try Self.surefoot(["convert", input.path, "-o", input.path]).status == 1)
      #expect(try Self.surefoot(["convert", input.path, "-o", folder.appending(path: "in").path]).status == 1)
      #expect(try Data(contentsOf: input) == before)
    }
  }

  @Test(arguments: [
    ["--units", "ell"], ["--units", "-1"], ["--up", "x"], ["--fps", "0"], ["--cycles", "0"], ["--unknown"],
  ]) func wrongUse(arguments: [String]) throws {
    #expect(try Self.surefoot(["convert", "a.bvh", "-o", "b.bvh"] + arguments).status == 64)
  }
}
