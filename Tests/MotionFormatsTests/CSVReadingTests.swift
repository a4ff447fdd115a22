import Foundation
@testable import Kinematics
@testable import MotionFormats
@testable import Support
import Testing

/// Tables that we wrote are motions again.
@Suite struct CSVReadingTests {
  private static func text(_ clip: Clip) throws -> String {
    var text = ""
    try FormatTests.withFolder { folder in
      try CSV.write(clip, to: folder.appending(path: "a.csv"))
      text = try String(contentsOf: folder.appending(path: "a.csv"), encoding: .utf8)
    }
    return text
  }

  private static func read(_ text: String) throws -> Clip {
    try CSV.read(bytes: Array(text.utf8), file: "f.csv", name: "f")
  }

  @Test("Tables come back") func tablesComeBack() throws {
    let clips = try FormatTests.sources() + [FormatTests.clip(FormatTests.walk(), FileConvention(metresPerUnit: 0.001))]
    for clip in clips {
      let again = try Self.read(try Self.text(clip))
      #expect(again.convention == clip.convention && again.motion.frameTime == clip.motion.frameTime)
      #expect(again.motion.skeleton.names == clip.motion.skeleton.names)
      #expect(again.motion.skeleton.joints.map(\.parent) == clip.motion.skeleton.joints.map(\.parent))
      #expect(GLBReadingTests.distance(clip.motion, again.motion) < 1e-3 * clip.convention.metresPerUnit)
    }
  }

  @Test("Joints that move against their parent come back") func jointsThatMoveAgainstTheirParentComeBack() throws {
    var motion = FormatTests.walk(frames: 3)
    for frame in 0..<3 { motion.poses[frame].translations[5] = SIMD3(0.01 * Double(frame), -0.4, 0.1) }
    let again = try Self.read(try Self.text(FormatTests.clip(motion))).motion
    #expect(again.poses.map { $0.translations.count } == [1, 1, 1])
    #expect(GLBReadingTests.distance(motion, again) < 1e-7)
  }

  @Test("Names with commas and quotes come back") func namesWithCommasAndQuotesComeBack() throws {
    let joints = [
      Joint(name: "a,\"b\"", parent: nil, offset: .zero, channels: .root),
      Joint(name: "c\nd", parent: 0, offset: .unitY),
    ]
    let skeleton = Skeleton(joints: joints)
    let motion = Motion(skeleton: skeleton, frameTime: 0.1, poses: [Pose(resting: skeleton)])
    #expect(try Self.read(try Self.text(FormatTests.clip(motion))).motion.skeleton.names == ["a,\"b\"", "c\nd"])
  }

  @Test("What is no motion is refused") func whatIsNoMotionIsRefused() throws {
    let whole = try Self.text(FormatTests.clip(FormatTests.walk(frames: 3)))
    let lines = whole.split(separator: "\r\n").map(String.init)
    let faults: [(String, String)] = [
      ("", "holds no rows"), ("a,b\n1,2\n", "no columns NAME.x"), (lines[0] + "\r\n", "no rows"),
      (whole.replacingOccurrences(of: "\(FormatTests.walk().skeleton.names[0]).parent", with: "x"), "no column"),
      (lines[0] + "\r\n" + lines[1].dropLast(2) + "\r\n", "fields"),
      (whole.replacingOccurrences(of: ",0.050000,", with: ",nan,"), "'nan' is no finite number"),
      (lines[0] + "\r\n" + lines[1].replacingOccurrences(of: ",0.05", with: ",0.00"), "a frame time of 0"),
    ]
    for (text, words) in faults {
      let error = #expect(throws: SurefootError.self) { try Self.read(text) }
      #expect(error?.description.contains(words) == true, "\(words): \(error?.description ?? "none")")
    }
    let cut = #expect(throws: SurefootError.self) { try Self.read(String(whole.dropLast(whole.count / 3))) }
    #expect(cut?.line == 4 || cut?.line == 3)
  }
}
