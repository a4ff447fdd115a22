import Kinematics
import MotionFormats
import Support
import Testing

@Suite struct SceneFileTests {
  private static let text = """
    boxes:
      - centre: [0, 0.2, 1]
        size: [0.6, 0.4, 0.5]
        turn: [0, 90, 0]
    slopes:
      - from: [0, 0, 2]
        to: [0, 1, 6]
        width: 1.2
    steps:
      - from: [2, 0, 0]
        towards: [1, 0, 0]
        count: 3
        rise: 0.17
        run: 0.28
        width: 1
    """

  @Test("Boxes, slopes and steps are where the file has them")
  func surfaces() throws {
    let ground = try SceneFile.read(text: Self.text, file: "s.yaml").ground(up: .y)
    #expect(ground.boxes.count == 5)
    #expect(abs(ground.height(at: SIMD3(0.24, 1, 1.29)) - 0.4) < 1e-9)
    #expect(ground.height(at: SIMD3(0.29, 1, 1)) == 0)
    #expect(abs(ground.height(at: SIMD3(0.3, 2, 4)) - 0.5) < 1e-9)
    #expect(abs(ground.height(at: SIMD3(2.7, 2, 0.4)) - 0.51) < 1e-9)
  }

  @Test("A scene of a file with Z up is turned with it")
  func zUp() throws {
    let text = "boxes:\n  - centre: [1, 2, 0.2]\n    size: [0.2, 0.6, 0.4]\n"
    let ground = try SceneFile.read(text: text, file: "s.yaml").ground(up: .z)
    #expect(abs(ground.height(at: SIMD3(1, 1, -2.25)) - 0.4) < 1e-9)
    #expect(ground.height(at: SIMD3(1.15, 1, -2)) == 0)
  }

  @Test("The text of a scene reads as the same surfaces")
  func roundTrip() throws {
    let scene = try SceneFile.read(text: Self.text, file: "s.yaml")
    let back = try SceneFile.read(text: scene.text(comment: ["a comment"]), file: "s.yaml")
    #expect(back.entries.map(\.surface) == scene.entries.map(\.surface))
  }

  @Test(
    "What is wrong is said with its place",
    arguments: [
      ("chairs:\n  - centre: [0, 0, 0]\n", 1, 1, "'chairs' is no key"),
      ("boxes:\n  - centre: [0, 0, 0]\n    size: [1, 0, 1]\n", 3, 15, "size takes numbers above 0"),
      ("boxes:\n  - centre: [0, 0]\n    size: [1, 1, 1]\n", 2, 13, "centre takes three numbers"),
      ("boxes:\n  - size: [1, 1, 1]\n", 2, 5, "centre is missing"),
      ("boxes:\n  - centre: [0, 0, .nan]\n    size: [1, 1, 1]\n", 2, 20, "centre takes numbers"),
      ("slopes:\n  - from: [0, 0, 0]\n    to: [0, 0, 0]\n    width: 1\n", 2, 5, "one point"),
      (
        "steps:\n  - from: [0, 0, 0]\n    towards: [0, 0, 1]\n    count: 2.5\n    rise: 1\n    run: 1\n    width: 1\n",
        4, 12, "whole number"
      ),
      ("boxes: 3\n", 1, 8, "is a list"), ("boxes:\n  - centre: [0, 0\n", 3, 1, "no YAML"),
    ])
  func faults(text: String, line: Int, column: Int, message: String) throws {
    let error = #expect(throws: SurefootError.self) { try SceneFile.read(text: text, file: "s.yaml") }
    #expect(error?.message.contains(message) == true, "\(String(describing: error))")
    #expect(error?.line == line)
    #expect(error?.column == column)
  }

  @Test("A surface that swallows the body is refused at its line")
  func swallowed() throws {
    let pose = Pose(resting: .canonical)
    let motion = Motion(skeleton: .canonical, frameTime: 0.1, poses: [pose, pose])
    let text = "boxes:\n  - centre: [0, 1, 0]\n    size: [3, 3, 3]\n"
    let scene = try SceneFile.read(text: text, file: "s.yaml")
    let error = #expect(throws: SurefootError.self) { try scene.check(for: motion, up: .y) }
    #expect(error?.line == 2)
    #expect(error?.description.contains("swallows the body") == true)
  }
}
