import Foundation
import Kinematics
@testable import MotionFormats
@testable import Support
import Testing

@Suite struct MotionFileTests {
  static func withFolder(_ files: [String: String], _ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files { try AtomicFile.write(text, to: folder.appending(path: name)) }
    try body(folder)
  }

  static let dance = DeepMimicTests.text([DeepMimicTests.row(), DeepMimicTests.row(0, x: 1)])

  @Test("Formats are distinguished") func formatsAreToldApart() throws {
    let files = [
      "a.bvh": BVHReaderTests.plain, "16/16_02.AMC": AcclaimTests.motionText, "16/16.asf": AcclaimTests.skeletonText,
      "16/17.asf": "not read", "m/walk.txt": Self.dance, "m/notes.txt": "{ \"Other\": 1 }", "m/readme.md": "",
    ]
    try Self.withFolder(files) { folder in
      let found = try MotionFile.find(in: folder)
      #expect(found.map(\.lastPathComponent) == ["16_02.AMC", "a.bvh", "walk.txt"])
      let clips = try found.map { try MotionFile.reading(contentsOf: $0, options: .init(cycles: 2)).clip }
      #expect(clips.map(\.motion.count) == [2, 2, 3])
      #expect(clips.map(\.name) == ["16_02", "a", "walk"])
      #expect(clips[0].provenance.subject == "16")
    }
  }

  @Test("Provenance lies beside the file") func provenanceLiesBesideTheFile() throws {
    try Self.withFolder(["walk.bvh": BVHReaderTests.plain, "bad.provenance.json": "{}"]) { folder in
      let url = folder.appending(path: "walk.bvh")
      #expect(try Provenance.read(beside: url) == nil)
      let provenance = Provenance(source: "https://example.org/walk", subject: "16", licence: "free")
      try provenance.write(beside: url)
      #expect(try Provenance.read(beside: url) == provenance)
      #expect(throws: SurefootError.self) { try Provenance.read(beside: folder.appending(path: "bad.bvh")) }
    }
  }

  @Test("A missing skeleton is said") func aMissingSkeletonIsSaid() throws {
    try Self.withFolder(["16_02.amc": AcclaimTests.motionText]) { folder in
      let url = folder.appending(path: "16_02.amc")
      let error = #expect(throws: SurefootError.self) { try MotionFile.reading(contentsOf: url) }
      #expect(error?.message == "its skeleton 16.asf is not beside it")
      let other = folder.appending(path: "a.fbx")
      #expect(throws: SurefootError.self) { try MotionFile.reading(contentsOf: other) }
      #expect(throws: SurefootError.self) { try MotionFile.find(in: folder.appending(path: "none")) }
    }
  }
}
