import Diffusion
import Foundation
import Kinematics
import Testing

@Suite struct SampleCommandTests {
  @Test("A model's actions are listed, and an unknown one is refused with the list and the nearest")
  func actions() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "model-\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    let poses = (0..<80).map { Pose(resting: .canonical, rootPosition: SIMD3(0, 0.95, 0.01 * Double($0))) }
    let motion = Motion(skeleton: .canonical, frameTime: 0.05, poses: poses)
    let windows = ["walk", "jump"].map { TrainingWindow(motion: motion, action: $0) }
    try MotionModel(configuration: .tiny, fitting: windows, seed: 1).save(to: file)
    let list = try ConvertCommandTests.surefoot(["sample", file.path, "--list-actions"])
    #expect(list.status == 0 && list.output == "jump\nwalk\n", "\(list.errors)")
    let refused = try ConvertCommandTests.surefoot(["sample", file.path, "-o", "x", "--action", "wlak"])
    #expect(refused.status == 1 && refused.errors.contains("did you mean walk? it knows jump, walk"))
    #expect(try ConvertCommandTests.surefoot(["sample", file.path]).status == 64)
    #expect(try ConvertCommandTests.surefoot(["sample", file.path, "--list-actions", "-o", "x"]).status == 64)
  }
}
