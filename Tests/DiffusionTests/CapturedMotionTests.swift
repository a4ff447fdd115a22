@testable import Diffusion
import Foundation
import MotionFormats
import Testing
import Kinematics

/// Real captures, if the environment variable SUREFOOT_MOCAP names their folder.
@Suite struct CapturedMotionTests {
  static let folder = ProcessInfo.processInfo.environment["SUREFOOT_MOCAP"]

  static var files: [URL] {
    guard let folder else { return [] }
    let root = URL(fileURLWithPath: folder).appendingPathComponent("cmu-bvh")
    let all = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
    let clips = all.filter { $0.pathExtension == "bvh" }.sorted { $0.path < $1.path }
    return stride(from: 0, to: clips.count, by: 25).map { clips[$0] }
  }

  @Test("Decoding gives captures back", .enabled(if: folder != nil)) func decodingGivesCapturesBack() throws {
    #expect(!Self.files.isEmpty)
    for file in Self.files {
      let whole = try BVH.read(contentsOf: file).motion
      let motion = whole.frames(0..<min(whole.count, 600))
      let representation = MotionRepresentation(skeleton: motion.skeleton, frameRate: motion.frameRate)
      let again = representation.decode(try representation.encode(motion), at: Placement(of: motion))
      #expect(again.count == motion.count)
      #expect(Synthetic.distance(motion, again) < 1e-4, "\(file.lastPathComponent)")
    }
  }
}
