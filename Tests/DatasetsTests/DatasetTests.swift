@testable import Datasets
import Foundation
@testable import Kinematics
@testable import MotionFormats
import Randomness
@testable import Support
import TestSupport
import Testing

@Suite struct DatasetTests {
  private func options(_ change: (inout DatasetOptions) -> Void = { _ in }) -> DatasetOptions {
    var options = DatasetOptions()
    options.floor.spread = 1
    options.floor.support = 0
    change(&options)
    return options
  }

  @Test("Prepared again it is the same bytes") func preparedAgainItIsTheSameBytes() async throws {
    let folder = try MadeUpWalk.folder(clips: 6, subjects: 3)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (input, output) = (folder.appendingPathComponent("in"), folder.appendingPathComponent("out"))
    let preparation = try DatasetPreparation(options { $0.mirror = true })
    let manifest = try await preparation.prepare([input], to: output)
    #expect(manifest.clips.count == 6)
    #expect(
      manifest.clips.allSatisfy { $0.action == "walk" && $0.licence == "free" && $0.jointMap.contains("joint map") })
    let bytes = try Data(contentsOf: output.appendingPathComponent("manifest.json"))
    let second = folder.appendingPathComponent("second")
    _ = try await preparation.prepare([input], to: second)
    #expect(try Data(contentsOf: second.appendingPathComponent("manifest.json")) == bytes)
    _ = try await preparation.prepare([input], to: output)
    #expect(try Data(contentsOf: output.appendingPathComponent("manifest.json")) == bytes)

