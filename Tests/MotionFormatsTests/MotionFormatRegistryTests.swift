import Foundation
import Kinematics
import MotionFormats
import Retargeting
import Support
import Testing

/// A format of a third party: the root's path as lines of three numbers, below a line with a magic word.
private struct RootPath: MotionFileFormat {
  let name = "root-path"
  let fileExtensions = ["path", "track"]
  let traits = MotionFileTraits(frameRate: 10)

  func looksLike(_ head: FileHead) -> Bool { head.bytes(upTo: 5) == Array("PATH\n".utf8) }

  func read(contentsOf url: URL, options: MotionReadingOptions) throws(SurefootError) -> ClipReading {
    guard let text = try? String(contentsOf: url, encoding: .utf8) else {
      throw SurefootError(.unreadable, file: url.path, message: "cannot be read")
    }
    let skeleton = Skeleton(joints: [Joint(name: "root", parent: nil, offset: .zero, channels: .root)])
    let poses = text.split(separator: "\n").dropFirst().map { line in
      let numbers = line.split(separator: " ").compactMap { Double($0) }
      return Pose(resting: skeleton, rootPosition: SIMD3(numbers[0], numbers[1], numbers[2]))
    }
    let motion = Motion(skeleton: skeleton, frameTime: 0.1, poses: poses)
    return ClipReading(clip: Clip(name: "path", motion: motion, provenance: Provenance(source: url.path)))
  }

  func write(_ clip: Clip, to url: URL, joints: JointMap?) throws(SurefootError) -> [String] {
    let lines = clip.motion.poses.map { "\($0.rootPosition.x) \($0.rootPosition.y) \($0.rootPosition.z)" }
    try AtomicFile.write((["PATH"] + lines).joined(separator: "\n"), to: url)
    return ["every joint but the root is left out"]
  }
}

@Suite struct MotionFormatRegistryTests {
  @Test("A third party's format is written, found and read by its registry")
  func thirdParty() throws {
    let formats = MotionFormatRegistry.builtIn.adding(RootPath())
    try FormatTests.withFolder { folder in
      let (url, other) = (folder.appending(path: "walk.path"), folder.appending(path: "notes.track"))
      let clip = FormatTests.clip(FormatTests.walk())
      #expect(try formats.write(clip, to: url) == ["every joint but the root is left out"])
      try AtomicFile.write("nothing that moves", to: other)
      try formats.write(clip, to: folder.appending(path: "walk.bvh"))
      #expect(try formats.find(in: folder).map(\.lastPathComponent) == ["walk.bvh", "walk.path"])
      let again = try formats.read(contentsOf: url).clip.motion
      #expect(again.poses.map(\.rootPosition) == clip.motion.poses.map(\.rootPosition))
      #expect(formats["Root-Path"]?.traits.frameRate == 10 && formats.format(of: other)?.name == "root-path")
      // The built-in formats know nothing of it.
      #expect(try MotionFile.find(in: folder).map(\.lastPathComponent) == ["walk.bvh"])
    }
  }

  @Test("The built-in formats keep the names that the command line takes")
  func names() {
    let names = MotionFormatRegistry.builtIn.formats.map(\.name)
    #expect(names == ["bvh", "amc", "deepmimic", "humanml3d", "npz", "glb", "vrma", "csv"])
  }

  @Test(
    "An ending that no format writes is refused, with the way round",
    arguments: [
      "fbx", "usd", "gltf", "vmd", "c3d", "json", "gz",
    ])
  func foreignEndings(ending: String) throws {
    try FormatTests.withFolder { folder in
      let url = folder.appending(path: "walk.\(ending)")
      let error = #expect(throws: SurefootError.self) {
        try MotionFile.write(FormatTests.clip(FormatTests.walk()), to: url)
      }
      #expect(error?.message.contains(ending) == true && error?.suggestion?.contains(".glb") == true)
      #expect(!FileManager.default.fileExists(atPath: url.path))
    }
  }

  @Test("A pipe among a folder's files is not opened")
  func pipes() throws {
    try FormatTests.withFolder { folder in
      let status = mkfifo(folder.appending(path: "a.txt").path, 0o600)
      #expect(status == 0)
      let files = try MotionFile.find(in: folder)
      #expect(files.isEmpty)
    }
  }
}
