import Foundation
@testable import Kinematics
@testable import MotionFormats
import Randomness
@testable import Support
import Testing

/// Files with random damage: each is read or refused with an error, never a crash, a hang or a huge allocation.
@Suite struct MutationTests {
  static let tokens = [
    "{", "}", "\n", "nan", "-1", "1e999", "99999999999999999999", "JOINT", "ROOT x", "End Site", "CHANNELS", "MOTION",
    "Frames: 4000000000", ",", "\"", "[", "]", ":", "\u{0}", "#", "(", ")", "é", "", "begin", "end", "0.5.5", "root",
    "1",
  ].map { Array($0.utf8) }

  static func damaged(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var result = bytes
    for _ in 0...Int.random(in: 0..<3, using: &random) {
      let at = Int.random(in: 0...result.count, using: &random)
      let end = min(result.count, at + Int.random(in: 0..<12, using: &random))
      switch Int.random(in: 0..<6, using: &random) {
      case 0: result.removeSubrange(at..<end)
      case 1: result.insert(contentsOf: tokens[Int.random(in: 0..<tokens.count, using: &random)], at: at)
      case 2 where at < result.count: result[at] = UInt8(truncatingIfNeeded: random.next())
      case 3: result.insert(contentsOf: result[at..<end], at: at)
      case 4: result = Array(result[..<at])
      default:
        let token = tokens[Int.random(in: 0..<tokens.count, using: &random)]
        result.replaceSubrange(at..<end, with: token)
      }
    }
    return result
  }

  /// Reads 2,000 damaged copies; both outcomes must occur.
  static func check(_ text: String, seed: UInt64, _ read: ([UInt8]) throws -> Clip) throws {
    var random = SeededGenerator(seed: seed)
    var (accepted, refused) = (0, 0)
    for _ in 0..<2000 {
      do {
        let clip = try read(damaged(Array(text.utf8), &random))
        #expect(clip.motion.isFinite && clip.motion.count > 0)
        accepted += 1
      } catch let error as SurefootError {
        #expect(!error.message.isEmpty)
        refused += 1
      }
    }
    #expect(accepted > 20 && refused > 500, "\(accepted) accepted, \(refused) refused")
  }

  @Test("BVH") func bvh() throws {
    try Self.check(BVHReaderTests.plain, seed: 1) { bytes in
      let clip = try BVH.reading(bytes: bytes, file: "f", name: "f").clip
      _ = try BVH.text(of: clip)
      return clip
    }
  }

  @Test("ASF") func asf() throws {
    try Self.check(AcclaimTests.skeletonText, seed: 2) { bytes in
      let actor = try ASF.read(bytes: bytes, file: "f")
      let motion = Motion(skeleton: actor.skeleton, frameTime: 1, poses: [Pose(resting: actor.skeleton)])
      return BVHRoundTripTests.clip(motion)
    }
  }

  @Test("AMC") func amc() throws {
    let actor = try AcclaimTests.skeleton()
    try Self.check(AcclaimTests.motionText, seed: 3) { bytes in
      try AMC.read(bytes: bytes, file: "f", name: "f", skeleton: actor)
    }
  }

  @Test("Deep mimic") func deepMimic() throws {
    let text = DeepMimicTests.text([DeepMimicTests.row(), DeepMimicTests.row(x: 1), DeepMimicTests.row(0, x: 2)])
    try Self.check(text, seed: 4) { bytes in try DeepMimic.read(bytes: bytes, file: "f", name: "f") }
  }

  @Test("CSV") func csv() throws {
    var text = ""
    try FormatTests.withFolder { folder in
      try CSV.write(FormatTests.clip(FormatTests.walk(frames: 2)), to: folder.appending(path: "a.csv"))
      text = try String(contentsOf: folder.appending(path: "a.csv"), encoding: .utf8)
    }
    try Self.check(text, seed: 5) { bytes in try CSV.read(bytes: bytes, file: "f", name: "f") }
  }

  @Test("GLB") func glb() throws {
    let whole = try ForeignGLB(FormatTests.walk(frames: 4)).bytes()
    var random = SeededGenerator(seed: 6)
    var (accepted, refused) = (0, 0)
    for _ in 0..<2000 {
      // Damage in the document as well as in the numbers, lengths kept so that it gets past the container.
      var bytes = whole
      for _ in 0...Int.random(in: 0..<4, using: &random) {
        let at = Int.random(in: 20..<bytes.count, using: &random)
        bytes[at] =
          Bool.random(using: &random)
          ? UInt8(truncatingIfNeeded: random.next()) : UInt8.random(in: 48...57, using: &random)
      }
      do {
        let motion = try GLB.reading(bytes: bytes, file: "f", name: "f").clip.motion
        #expect(motion.isFinite && motion.count > 0)
        accepted += 1
      } catch let error as SurefootError {
        #expect(!error.message.isEmpty)
        refused += 1
      }
    }
    #expect(accepted > 20 && refused > 200, "\(accepted) accepted, \(refused) refused")
  }
}
