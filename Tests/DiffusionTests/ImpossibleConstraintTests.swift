@testable import Diffusion
import Foundation
import Kinematics
import Support
import Testing

/// What no motion can do, and files that cannot be read, are refused with the place and the reason.
@Suite struct ImpossibleConstraintTests {
  static func refusal(_ frames: Int = 24, _ change: (inout MotionConstraints) -> Void) -> SurefootError? {
    var constraints = MotionConstraints()
    change(&constraints)
    do {
      try constraints.validate(frames: frames, frameRate: 20, skeleton: .canonical)
    } catch { return error }
    return nil
  }

  static func point(_ frame: Int, _ joint: Int, _ x: Double, _ y: Double, _ z: Double, floor: Bool = false)
    -> MotionConstraints.Point
  {
    .init(frame: frame, joint: joint, position: SIMD3(x, y, z), isOnFloor: floor)
  }

  static let faults: [(String, [MotionConstraints.Point])] = [
    ("outside the motion", [point(24, 0, 0, 1, 0)]),
    ("outside the motion", [point(-1, 0, 0, 1, 0)]),
    ("joint 22 is asked for", [point(3, 22, 0, 1, 0)]),
    ("is not finite", [point(3, 0, .nan, 1, 0)]),
    ("at the height -0.5 m", [point(3, 20, 0, -0.5, 0)]),
    ("at the height 150 m", [point(3, 20, 0, 150, 0)]),
    ("the LeftHand has two places at 0.15 s", [point(3, 20, 0, 1, 0), point(3, 20, 0.1, 1, 0)]),
    ("their bones reach", [point(3, 20, 0, 1, 0), point(3, 21, 2, 1, 0)]),
    ("their bone has", [point(3, 18, 0, 1, 0), point(3, 20, 0.1, 1, 0)]),
    ("no person can get", [point(0, 0, 0, 0, 0, floor: true), point(10, 0, 9, 0, 0, floor: true)]),
    ("no person can get", [point(0, 20, 0, 1, 0), point(10, 7, 12, 0.1, 0)]),
  ]

  @Test("Constraints that no motion can meet are refused", arguments: faults)
  func impossible(_ message: String, _ points: [MotionConstraints.Point]) {
    let error = Self.refusal { $0.points = points }
    #expect(error?.code == .constraint && error?.message.contains(message) == true, "\(String(describing: error))")
  }

  @Test("A keyframe that contradicts the given clip is refused") func contradictsClip() {
    let given = Synthetic.motion(seed: 1, frames: 6)
    let held = given.jointPositions[3][20]
    let error = Self.refusal {
      $0.hold(given, from: 0)
      $0.points = [Self.point(3, 20, held.x, held.y + 0.1, held.z)]
    }
    #expect(error?.message.contains("from where the given clip has it") == true)
    #expect(
      Self.refusal {
        $0.hold(given, from: 0)
        $0.points = [Self.point(3, 20, held.x, held.y, held.z)]
      } == nil)
  }

  @Test("Two clips too far apart for the time between are refused") func clipsTooFarApart() {
    let given = Synthetic.motion(seed: 1, frames: 4)
    let error = Self.refusal {
      $0.hold(given, from: 0)
      $0.hold(given.placed(displacement: SIMD3(30, 0, 0)), from: 20)
    }
    #expect(error?.message.contains("no person can get") == true)
  }

  @Test("Too many places in a window are refused") func tooMany() async throws {
    var constraints = MotionConstraints()
    constraints.points = (0..<301).map { Self.point($0 % 24, 0, 0, 0.9, 0) }
    let sampler = try ConstraintTests.sampler(.encoder)
    await #expect {
      try await sampler.sample([ConstraintTests.prompt], constraints: [constraints], seed: 1)
    } throws: { ($0 as? SurefootError)?.code == .constraint }
  }

  static let files: [(String, String)] = [
    ("", "t.csv: holds no table"),
    ("seconds,joint,x,y\n0,Hips,0,1", "t.csv:1: lacks the column z"),
    ("seconds,joint,x,y,w\n", "t.csv:1:19: there is no column 'w'"),
    ("seconds,joint,x,y,z\n", "t.csv: has no rows"),
    ("seconds,joint,x,y,z\n0,Hips,0,1", "t.csv:2: has 4 values, the header 5"),
    (
      "# places\nseconds,joint,x,y,z\n\n0,LeftHnd,0,1,0",
      "t.csv:4:3: there is no joint 'LeftHnd'; did you mean LeftHand?"
    ),
    ("seconds,joint,x,y,z\n0,Hips,left,1,0", "t.csv:2:8: 'left' is no usable number"),
    ("seconds,joint,x,y,z\n0,Hips,,1,0", "t.csv:2: has no value for x"),
    ("seconds,joint,x,y,z\n -1,Hips,0,1,0", "t.csv:2:2: -1.0 s lies outside the motion"),
    ("seconds,joint,x,y,z\n1e300,Hips,0,1,0", "t.csv:2:1: '1e300' is no usable number"),
  ]

  @Test("Faults of a table of keyframes name their place", arguments: files)
  func keyframeFaults(_ text: String, _ message: String) {
    #expect {
      try MotionConstraints.Point.keyframes(csv: text, file: "t.csv", frameRate: 20, skeleton: .canonical)
    } throws: { "\($0)".hasPrefix(message) }
  }

  @Test("Keyframes are read") func keyframes() throws {
    let points = try MotionConstraints.Point.keyframes(
      csv: "Seconds, joint, x, y, z\r\n0.26, lefthand, 0.5, 1.25, -1\r\n1, Hips, 1, , 2\r\n", file: "t.csv",
      frameRate: 20,
      skeleton: .canonical)
    #expect(points == [Self.point(5, 20, 0.5, 1.25, -1), Self.point(20, 0, 1, 0, 2, floor: true)])
  }

  @Test("A path is followed by its times, or evenly without") func path() throws {
    let timed = try MotionConstraints.Point.path(
      csv: "seconds,x,z\n0.5,0,0\n1,1,0\n2,3,0\n", file: "p.csv", frameRate: 20, frames: 60)
    #expect(timed.first?.frame == 10 && timed.last?.frame == 40 && timed.allSatisfy { $0.isOnFloor && $0.joint == 0 })
    #expect(abs((timed.last?.position.x ?? 0) - 3) < 1e-9)
    let even = try MotionConstraints.Point.path(csv: "x,z\n0,0\n0,2\n0,6\n", file: "p.csv", frameRate: 20, frames: 61)
    #expect(even.first?.frame == 0 && even.last?.frame == 60)
    for point in even { #expect(abs(point.position.z - 6 * Double(point.frame) / 60) < 1e-9) }
    for (text, message) in [
      ("x,z\n0,0", "p.csv: is one point"), ("x,z\n1,1\n1,1", "p.csv: is one point"),
      ("seconds,x,z\n1,0,0\n1,1,0", "p.csv:3: is at 1.0 s, not after"),
      ("seconds,z\n0,0", "p.csv:1: lacks the column x"),
    ] {
      #expect {
        try MotionConstraints.Point.path(csv: text, file: "p.csv", frameRate: 20, frames: 60)
      } throws: { "\($0)".hasPrefix(message) }
    }
  }
}
