import Foundation
import Kinematics
import MotionFormats
import Support
import Testing

@Suite struct MeasureCommandTests {
  @Test("Clips of any format are measured, and one that cannot be read does not stop the others")
  func measures() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let skeleton = Skeleton.canonical
    // 2 cm a frame along the floor with feet that never step.
    let poses = (0..<25).map { Pose(resting: skeleton, rootPosition: SIMD3(0, 0.95, 0.02 * Double($0))) }
    let clip = Clip(
      name: "slide", motion: Motion(skeleton: skeleton, frameTime: 0.05, poses: poses),
      provenance: Provenance(source: "test"))
    try BVH.write(clip, to: folder.appending(path: "slide.bvh"))
    try MotionFile.write(clip, to: folder.appending(path: "slide.glb"))
    try AtomicFile.write("HIERARCHY\n", to: folder.appending(path: "bad.bvh"))
    let run = try ConvertCommandTests.surefoot(["measure", folder.path, "--json"])
    #expect(run.status == 1 && run.errors.contains("bad.bvh:2:1"))
    let all = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]])
    #expect(all.count == 3 && all[0]["figures"] == nil)
    for entry in all.dropFirst() {
      let figures = try #require(entry["figures"] as? [String: Any])
      let parts = ["penetrate", "float", "skate"].compactMap { figures[$0] as? Double }
      #expect(abs(parts.reduce(0, +) - (try #require(entry["physErr"] as? Double))) < 1e-9)
      #expect(entry["frames"] as? Int == 25)
    }
    let table = try ConvertCommandTests.surefoot(["measure", folder.path + "/slide.bvh", "-q"])
    #expect(table.status == 0 && table.errors.isEmpty)
    #expect(table.output.contains("Phys-Err") && table.output.contains("slide.bvh"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 3)
  }
}
