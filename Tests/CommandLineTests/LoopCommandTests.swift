@testable import Datasets
import Foundation
@testable import Kinematics
@testable import MotionFormats
@testable import Support
import Testing
import Retargeting

/// `surefoot loop` and `surefoot evaluate` as real processes, on the tiny preset.
@Suite(.serialized) struct LoopCommandTests {
  /// A prepared dataset of made walks: four windows to train on and six to measure against, 6 frames each.
  static func withDataset(_ body: (_ data: URL, _ folder: URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-loop-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let data = folder.appending(path: "data")
    var windows: [MotionWindow] = []
    for index in 0..<10 {
      let name = "walk-\(index)"
      try BVH.write(
        Clip(name: name, motion: walk(index), provenance: Provenance(source: "made")),
        to: data.appending(path: "clips/\(name).bvh"))
      windows.append(
        MotionWindow(
          id: name, clip: name, start: 0, frames: 6, action: index.isMultiple(of: 2) ? "walk" : "run",
          description: "", split: index < 4 ? .train : .evaluation, mirrored: false))
    }
    let clips = try windows.map { try preparedClip($0, in: data) }
    let manifest = DatasetManifest(
      version: 1, frameRate: 20, window: 6, stride: 6, mirrored: false, limbLengths: .canonical,
      splitRule: "made for a test", skeleton: .canonical, clips: clips, rejected: [], windows: windows)
    try AtomicFile.write(JSONEncoder().encode(manifest), to: data.appending(path: "manifest.json"))
    try body(data, folder)
  }

  private static func preparedClip(_ window: MotionWindow, in data: URL) throws -> DatasetManifest.PreparedClip {
    DatasetManifest.PreparedClip(
      name: window.clip, sha256: try SHA256.hexadecimal(ofFile: data.appending(path: "clips/\(window.clip).bvh")),
      source: window.clip, sourceSHA256: "", subject: "", action: window.action, description: "", licence: "",
      split: window.split, frames: window.frames, sourceFrameRate: 20, artificialFrames: 0, scale: 1,
      jointMap: "surefoot", missingJoints: [], floorHeight: 0, floorSpread: 0, floorTilt: 0, support: 1, rootSpeed: 0)
  }

  private static func walk(_ index: Int) -> Motion {
    let poses = (0..<6).map { frame in
      let phase = 0.4 * Double(frame) + Double(index)
      var pose = Pose(resting: .canonical, rootPosition: SIMD3(0, 0.93, 0.05 * Double(frame)))
      for (joint, sign) in [(CanonicalJoint.leftHip, 1.0), (.rightHip, -1.0)] {
        pose.rotations[joint.rawValue] = Quaternion(angle: 0.3 * sign * sin(phase), axis: .unitX)
      }
      for (joint, sign) in [(CanonicalJoint.leftShoulder, -1.0), (.rightShoulder, 1.0)] {
        pose.rotations[joint.rawValue] = Quaternion(angle: 1.2 * sign, axis: .unitZ)
      }
      return pose
    }
    return Motion(skeleton: .canonical, frameTime: 0.05, poses: poses)
  }

  private static let settings = [
    "--preset", "tiny", "--set", "data.windows=3", "--set", "generations=1", "--set", "arms=[baseline, corrected]",
    "--set", "evaluation.samples=6", "--set", "evaluation.keep=1", "--set", "evaluation.resamples=2",
  ]

  private static func process(_ arguments: [String]) throws -> Process {
    let folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    let process = Process()
    process.executableURL = folder.appending(path: "surefoot")
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    return process
  }

  private static func lines(of run: URL) -> Int {
    let data = (try? Data(contentsOf: run.appending(path: "ledger.jsonl"))) ?? Data()
    return data.count { $0 == UInt8(ascii: "\n") }
  }

  /// The ledger without its times, and every other file's bytes.
  private static func content(of run: URL) throws -> [String: String] {
    var content: [String: String] = [:]
    for case let path as String in FileManager.default.enumerator(atPath: run.path) ?? .init() {
      let url = run.appending(path: path)
      guard (try? url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true else { continue }
      // The run's name is its folder's.
      // What was typed and when, and the pages that tell of it, differ.
      guard !["results.json", "report.html", "commands.jsonl"].contains(path) else { continue }
      let data = try Data(contentsOf: url)
      content[path] =
        path == "ledger.jsonl"
        ? String(decoding: data, as: UTF8.self).replacing(/"time":"[^"]*"/, with: "") : SHA256.hexadecimal(of: data)
    }
    return content
  }

  @Test("Killed at several instants the run ends as if it had not been")
  func killedAtSeveralInstantsTheRunEndsAsIfItHadNotBeen() throws {
    try Self.withDataset { data, folder in
      let whole = folder.appending(path: "whole")
      let run = try ConvertCommandTests.surefoot(["loop", "--data", data.path, "-o", whole.path] + Self.settings)
      #expect(run.status == 0, "\(run.errors)")
      let expected = try Self.content(of: whole)
      let events = Self.lines(of: whole)
      #expect(events > 12)
      #expect(run.output.contains("corrected") && run.output.contains("report.html"))
      let page = try String(contentsOf: whole.appending(path: "report.html"), encoding: .utf8)
      #expect(page.contains("<b>real motion</b>"))
      #expect(page.contains("<h2>Motions</h2>") && page.contains(" loop --data ") && page.contains("<td>libtorch</td>"))
      let killed = folder.appending(path: "killed")
      let arguments = ["loop", "--data", data.path, "-o", killed.path, "--quiet"] + Self.settings
      for instant in [1, 3, 5, 9, events - 2] {
        // Killed as soon as so many lines stand, wherever the run is then.
        let process = try Self.process(arguments)
        try process.run()
        while process.isRunning, Self.lines(of: killed) < instant { usleep(500) }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
      let last = try ConvertCommandTests.surefoot(arguments)
      #expect(last.status == 0, "\(last.errors)")
      let found = try Self.content(of: killed)
      #expect(found["ledger.jsonl"] == expected["ledger.jsonl"])
      #expect(found == expected)
    }
  }

  @Test("An external program corrects the loops samples") func anExternalProgramCorrectsTheLoopsSamples() throws {
    try Self.withDataset { data, folder in
      let script = folder.appending(path: "copy.sh")
      try AtomicFile.write("cp \"$1\" \"$2\"\n", to: script)
      let run = folder.appending(path: "run")
      let done = try ConvertCommandTests.surefoot(
        ["loop", "--data", data.path, "-o", run.path, "--quiet", "--set", "corrector=external:sh \(script.path)"]
          + Self.settings)
      #expect(done.status == 0, "\(done.errors)")
      let ledger = try String(contentsOf: run.appending(path: "ledger.jsonl"), encoding: .utf8)
      #expect(ledger.contains("copy.sh") && ledger.contains("\"verdict\":\"unchanged\""))
      // Resumed from the folder, which could be a stranger's, it is not run without being allowed.
      let resumed = ["loop", "--resume", "--data", data.path, "-o", run.path, "--quiet"]
      let refused = try ConvertCommandTests.surefoot(resumed)
      #expect(refused.status == 64 && refused.errors.contains("sh \(script.path)"), "\(refused.errors)")
      #expect(refused.errors.contains("--allow-programs"))
      #expect(try ConvertCommandTests.surefoot(resumed + ["--allow-programs"]).status == 0)
      let missing = try ConvertCommandTests.surefoot(
        [
          "loop", "--data", data.path, "-o", folder.appending(path: "other").path, "--set",
          "corrector=external:no-such-program-anywhere",
        ] + Self.settings)
      #expect(missing.status != 0 && missing.errors.contains("is not there"), "\(missing.errors)")
    }
  }

  /// A file system of its own that is too small; needs root.
  private static func withSmallDisk(_ body: (_ disk: URL, _ grow: (Int) throws -> Void) throws -> Void) throws {
    let disk = FileManager.default.temporaryDirectory.appending(path: "surefoot-disk-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
    try shell("mount -t tmpfs -o size=100k tmpfs '\(disk.path)'")
    defer {
      try? shell("umount '\(disk.path)'")
      try? FileManager.default.removeItem(at: disk)
    }
    try body(disk) { try shell("mount -o remount,size=\($0)k '\(disk.path)'") }
  }

  private static func shell(_ command: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw CocoaError(.fileWriteUnknown) }
  }

  private static let canMount = (try? withSmallDisk { _, grow in try grow(200) }) != nil

  @Test("A full disk ends the run with words and room lets it go on", .enabled(if: canMount))
  func aFullDiskEndsTheRunWithWordsAndRoomLetsItGoOn() throws {
    try Self.withDataset { data, folder in
      let whole = folder.appending(path: "whole")
      let run = try ConvertCommandTests.surefoot(["loop", "--data", data.path, "-o", whole.path] + Self.settings)
      #expect(run.status == 0, "\(run.errors)")
      let expected = try Self.content(of: whole)
      try Self.withSmallDisk { disk, grow in
        let place = disk.appending(path: "run")
        let arguments = ["loop", "--data", data.path, "-o", place.path, "--quiet"] + Self.settings
        var (size, failures) = (100, 0)
        while true {
          let run = try ConvertCommandTests.surefoot(arguments)
          if run.status == 0 { break }
          failures += 1
          #expect(run.status == 1 && run.errors.contains("cannot be written"), "\(run.errors)")
          #expect(run.errors.contains("free some space"), "what to do is said: \(run.errors)")
          guard failures < 20 else { break }
          size += 150
          try grow(size)
        }
        #expect(failures > 1, "the disk was full at several places")
        #expect(try Self.content(of: place) == expected)
      }
    }
  }

  @Test("Evaluate measures a folder") func evaluateMeasuresAFolder() throws {
    try Self.withDataset { data, folder in
      let run = try ConvertCommandTests.surefoot([
        "evaluate", data.appending(path: "clips").path, "--against", data.path, "--encoder-steps", "3", "--resamples",
        "2", "--json", "--quiet",
      ])
      #expect(run.status == 0, "\(run.errors)")
      let json = try #require(
        try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: [String: Any]])
      #expect(json["set"]?["count"] as? Int == 10)
      let figures = try #require(json["set"]?["figures"] as? [String: [String: Double]])
      #expect(figures["fid"] != nil && figures["fidKinetic"] != nil && figures["physErr"] != nil)
      #expect(try #require(figures["coverage"]?["value"]) == 1, "the set holds the evaluation windows themselves")
    }
  }

  @Test(
    "Unknown input exits 64",
    arguments: [
      (["--set", "lamda=2"], "did you mean lambda?"), (["--preset", "huge"], "no preset"),
      (["--set", "model.preset=vast"], "no model preset"), (["--set", "corrector=magic"], "no corrector"),
      (["--jobs", "0"], "--jobs"), (["--resume", "--set", "lambda=1"], "--resume"),
    ])
  func unknownInputExits64(arguments: [String], text: String) throws {
    let run = try ConvertCommandTests.surefoot(["loop", "--data", "none", "-o", "/nowhere/run"] + arguments)
    #expect(run.status == 64)
    #expect(run.errors.contains(text), "\(run.errors)")
  }

  @Test("A missing dataset is said") func aMissingDatasetIsSaid() throws {
    let run = try ConvertCommandTests.surefoot(["loop", "--data", "/nowhere", "-o", "/tmp/none"])
    #expect(run.status == 1)
    #expect(run.errors.contains("surefoot data prepare"), "\(run.errors)")
  }
}
