import Foundation
import Kinematics
import MotionFormats
import Support
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

  @Test("Units axis and rate") func unitsAxisAndRate() throws {
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

  @Test("Folders go on past a bad file") func foldersGoOnPastABadFile() throws {
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

  @Test("Files are converted beside themselves, but no folder into itself or below") func placesOfOutputs() throws {
    try Self.withFolder { folder in
      let place = folder.appending(path: "in").path
      for _ in 0..<2 {
        let run = try Self.surefoot(["convert", "\(place)/w*.bvh", "-o", place, "--format", "glb", "--json"])
        #expect(run.status == 0 && run.output.components(separatedBy: "\"input\"").count == 2, "\(run.errors)")
      }
      let before = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
      for (input, output) in [
        (place, place), (place, "\(place)/new"), (place, folder.path), ("\(folder.path)/i*", place),
      ] {
        let run = try Self.surefoot(["convert", input, "-o", output, "--format", "npz"])
        #expect(run.status == 64 && run.errors.contains("the input"), "\(output): \(run.errors)")
      }
      // Another input's name: walk.glb would become walk.bvh, which is read as well.
      let run = try Self.surefoot(["convert", "\(place)/walk.glb", "\(place)/walk.bvh", "-o", place, "--format", "bvh"])
      #expect(run.status == 1 && run.errors.contains("would be written over"))
      #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() == before)
    }
  }

  @Test("The input is never overwritten") func theInputIsNeverOverwritten() throws {
    try Self.withFolder { folder in
      let input = folder.appending(path: "in/walk.bvh")
      let before = try Data(contentsOf: input)
      #expect(try Self.surefoot(["convert", input.path, "-o", input.path]).status == 1)
      #expect(try Self.surefoot(["convert", input.path, "-o", folder.appending(path: "in").path]).status == 1)
      #expect(try Data(contentsOf: input) == before)
    }
  }

  @Test("Every format goes there and back") func everyFormatGoesThereAndBack() throws {
    try Self.withFolder { folder in
      let input = folder.appending(path: "in/walk.bvh")
      let before = try BVH.read(contentsOf: input).motion
      for ending in ["amc", "npz", "txt", "npy", "glb", "csv"] {
        let there = folder.appending(path: "there.\(ending)")
        let back = folder.appending(path: "back-\(ending).bvh")
        let first = try Self.surefoot(["convert", input.path, "-o", there.path, "--quiet"])
        #expect(first.status == 0, "\(first.errors)")
        #expect(try Self.surefoot(["convert", there.path, "-o", back.path, "--quiet"]).status == 0)
        let after = try BVH.read(contentsOf: back).motion
        #expect(after.count == (ending == "npy" ? 20 : 31), "HumanML3D: a second at 20 a second, less the last frame")
        // Whatever the names, the way walked is that of the input: 0.3 m/s forward.
        let way = after.poses[after.count - 1].rootPosition - after.poses[0].rootPosition
        #expect(abs(way.z / after.duration - 0.3) < 0.003, "\(ending): \(way)")
      }
      #expect(before.count == 31)
    }
  }

  @Test("Folders become any format") func foldersBecomeAnyFormat() throws {
    try Self.withFolder { folder in
      let out = folder.appending(path: "out")
      let run = try Self.surefoot([
        "convert", folder.appending(path: "in").path, "-o", out.path, "--format", "glb", "--json",
      ])
      #expect(run.status == 0, "\(run.errors)")
      let bytes = try Data(contentsOf: out.appending(path: "walk.glb"))
      #expect(bytes.prefix(4) == Data("glTF".utf8))
    }
  }

  @Test("A motion is put on another skeleton") func aMotionIsPutOnAnotherSkeleton() throws {
    try Self.withFolder { folder in
      let (child, output) = (folder.appending(path: "child.bvh"), folder.appending(path: "out.bvh"))
      let joints = Skeleton.canonical.joints.map { joint in
        Joint(
          name: joint.name, parent: joint.parent, offset: joint.offset / 2, channels: joint.channels,
          endSite: joint.endSite.map { $0 / 2 })
      }
      let skeleton = Skeleton(joints: joints)
      try BVH.write(
        Clip(
          name: "child", motion: Motion(skeleton: skeleton, frameTime: 1, poses: [Pose(resting: skeleton)]),
          provenance: Provenance(source: "test")), to: child)
      let run = try Self.surefoot([
        "convert", folder.appending(path: "in/walk.bvh").path, "-o", output.path, "--skeleton", child.path,
        "--input-units", "cm", "--skeleton-units", "cm",
      ])
      #expect(run.status == 0, "\(run.errors)")
      let motion = try BVH.read(contentsOf: output, convention: .centimetres).motion
      let way = motion.poses[30].rootPosition - motion.poses[0].rootPosition
      #expect(abs(way.z - 0.15) < 1e-3, "half as tall, half as far")
    }
  }

  @Test("An ending that no format writes is wrong use, with the endings and the way by Blender")
  func unknownEndings() throws {
    for ending in ["fbx", "usd", "gltf", "vmd", "c3d", "bvh.gz", "json"] {
      let run = try Self.surefoot(["convert", "a.bvh", "-o", "/tmp/no/x.\(ending)"])
      #expect(
        run.status == 64 && run.errors.contains(".bvh, .amc, .txt, .npy, .npz, .glb, .vrma, .csv or .xml"),
        "\(run.errors)")
      #expect(run.errors.contains("Blender") == ["fbx", "usd", "gltf"].contains(ending))
    }
  }

  @Test(
    "Wrong use",
    arguments: [
      ["--skeleton", "x.txt"], ["--skeleton", "canonical", "--skeleton", "a.bvh"], ["--format", "fbx"],
      ["--format", "glb", "--units", "cm"], ["--format", "npy"], ["--format", "humanml3d", "--fps", "30"],
      ["--format", "amc", "--up", "z"],
      ["--units", "ell"], ["--units", "-1"], ["--up", "x"], ["--fps", "0"], ["--cycles", "0"], ["--unknown"],
    ]) func wrongUse(arguments: [String]) throws
  {
    #expect(try Self.surefoot(["convert", "a.bvh", "-o", "b.bvh"] + arguments).status == 64)
  }
}
