import Foundation
@testable import Kinematics
@testable import MotionFormats
@testable import Support
import Testing

@Suite struct DeepMimicTests {
  /// A row that stands still: duration, place, and a rotation for each body.
  static func row(
    _ duration: Double = 0.04, x: Double = 0, root: [Double] = [1, 0, 0, 0], knee: Double = 0,
    shoulder: [Double] = [1, 0, 0, 0], elbow: Double = 0
  ) -> [Double] {
    let none: [Double] = [1, 0, 0, 0]
    let side = none + [knee] + none + shoulder + [elbow]
    return [duration, x, 0.85, 0.1] + root + none + none + side + side
  }

  static func text(_ rows: [[Double]], loop: String = "wrap") -> String {
    let lines = rows.map { "[" + $0.map(\.description).joined(separator: ", ") + "]" }
    return "{\n\"Loop\": \"\(loop)\",\n\"Frames\":\n[\n\(lines.joined(separator: ",\n"))\n]\n}\n"
  }

  static func read(_ text: String, cycles: Int = 1) throws -> Clip {
    try DeepMimic.read(bytes: Array(text.utf8), file: "m.txt", name: "humanoid3d_walk", cycles: cycles)
  }

  static func joint(_ name: String) throws -> Int { try #require(DeepMimic.skeleton.index(of: name)) }

  @Test("The figure faces forward with its arms down") func theFigureFacesForwardWithItsArmsDown() throws {
    let clip = try Self.read(Self.text([Self.row(x: 1), Self.row(0, x: 2)]))
    #expect(clip.provenance.action == "walk" && clip.motion.count == 2 && abs(clip.motion.frameTime - 0.04) < 1e-12)
    let positions = clip.motion.jointPositions
    // On along +X, right at +Z, becomes on along +Z, right at -X.
    #expect((positions[0][0] - SIMD3(-0.1, 0.85, 1)).length < 1e-12)
    #expect((positions[1][0] - positions[0][0] - SIMD3(0, 0, 1)).length < 1e-12)
    for side in ["Left", "Right"] {
      let shoulder = positions[0][try Self.joint(side + "Arm")]
      let hand = positions[0][try Self.joint(side + "Hand")]
      #expect((hand - shoulder - SIMD3(0, -0.274788 - 0.258947, 0)).length < 1e-12)
      #expect((shoulder.x - positions[0][0].x > 0) == (side == "Left"))
    }
    let rest = DeepMimic.skeleton.frames(of: Pose(resting: DeepMimic.skeleton)).positions
    let level = rest[try Self.joint("LeftArm")].y
    let hand = rest[try Self.joint("LeftHand")]
    #expect(hand.y == level && hand.x > 0.7)
  }

  @Test("Knees bend back and elbows forward") func kneesBendBackAndElbowsForward() throws {
    let clip = try Self.read(Self.text([Self.row(knee: -1, elbow: 1)]))
    let frames = clip.motion.jointFrames[0]
    for side in ["Left", "Right"] {
      let shank = frames.positions[try Self.joint(side + "Foot")] - frames.positions[try Self.joint(side + "Leg")]
      #expect((shank - 0.409870 * SIMD3(0, -cos(1.0), -sin(1.0))).length < 1e-9)
      let forearm = frames.positions[try Self.joint(side + "Hand")] - frames.positions[try Self.joint(side + "ForeArm")]
      #expect((forearm - 0.258947 * SIMD3(0, -cos(1.0), sin(1.0))).length < 1e-9)
    }
  }

  @Test("Shoulders turn in their parent") func shouldersTurnInTheirParent() throws {
    // A quarter turn about the files' X, forward, swings an arm that hangs down sideways to +Z, the right.
    let half = 0.5.squareRoot()
    let clip = try Self.read(Self.text([Self.row(shoulder: [half, -half, 0, 0])]))
    let positions = clip.motion.jointPositions[0]
    let arm = positions[try Self.joint("RightForeArm")] - positions[try Self.joint("RightArm")]
    #expect((arm - SIMD3(-0.274788, 0, 0)).length < 1e-9)
    #expect(clip.motion.poses[0].rotations[try Self.joint("RightArm")].angle < 1e-7)
  }

  @Test("Unequal durations are resampled") func unequalDurationsAreResampled() throws {
    let rows = [Self.row(0.04, x: 0), Self.row(0.08, x: 1), Self.row(0.04, x: 3), Self.row(0, x: 4)]
    let motion = try Self.read(Self.text(rows)).motion
    #expect(motion.count == 5 && abs(motion.frameTime - 0.04) < 1e-12)
    for (frame, pose) in motion.poses.enumerated() { #expect(abs(pose.rootPosition.z - Double(frame)) < 1e-9) }
  }

  @Test("Loops go on where they ended") func loopsGoOnWhereTheyEnded() throws {
    // Half a metre on and a quarter turn to the left in each cycle of two frames.
    let half = 0.5.squareRoot()
    let rows = [Self.row(x: 0), Self.row(0, x: 0.5, root: [half, 0, half, 0])]
    let clip = try Self.read(Self.text(rows), cycles: 4)
    #expect(clip.motion.count == 5)
    let places = clip.motion.poses.map(\.rootPosition)
    #expect((places[4] - places[0]).length < 1e-9)
    #expect(abs((places[2] - places[1]).length - 0.5) < 1e-9)
    #expect(clip.motion.poses[4].rotations[0].angle(to: clip.motion.poses[0].rotations[0]) < 1e-7)
    #expect(throws: SurefootError.self) { try Self.read(Self.text(rows, loop: "none"), cycles: 2) }
    #expect(throws: SurefootError.self) { try Self.read(Self.text(rows), cycles: 0) }
  }

  @Test("Unknown keys are passed") func unknownKeysArePassed() throws {
    let plain = Self.text([Self.row(), Self.row(0)])
    let more = plain.replacingOccurrences(
      of: "\"Frames\"", with: "\"Right\": [3, {\"a\\\"b\": [[]]}, null], \"n\": -1.5e3,\n\"Frames\"")
    let (one, other) = (try Self.read(plain), try Self.read(more))
    #expect(one == other)
  }

  @Test(
    "Refusals",
    arguments: [
      ("{\n\"Loop\"", "\"Loop\"", "m.txt:1:1: expected '{', found '\"'"),
      ("\"Frames\":", "\"Rows\":", "m.txt:8:2: no \"Frames\""),
      ("\"Loop\": ", "\"Loop\" ", "m.txt:2:8: expected ':', found '\"'"),
      ("\"wrap\"", "\"wrap", "m.txt:2:9: a string without its closing quote"),
      ("[0.04, 0.0, ", "[0.04, ", "m.txt:5:1: frame 1 has 43 numbers, a humanoid's has 44"),
      ("[0.04, 0.0, ", "[0.04, 0.0, 7, ", "has more than 44 numbers"),
      ("[0.04, 0.0, ", "[0.04, true, ", "m.txt:5:8: number 2 of frame 1 is not a number ('true')"),
      ("[0.04, 0.0, ", "[0.04, NaN, ", "m.txt:5:8: number 2 of frame 1 is not a finite number ('NaN')"),
      ("[0.04, 0.0, ", "[-0.04, 0.0, ", "m.txt:5:1: frame 1 lasts -0.04 s"),
      ("[0.04, 0.0, ", "[1e300, 0.0, ", "m.txt:5:1: frame 1 lasts 1e+300 s"),
      ("0.85, 0.1, 1.0, ", "0.85, 0.1, 0.0, ", "m.txt:5:1: frame 1: numbers 5 to 8 are no rotation"),
      ("]\n}\n", "", "m.txt:7:1: expected ']', found the end of the file"),
      ("]\n}\n", "]\n", "m.txt:8:1: expected '}', found the end of the file"),
      ("]\n}\n", "]\n}\n}", "m.txt:9:1: text after the end of the object"),
    ]) func refusals(from: String, to: String, expected: String)
  {
    let plain = Self.text([Self.row(), Self.row(0)])
    let text = plain.replacingOccurrences(of: from, with: to)
    #expect(text != plain)
    let error = #expect(throws: SurefootError.self) { try Self.read(text) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "none") expected \(expected)")
  }

  @Test("No frames are refused") func noFramesAreRefused() {
    let error = #expect(throws: SurefootError.self) { try Self.read("{\"Frames\": []}") }
    #expect(error?.description.hasPrefix("m.txt:1:12: no frames") == true)
    #expect(throws: SurefootError.self) { try Self.read("") }
    #expect(throws: SurefootError.self) { try Self.read(Self.text([Self.row(0), Self.row(0)])) }
  }

  /// The published clips, if `SUREFOOT_DEEPMIMIC` names their folder.
  static let folder = ProcessInfo.processInfo.environment["SUREFOOT_DEEPMIMIC"].map { URL(fileURLWithPath: $0) }

  @Test("Published clips stand on their feet", .enabled(if: folder != nil)) func publishedClipsStandOnTheirFeet() throws
  {
    let folder = try #require(Self.folder)
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    let clips = try files.filter { $0.lastPathComponent.hasPrefix("humanoid3d_") }.map {
      try DeepMimic.read(contentsOf: $0)
    }
    #expect(clips.count >= 15)
    for clip in clips where ["walk", "run", "jump", "kick"].contains(clip.provenance.action) {
      let feet = try [Self.joint("LeftFoot"), Self.joint("RightFoot")]
      let lows = clip.motion.jointPositions.map { positions in feet.map { positions[$0].y }.min() ?? 0 }.sorted()
      // Ankles stand 5 cm above the sole.
      #expect((0.0...0.12).contains(lows[lows.count / 2]), "\(clip.name) \(lows[lows.count / 2])")
    }
    let walk = try #require(clips.first { $0.provenance.action == "walk" }).motion
    let travel = walk.poses[walk.count - 1].rootPosition - walk.poses[0].rootPosition
    #expect(travel.z > 1 && abs(travel.x) < 0.1)
    #expect(walk.poses.allSatisfy { $0.rotations[0].act(.unitZ).z > 0.8 })
  }
}
