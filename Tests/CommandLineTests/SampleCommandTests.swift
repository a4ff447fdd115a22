import Diffusion
import Foundation
import Kinematics
import Support
import Tensors
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

  @Test("A text needs words, a model that takes it, and the encoder unless it was learnt")
  func texts() throws {
    let folder = try TemporaryFolder("texts")
    defer { folder.remove() }
    let poses = (0..<40).map { Pose(resting: .canonical, rootPosition: SIMD3(0, 0.95, 0.01 * Double($0))) }
    let motion = Motion(skeleton: .canonical, frameTime: 0.05, poses: poses)
    let caption = Caption(text: "a person walks", embedding: [1] + [Float](repeating: 0, count: 383))
    let windows = [TrainingWindow(motion: motion, action: "walk", captions: [caption])]
    var configuration = ModelConfiguration.tiny
    let (plain, worded) = (folder.url.appending(path: "p.safetensors"), folder.url.appending(path: "w.safetensors"))
    try MotionModel(configuration: configuration, fitting: windows, seed: 1).save(to: plain)
    configuration.textWidth = 384
    try MotionModel(configuration: configuration, fitting: windows, seed: 1).save(to: worded, as: .bfloat16)
    let out = folder.url.appending(path: "out").path
    func sample(_ model: URL, _ texts: [String], _ more: [String] = []) throws -> (Int32, String) {
      let result = try ConvertCommandTests.surefoot(
        ["sample", model.path, "-o", out, "--count", "1", "--steps", "2", "--seconds", "1"]
          + texts.flatMap { ["--text", $0] } + more)
      return (result.status, result.output + result.errors)
    }
    let learnt = try sample(worded, ["A person walks."], ["--action", "walk"])
    #expect(learnt.0 == 0 && learnt.1.contains("a_person_walks-0000.bvh"), "\(learnt)")
    let unknown = try sample(worded, ["someone flies"], ["--text-encoder", folder.url.path + "/none"])
    #expect(unknown.0 == 1 && unknown.1.contains("surefoot data fetch text-encoder"), "\(unknown)")
    let without = try sample(plain, ["a person walks"])
    #expect(without.0 == 1 && without.1.contains("trained without texts; ask for an action with --action (walk)"))
    #expect(try sample(worded, [" \t"]).0 == 64)
    #expect(try sample(worded, [String(repeating: "walk ", count: 20_001)]).0 == 64)
    #expect(try sample(worded, ["a b"], ["--like", "x"]).0 == 64)
  }
}
