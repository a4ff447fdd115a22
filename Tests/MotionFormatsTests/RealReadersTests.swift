import Foundation
@testable import MotionFormats
import Testing
import Kinematics

/// A program of others that reads BVH files, driven by a script in `tools/checks/readers`.
enum RealReader: String, CaseIterable, Sendable {
  case threejs, bvhio, assimp

  static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "tools/checks/readers")

  /// Where a missing reader must not pass in silence.
  static let isRequired = ProcessInfo.processInfo.environment["SUREFOOT_REQUIRE_READERS"] == "1"

  var command: [String] {
    switch self {
    case .threejs: ["node", Self.scripts.appending(path: "positions-threejs.js").path]
    case .bvhio: ["python3", Self.scripts.appending(path: "positions-bvhio.py").path]
    case .assimp: ["python3", Self.scripts.appending(path: "positions-assimp.py").path]
    }
  }

  /// Whether the machine has the program.
  var isPresent: Bool {
    switch self {
    case .threejs:
      let loader = "examples/js/loaders/BVHLoader.js"
      let folders = [ProcessInfo.processInfo.environment["SUREFOOT_THREE"], "/usr/share/javascript/three"]
      let isThere = folders.compactMap { $0 }.contains {
        FileManager.default.fileExists(atPath: "\($0)/\(loader)")
      }
      return isThere && Self.run(["node", "--version"])?.status == 0
    case .bvhio: return Self.run(["python3", "-c", "import bvhio"])?.status == 0
    case .assimp: return Self.run(["assimp", "version"])?.status == 0
    }
  }

  static let present: [RealReader] = allCases.filter { isRequired || $0.isPresent }

  static func run(_ command: [String]) -> (status: Int32, output: Data)? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  struct Positions: Decodable {
    var names: [String]
    var frames: [[[Double]]]
  }

  /// The joints' world positions in some frames, in the file's units.
  func positions(in file: URL, frames: [Int]) throws -> Positions {
    let run = try #require(Self.run(command + [file.path] + frames.map(String.init)), "\(self) did not start")
    try #require(run.status == 0, "\(self) is missing or refused \(file.lastPathComponent)")
    return try JSONDecoder().decode(Positions.self, from: run.output)
  }
}

/// Files that Surefoot writes, read back by programs that others wrote.
@Suite struct RealReadersTests {
  static let probes = ["canonical, centimetres", "canonical, metres", "DeepMimic", "CMU"]

  static func probe(_ name: String) throws -> Clip? {
    switch name {
    case "canonical, centimetres": return BVHRoundTripTests.clip(BVHRoundTripTests.sample(21, frames: 30))
    case "canonical, metres":
      return BVHRoundTripTests.clip(BVHRoundTripTests.sample(22, frames: 30), FileConvention(metresPerUnit: 1))
    case "DeepMimic":
      if let folder = DeepMimicTests.folder {
        return try DeepMimic.read(contentsOf: folder.appending(path: "humanoid3d_spinkick.txt"))
      }
      let rows = (0..<20).map { frame in
        let t = 0.3 * Double(frame)
        return DeepMimicTests.row(
          x: t, root: [cos(t / 2), 0, sin(t / 2), 0], knee: -abs(sin(t)), shoulder: [cos(t), sin(t), 0, 0], elbow: 1)
      }
      return try DeepMimicTests.read(DeepMimicTests.text(rows))
    default: return try CMUFolder.bvh("16_16").map { url throws in try BVH.read(contentsOf: url) }
    }
  }

  @Test("World positions agree", .enabled(if: !RealReader.present.isEmpty), arguments: RealReader.present, probes)
  func worldPositionsAgree(reader: RealReader, probe: String) throws {
    guard let clip = try Self.probe(probe) else { return }
    let file = FileManager.default.temporaryDirectory.appending(path: "surefoot-\(UUID().uuidString).bvh")
    defer { try? FileManager.default.removeItem(at: file) }
    let report = try BVH.write(clip, to: file)
    #expect(report == BVH.WritingReport())
    let frames = [0, clip.motion.count / 2, clip.motion.count - 1]
    let theirs = try reader.positions(in: file, frames: frames)
    #expect(Set(theirs.names) == Set(clip.motion.skeleton.names) && theirs.frames.count == frames.count)
    var worst = 0.0
    for (slot, frame) in frames.enumerated() {
      let ours = clip.motion.skeleton.frames(of: clip.motion.poses[frame]).positions
      for (index, name) in theirs.names.enumerated() {
        let joint = try #require(clip.motion.skeleton.index(of: name))
        let there = theirs.frames[slot][index]
        let here = ours[joint] / clip.convention.metresPerUnit
        worst = max(worst, (here - SIMD3(there[0], there[1], there[2])).length)
      }
    }
    print("\(reader) on \(probe): largest distance \(worst) file units")
    #expect(worst < 1e-3)
  }

  @Test("Every reader is installed", .enabled(if: RealReader.isRequired)) func everyReaderIsInstalled() {
    for reader in RealReader.allCases {
      #expect(reader.isPresent, "\(reader) is missing: run tools/install --tests")
    }
  }
}