    let dataset = try MotionDataset.load(output, frameRate: 20)
    #expect(dataset.skeleton == .canonical)
    let training = Set(dataset.windows(in: .train).compactMap { dataset.clips[$0.clip]?.provenance.subject })
    let evaluation = Set(dataset.windows(in: .evaluation).compactMap { dataset.clips[$0.clip]?.provenance.subject })
    #expect(!training.isEmpty && !evaluation.isEmpty && training.isDisjoint(with: evaluation))
    #expect(dataset.windows(in: .evaluation).allSatisfy { !$0.mirrored })
    let window = try #require(dataset.windows.first { $0.mirrored })
    let plain = try #require(dataset.windows.first { $0.id + "-mirrored" == window.id })
    let (mirrored, original) = (try dataset.motion(of: window), try dataset.motion(of: plain))
    #expect(mirrored.count == 60 && mirrored.skeleton == .canonical)
    let (a, b) = (mirrored.jointPositions[7], original.jointPositions[7])
    for joint in CanonicalJoint.allCases {
      let other = b[joint.mirrored.rawValue] * SIMD3(-1, 1, 1)
      #expect((a[joint.rawValue] - other).length < 1e-9)
    }
    var stranger = plain
    stranger.start = 1 << 40
    #expect(throws: SurefootError.self) { try dataset.motion(of: stranger) }
  }

  @Test("What is broken is said") func whatIsBrokenIsSaid() async throws {
    let folder = try MadeUpWalk.folder(clips: 2, subjects: 1)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (input, output) = (folder.appendingPathComponent("in"), folder.appendingPathComponent("out"))
    try AtomicFile.write("HIERARCHY\nROOT a\n{", to: input.appendingPathComponent("torn.bvh"))
    var short = MadeUpWalk.clip(seed: 9)
    short.motion = short.motion.frames(0..<30)
    try BVH.write(short, to: input.appendingPathComponent("short.bvh"))
    let manifest = try await DatasetPreparation(options()).prepare([input], to: output)
    #expect(manifest.rejected.map(\.source) == ["short.bvh", "torn.bvh"])
    #expect(manifest.rejected[0].reason.contains("too short"))
    #expect(manifest.rejected[1].reason.contains("torn.bvh:"))
    #expect(!manifest.rejected[1].reason.contains(folder.path))
    #expect(manifest.splitRule.contains("by clip"))

    #expect(throws: SurefootError.self) { try MotionDataset.load(output, frameRate: 30) }
    let clip = output.appendingPathComponent("clips/walk0.bvh")
    let text = try String(contentsOf: clip, encoding: .utf8)
    try AtomicFile.write(text.replacingOccurrences(of: "Frames: ", with: "Frames:  "), to: clip)
    let damage = #expect(throws: SurefootError.self) { try MotionDataset.load(output) }
    #expect(damage?.message.contains("SHA-256") == true)
    try FileManager.default.removeItem(at: output.appendingPathComponent("manifest.json"))
    let cut = #expect(throws: SurefootError.self) { try MotionDataset.load(output) }
    #expect(cut?.message.contains("did not finish") == true)
    // The folder without its manifest is still a dataset's, and can be finished.
    _ = try await DatasetPreparation(options()).prepare([input], to: output)
    #expect(try MotionDataset.load(output).clips.count == 2)
  }

  @Test("A preparation that is interrupted leaves the earlier dataset as it was") func interruption() async throws {
    let folder = try MadeUpWalk.folder(clips: 2, subjects: 2)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (input, output) = (folder.appendingPathComponent("in"), folder.appendingPathComponent("out"))
    _ = try await DatasetPreparation(options()).prepare([input], to: output)
    let manifest = try Data(contentsOf: output.appendingPathComponent("manifest.json"))
    let preparation = try DatasetPreparation(options { $0.frameRate = 10 })
    let task = Task {
      try await preparation.prepare([input], to: output) { _, _ in withUnsafeCurrentTask { $0?.cancel() } }
    }
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    #expect(try Data(contentsOf: output.appendingPathComponent("manifest.json")) == manifest)
    #expect(try MotionDataset.load(output, frameRate: 20).clips.count == 2)
    let names = try FileManager.default.contentsOfDirectory(atPath: output.path).sorted()
    #expect(names == [".surefoot-dataset", "captions.tsv", "clips", "manifest.json"])
  }

  @Test("An input inside the output folder is refused, and stays as it was")
  func inputInsideOutput() async throws {
    let folder = try MadeUpWalk.folder(clips: 2, subjects: 2)
    defer { try? FileManager.default.removeItem(at: folder) }
    let output = folder.appendingPathComponent("out")
    _ = try await DatasetPreparation(options()).prepare([folder.appendingPathComponent("in")], to: output)
    let clips = output.appendingPathComponent("clips")
    let before = try FileManager.default.contentsOfDirectory(atPath: clips.path).sorted()
    await #expect(throws: SurefootError.self) {
      _ = try await DatasetPreparation(options { $0.frameRate = 10 }).prepare([clips], to: output)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: clips.path).sorted() == before)
    #expect(try MotionDataset.load(output, frameRate: 20).clips.count == 2)
  }

  @Test("A clip name in a manifest cannot lead out of the folder")
  func namesOfManifests() async throws {
    let folder = try MadeUpWalk.folder(clips: 1, subjects: 1)
    defer { try? FileManager.default.removeItem(at: folder) }
    let output = folder.appendingPathComponent("out")
    _ = try await DatasetPreparation(options()).prepare([folder.appendingPathComponent("in")], to: output)
    let file = output.appendingPathComponent("manifest.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    try AtomicFile.write(
      text.replacingOccurrences(of: "\"name\" : \"walk0\"", with: "\"name\" : \"../../in/walk0\""), to: file)
    let error = #expect(throws: SurefootError.self) { try MotionDataset.load(output) }
    #expect(error?.message.contains("is not a file name") == true)
  }

  @Test("A pipe among the files does not block, and a name that is not UTF-8 is rejected with that reason")
  func oddFiles() async throws {
    let folder = try MadeUpWalk.folder(clips: 1, subjects: 1)
    defer { try? FileManager.default.removeItem(at: folder) }
    let input = folder.appendingPathComponent("in")
    for name in ["pipe.bvh", "pipe.txt"] { #expect(mkfifo(input.appendingPathComponent(name).path, 0o600) == 0) }
    #if os(Linux)
      let odd = Array(input.path.utf8CString.dropLast()) + [0x2F, CChar(bitPattern: 0xE9)] + Array(".bvh".utf8CString)
      #expect(rename(input.appendingPathComponent("pipe.txt").path, odd) == 0)
    #endif
    let manifest = try await DatasetPreparation(options()).prepare([input], to: folder.appendingPathComponent("out"))
    #expect(manifest.clips.map(\.name) == ["walk0"])
    #if os(Linux)
      #expect(manifest.rejected.count == 1 && manifest.rejected[0].reason.contains("not to be UTF-8"))
    #endif
  }

  @Test("Anothers folder is left alone") func anothersFolderIsLeftAlone() async throws {
    let folder = try MadeUpWalk.folder(clips: 1, subjects: 1)
    defer { try? FileManager.default.removeItem(at: folder) }
    let own = folder.appendingPathComponent("own")
    try AtomicFile.write("mine", to: own.appendingPathComponent("clips/mine.bvh"))
    await #expect(throws: SurefootError.self) {
      _ = try await DatasetPreparation(options()).prepare([folder.appendingPathComponent("in")], to: own)
    }
    #expect(FileManager.default.fileExists(atPath: own.appendingPathComponent("clips/mine.bvh").path))
    await #expect(throws: SurefootError.self) {
      _ = try await DatasetPreparation(options()).prepare([folder.appendingPathComponent("none")], to: own)
    }
    #expect(throws: SurefootError.self) { try DatasetPreparation(options { $0.frameRate = -1 }) }
  }

  @Test("CMU is prepared", .enabled(if: MocapFolder.url != nil)) func cmuIsPrepared() async throws {
    let folder = try #require(MocapFolder.url)
    let output = FileManager.default.temporaryDirectory.appendingPathComponent("cmu-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: output) }
    let names = ["06_01", "16_21", "16_22", "16_30", "35_29", "49_02"]
    let files = names.map { folder.appendingPathComponent("cmu-bvh/train/\($0).bvh") }
    let manifest = try await DatasetPreparation().prepare(files, to: output)
    #expect(manifest.rejected.isEmpty)
    #expect(manifest.clips.allSatisfy { $0.artificialFrames == 1 })
    #expect(manifest.clips.first { $0.name == "16_21" }?.action == "walk")
    #expect(manifest.clips.allSatisfy { $0.licence.hasPrefix("CMU") && abs($0.floorHeight) < 0.06 })
    // A walk's speed is the source's times the scale.
    let walk = try #require(manifest.clips.first { $0.name == "16_21" })
    let source = try MocapFolder.cmu("16_21").motion.withoutArtificialFrames()
    let way = { (motion: Motion) in
      (motion.poses[motion.count - 1].rootPosition - motion.poses[0].rootPosition).horizontal.length / motion.duration
    }
    let dataset = try MotionDataset.load(output)
    let prepared = try #require(dataset.clips["16_21"]).motion
    #expect(abs(way(prepared) / (way(source) * walk.scale) - 1) < 0.01)
  }
}
