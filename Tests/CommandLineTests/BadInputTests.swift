import Foundation
import Kinematics
import MotionFormats
import Support
import Testing

/// Wrong and odd clips in one batch: each gets a verdict or an error that says where and how to suggestion, and none stops
/// the others.
@Suite struct BadInputTests {
  private static let rate = 30.0

  /// A standing figure, arms down, with a change of each frame.
  private static func motion(
    seconds: Double = 0.4, rate: Double = Self.rate, _ change: (inout Pose, Int) -> Void = { _, _ in }
  ) -> Motion {
    let poses = (0...Int(seconds * rate)).map { i in
      var pose = Pose(resting: .canonical, rootPosition: SIMD3(0, 0.93, 0))
      pose.rotations[CanonicalJoint.leftShoulder.rawValue] = Quaternion(angle: -1.2, axis: .unitZ)
      pose.rotations[CanonicalJoint.rightShoulder.rawValue] = Quaternion(angle: 1.2, axis: .unitZ)
      change(&pose, i)
      return pose
    }
    return Motion(skeleton: .canonical, frameTime: 1 / rate, poses: poses)
  }

  private static let odd: [(name: String, motion: Motion)] = [
    ("one-frame", motion(seconds: 0)), ("two-frames", motion(seconds: 1 / rate)),
    (
      "rest-pose-10-s",
      motion(seconds: 10, rate: 10) { pose, _ in
        pose = Pose(resting: .canonical, rootPosition: SIMD3(0, 0.93, 0))
      }
    ),
    ("far-away", motion { pose, _ in pose.rootPosition += SIMD3(1000, 0, -1000) }),
    ("floor-above", motion { pose, _ in pose.rootPosition.y += 12 }),
    ("floor-below", motion { pose, _ in pose.rootPosition.y -= 3 }),
    ("fast-500", motion(seconds: 0.1, rate: 500)),
    ("never-touches", motion { pose, i in pose.rootPosition.y += 1 + 0.3 * Double(i % 5) }),
    (
      "spinning-joint",
      motion { pose, i in
        pose.rotations[CanonicalJoint.leftKnee.rawValue] = Quaternion(angle: 2.5 * Double(i), axis: .unitX)
      }
    ),
    ("spinning-root", motion { pose, i in pose.rotations[0] = Quaternion(angle: 2.5 * Double(i), axis: .unitZ) }),
    ("leap", motion { pose, i in pose.rootPosition.x += i > 5 ? 3 : 0 }),
    ("very-far", motion { pose, _ in pose.rootPosition += SIMD3(9e4, 0, 9e4) }),
    ("sound", motion()),
  ]

  /// Files that no reader can take: how the good one is spoilt, and what the error must say.
  private static let broken: [(name: String, spoil: @Sendable (String) -> String, error: String)] = [
    ("nan", { $0.replacingOccurrences(of: "\n0.000000 93.000000", with: "\nnan 93.000000") }, "broken-nan.bvh:"),
    (
      "infinite", { $0.replacingOccurrences(of: "\n0.000000 93.000000", with: "\n1e999 93.000000") },
      "broken-infinite.bvh:"
    ),
    (
      "no-frames",
      { String($0.prefix(upTo: $0.range(of: "Frames:")?.lowerBound ?? $0.endIndex)) + "Frames: 0\nFrame Time: 0.03\n" },
      "no frames"
    ),
    ("no-motion", { String($0.prefix(upTo: $0.range(of: "MOTION")?.lowerBound ?? $0.endIndex)) }, "MOTION"),
    ("cut", { String($0.prefix($0.count * 3 / 4)) }, "broken-cut.bvh:"),
    ("empty", { _ in "" }, "broken-empty.bvh"),
    ("no-text", { _ in "\u{0}\u{1}PNG" }, "broken-no-text.bvh:1:2"),
    ("no-time", { $0.replacing(/Frame Time: .*/, with: "Frame Time: 0") }, "the frame time is not positive"),
    ("slow-time", { $0.replacing(/Frame Time: .*/, with: "Frame Time: 33.3") }, "a frame every 33.3 s"),
    (
      "snake",
      { _ in
        "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nCHANNELS 3 Zrotation Xrotation Yrotation\nEnd Site\n{\nOFFSET 0 50 0\n}\n}\nMOTION\nFrames: 1\nFrame Time: 0.03\n0 0 0\n"
      },
      "biped"
    ),
  ]

  private static func withClips(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    func clip(_ name: String, _ motion: Motion) -> Clip {
      Clip(name: name, motion: motion, provenance: Provenance(source: "test"))
    }
    for (name, motion) in odd { try BVH.write(clip(name, motion), to: folder.appending(path: "in/\(name).bvh")) }
    let good = try BVH.text(of: clip("good", motion()))
    for (name, spoil, _) in broken {
      try AtomicFile.write(spoil(good), to: folder.appending(path: "in/broken-\(name).bvh"))
    }
    try body(folder)
  }

  /// The planning corrector is slow in unoptimised builds: SUREFOOT_LONG_TESTS=1 adds it, in a release build.
  static let correctors =
    ["kinematic", "tracking"]
    + (ProcessInfo.processInfo.environment["SUREFOOT_LONG_TESTS"] == "1" ? ["predictive"] : [])

  @Test("Every clip gets its due", arguments: BadInputTests.correctors) func everyClipGetsItsDue(corrector: String)
    throws
  {
    try Self.withClips { folder in
      let out = folder.appending(path: "out")
      let run = try ConvertCommandTests.surefoot([
        "correct", folder.appending(path: "in").path, "-o", out.path, "--corrector", corrector, "--json",
      ])
      #expect(run.status == 1, "\(run.errors)")
      let json = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      let clips = try #require(json["clips"] as? [[String: Any]])
      #expect(clips.count == Self.odd.count + Self.broken.count)
      for (name, _, error) in Self.broken {
        let clip = try #require(clips.first { ($0["input"] as? String)?.hasSuffix("/broken-\(name).bvh") == true })
        let failure = clip["failure"] as? String ?? "none"
        #expect(failure.contains(error) && clip["verdict"] == nil, "\(name): \(failure)")
        // What is wrong, then what to do.
        #expect(failure.contains(";"), "\(name): \(failure)")
        #expect(run.errors.contains(failure))
        #expect(!FileManager.default.fileExists(atPath: out.appending(path: "broken-\(name).bvh").path))
      }
      for (name, motion) in Self.odd {
        let clip = try #require(clips.first { ($0["input"] as? String)?.hasSuffix("/\(name).bvh") == true })
        let verdict = try #require(clip["verdict"] as? String, "\(name): \(clip["failure"] ?? "")")
        let file = out.appending(path: "\(name).bvh")
        #expect(FileManager.default.fileExists(atPath: file.path) == !verdict.hasPrefix("rejected"))
        guard !verdict.hasPrefix("rejected") else { continue }
        let back = try BVH.read(contentsOf: file).motion
        #expect(back.count == motion.count && abs(back.frameRate - motion.frameRate) < 0.01 * motion.frameRate)
      }
      let sound = try #require(clips.first { ($0["input"] as? String)?.hasSuffix("/sound.bvh") == true })
      #expect(sound["failure"] == nil)
    }
  }
}
