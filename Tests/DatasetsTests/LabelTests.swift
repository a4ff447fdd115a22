@testable import Datasets
import Foundation
@testable import Kinematics
@testable import MotionFormats
@testable import Support
import TestSupport
import Testing

/// What is taken of folders, how it is labelled, and how a small set is parted.
@Suite struct LabelTests {
  private func withFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("labels-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try await body(folder)
  }

  private func prepare(_ folder: URL, _ change: (inout DatasetOptions) -> Void = { _ in }) async throws
    -> DatasetManifest
  {
    var options = DatasetOptions()
    options.floor.spread = 1
    options.floor.support = 0
    change(&options)
    return try await DatasetPreparation(options).prepare(
      [folder.appendingPathComponent("in")], to: folder.appendingPathComponent("out"))
  }

  private func write(_ path: String, seconds: Double = 2, in folder: URL) throws {
    var clip = MadeUpWalk.clip(seed: UInt64(path.utf8.reduce(0) { $0 + Int($1) }), seconds: seconds, frameRate: 20)
    clip.motion.poses = clip.motion.poses.map { pose in
      var pose = pose
      pose.rootPosition.z *= 0.5
      return pose
    }
    try MotionFile.write(clip, to: folder.appendingPathComponent("in/\(path)"))
  }

  @Test("Every format is taken from folders; what looks like a motion and is none that is read is listed")
  func everyFormat() async throws {
    try await withFolder { folder in
      for path in ["a.bvh", "deep/b.glb", "deep/c.npz", "d.npy", "e.csv", "f.txt", "g.amc"] {
        try write(path, in: folder)
      }
      for path in ["x.fbx", "y.npz", "notes.md", "notes.txt", "labels.csv"] {
        try AtomicFile.write("nothing", to: folder.appendingPathComponent("in/\(path)"))
      }
      let manifest = try await prepare(folder)
      #expect(manifest.clips.map(\.name) == ["a", "b", "c", "d", "e", "f", "g"], "\(manifest.rejected)")
      #expect(manifest.rejected.map(\.source) == ["x.fbx", "y.npz"])
      #expect(manifest.rejected.first?.reason.contains("Blender") == true)
    }
  }

  @Test("Labels come from labels.csv, a text beside the clip, and the folder's name, in this order")
  func labels() async throws {
    try await withFolder { folder in
      for path in ["walk/a.bvh", "walk/b.bvh", "run/c.bvh", "clips/d.bvh"] { try write(path, in: folder) }
      let place = folder.appendingPathComponent("in")
      try AtomicFile.write(
        "File,Subject,Label,Description\r\nwalk/a,Ann,limp,\"slow, with a stick\"\r\n",
        to: place.appendingPathComponent("labels.csv"))
      try AtomicFile.write("a person runs#a/DET person/NOUN#0.0#0.0\n", to: place.appendingPathComponent("run/c.txt"))
      try AtomicFile.write("Jump\n", to: place.appendingPathComponent("clips/d.txt"))
      let clips = try await prepare(folder).clips
      #expect(clips.map(\.action) == ["limp", "walk", "run", "jump"])
      #expect(clips.map(\.subject) == ["Ann", "", "", ""])
      #expect(clips.map(\.description) == ["slow, with a stick", "", "a person runs", ""])
    }
  }

  @Test("Clips that are too short are named, a pose as a pose")
  func short() async throws {
    try await withFolder { folder in
      try write("good.bvh", in: folder)
      try write("pose.bvh", seconds: 0.05, in: folder)
      try write("short.bvh", seconds: 0.5, in: folder)
      let rejected = try await prepare(folder).rejected
      #expect(rejected.map(\.source) == ["pose.bvh", "short.bvh"])
      #expect(rejected[0].reason.contains("a single frame is a pose") && rejected[1].reason.contains("24 needed"))
    }
  }

  @Test("The manifest says how tall people are, and what reading noticed; a unit can be given")
  func understanding() async throws {
    try await withFolder { folder in
      try write("a.bvh", in: folder)
      let right = try await prepare(folder).clips[0]
      #expect(abs((right.stature ?? 0) - 1.7) < 1e-3 && right.notes == nil)
      let wrong = try await prepare(folder) { $0.metresPerUnit = 0.0254 }.clips[0]
      #expect(abs((wrong.stature ?? 0) - 4.318) < 1e-3)
      #expect(wrong.notes?.count == 1 && wrong.notes?[0].hasPrefix("a.bvh: a stature of 4.32 m") == true)
    }
  }

  /// Clips of a set by name, subject and action.
  private func clips(_ list: [(String, String)]) -> [DatasetManifest.PreparedClip] {
    list.enumerated().map { index, clip in
      DatasetManifest.PreparedClip(
        name: "c\(index)", sha256: "", source: "c\(index)", sourceSHA256: "", subject: clip.0, action: clip.1,
        description: "", licence: "", split: .train, frames: 60 + index, sourceFrameRate: 20, artificialFrames: 0,
        scale: 1, jointMap: "", missingJoints: [], floorHeight: 0, floorSpread: 0, floorTilt: 0, support: 1,
        rootSpeed: 0)
    }
  }

  @Test(
    "A small set's split leaves clips of every action to train on",
    arguments: [
      // By clip, by subjects that share actions, by subjects that do not, with one clip an action.
      [("", "walk"), ("", "walk"), ("", "sit"), ("", "run"), ("", "run")],
      [("A", "walk"), ("A", "sit"), ("B", "walk"), ("C", "walk"), ("C", "sit")],
      [("A", "walk"), ("A", "walk"), ("B", "sit"), ("B", "sit"), ("B", "sit")],
      [("A", "walk"), ("B", "sit"), ("C", "run")],
    ])
  func smallSplit(list: [(String, String)]) throws {
    let clips = clips(list)
    let split = try DatasetSplit(clips, .share(0.2))
    let training = clips.filter { !split.evaluation.contains($0.name) }
    #expect(Set(training.map(\.action)) == Set(list.map(\.1)), "\(split.rule)")
    #expect(split.evaluation.isEmpty == (list.count == 3), "\(split.rule)")
  }
}
