import Foundation
import Mocap
import Testing

@Suite struct CorrectCommandTests {
  /// A standing figure that slides 0.4 m/s, in centimetres at 20 frames a second, as a file.
  private static func withClip(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let skeleton = Skeleton.canonical
    let poses = (0..<25).map { Pose(resting: skeleton, rootPosition: SIMD3(0, 0.95, 0.02 * Double($0))) }
    let clip = Clip(
      name: "slide", motion: Motion(skeleton: skeleton, frameTime: 1.0 / 20, poses: poses),
      provenance: Provenance(source: "test"))
    try BVH.write(clip, to: folder.appending(path: "in/slide.bvh"))
    try body(folder)
  }

  @Test(arguments: ["kinematic", "tracking"]) func correctsAFile(name: String) throws {
    try Self.withClip { folder in
      let (input, out) = (folder.appending(path: "in/slide.bvh"), folder.appending(path: "out"))
      let run = try ConvertCommandTests.surefoot([
        "correct", input.path, "-o", out.path, "--corrector", name, "--quiet",
      ])
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
      #expect(run.output.contains("Phys-Err mm"))
      let (before, after) = (
        try BVH.read(contentsOf: input), try BVH.read(contentsOf: out.appending(path: "slide.bvh"))
      )
      #expect(after.motion.count == 25 && abs(after.motion.frameRate - 20) < 1e-6)
      #expect(after.motion.skeleton == before.motion.skeleton)
      #expect(after.motion != before.motion)
      let sidecar = try String(contentsOf: out.appending(path: "slide.json"), encoding: .utf8)
      #expect(sidecar.contains("\"verdict\" : \"corrected\""))
    }
  }

  @Test func aBrokenFileDoesNotStopTheOthers() throws {
    try Self.withClip { folder in
      let out = folder.appending(path: "out")
      try AtomicFile.write("HIERARCHY\n", to: folder.appending(path: "in/bad.bvh"))
      let run = try ConvertCommandTests.surefoot([
        "correct", folder.appending(path: "in/bad.bvh").path, folder.appending(path: "in/slide.bvh").path, "-o",
        out.path,
        "--corrector", "kinematic", "--json",
      ])
      #expect(run.status == 1)
      #expect(run.errors.contains("bad.bvh:2:1"))
      #expect(run.output.contains("\"verdict\" : \"corrected\""))
      #expect(FileManager.default.fileExists(atPath: out.appending(path: "slide.bvh").path))
    }
  }

  /// A rig whose names say nothing and that lies on its side at rest, so that its shape says nothing either.
  @Test func aJointMapTellsWhatNamesAndShapeDoNot() throws {
    try Self.withClip { folder in
      let lying = Quaternion(angle: -.pi / 2, axis: .unitZ)
      let skeleton = Skeleton(
        joints: Skeleton.canonical.joints.enumerated().map { index, joint in
          var joint = joint
          joint.name = "j\(index)"
          joint.offset = lying.act(joint.offset)
          joint.endSite = joint.endSite.map(lying.act)
          return joint
        })
      let poses = (0..<20).map { i in
        var pose = Pose(resting: skeleton, rootPosition: SIMD3(0, 0.95, 0.02 * Double(i)))
        pose.rotations[0] = lying.inverse
        return pose
      }
      let (input, map, out) = (
        folder.appending(path: "in/rig.bvh"), folder.appending(path: "rig.yaml"), folder.appending(path: "out")
      )
      let clip = Clip(
        name: "rig", motion: Motion(skeleton: skeleton, frameTime: 0.05, poses: poses),
        provenance: Provenance(source: "test"))
      try BVH.write(clip, to: input)
      let plain = ["correct", input.path, "-o", out.path, "--corrector", "kinematic", "--input-units", "cm", "-q"]
      let refused = try ConvertCommandTests.surefoot(plain)
      #expect(refused.status == 1)
      #expect(refused.errors.contains("missing: pelvis, leftHip") && refused.errors.contains("--skeleton FILE.yaml"))
      let joints = CanonicalJoint.allCases.map { "  \($0): j\($0.rawValue)" }.joined(separator: "\n")
      try AtomicFile.write("name: rig\njoints:\n\(joints)\n", to: map)
      let told = try ConvertCommandTests.surefoot(plain + ["--skeleton", map.path])
      #expect(told.status == 0, "\(told.errors)")
      #expect(try BVH.read(contentsOf: out.appending(path: "rig.bvh")).motion.count == 20)
      // Another map may make another correction: what the first one did is not kept.
      #expect(try ConvertCommandTests.surefoot(plain + ["--skeleton", map.path]).output.contains("already"))
      try AtomicFile.write("name: rig\ndescription: 'changed'\njoints:\n\(joints)\n", to: map)
      #expect(try !ConvertCommandTests.surefoot(plain + ["--skeleton", map.path]).output.contains("already"))
      let broken = try ConvertCommandTests.surefoot(plain + ["--skeleton", folder.appending(path: "no.yaml").path])
      #expect(broken.status != 0 && broken.errors.contains("no.yaml"))
    }
  }

  @Test func anUnknownCorrectorIsAUsageError() throws {
    let run = try ConvertCommandTests.surefoot(["correct", "a.bvh", "-o", "x", "--corrector", "magic"])
    #expect(run.status == 64)
    #expect(run.errors.contains("kinematic, tracking"))
  }
}
