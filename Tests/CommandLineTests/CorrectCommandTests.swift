import Foundation
import Kinematics
import MotionFormats
import Support
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

  @Test("Corrects a file", arguments: ["kinematic", "tracking"]) func correctsAFile(name: String) throws {
    try Self.withClip { folder in
      let (input, out) = (folder.appending(path: "in/slide.bvh"), folder.appending(path: "out"))
      let run = try ConvertCommandTests.surefoot([
        "correct", input.path, "-o", out.path, "--corrector", name, "--quiet",
      ])
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
      // Quiet: the closing sentence without the table.
      #expect(run.output == "1 file: 1 corrected\n")
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

  @Test("The written form is asked for") func theWrittenFormIsAskedFor() throws {
    try Self.withClip { folder in
      let (input, out) = (folder.appending(path: "in/slide.bvh").path, folder.appending(path: "out"))
      let arguments = ["correct", input, "--corrector", "kinematic", "-q"]
      func run(_ more: [String]) throws -> String {
        let run = try ConvertCommandTests.surefoot(arguments + more)
        #expect(run.status == 0, "\(more): \(run.errors)")
        return run.output
      }
      let plain = folder.appending(path: "plain.bvh")
      _ = try run(["-o", plain.path])
      let reference = try BVH.read(contentsOf: plain).motion
      let form = ["-o", out.path, "--units", "m", "--up", "z", "--fps", "10"]
      #expect(try !run(form).contains("already"))
      let clip = try BVH.reading(contentsOf: out.appending(path: "slide.bvh"), metresPerUnit: 1, up: .z).clip
      #expect(clip.motion.count == 13 && abs(clip.motion.frameRate - 10) < 1e-6)
      #expect((clip.motion.poses[12].rootPosition - reference.poses[24].rootPosition).length < 0.02)
      let record = try String(contentsOf: out.appending(path: "slide.json"), encoding: .utf8)
      #expect(record.contains("before it was put on the written skeleton and frame rate"))
      // A form is part of what a resumed batch compares.
      #expect(try run(form).contains("1 of them already"))
      #expect(try !run(["-o", out.path, "--units", "cm", "--up", "z", "--fps", "10"]).contains("already"))
      #expect(try !run(["-o", out.path]).contains("already"))
      #expect(try Data(contentsOf: out.appending(path: "slide.bvh")) == Data(contentsOf: plain))
      // A changed skeleton file is another skeleton.
      let character = folder.appending(path: "character.bvh")
      for size in [0.8, 0.6] {
        let joints = Skeleton.canonical.joints.map { joint in
          Joint(
            name: joint.name, parent: joint.parent, offset: joint.offset * size, channels: joint.channels,
            endSite: joint.endSite.map { $0 * size })
        }
        let motion = Motion(
          skeleton: Skeleton(joints: joints), frameTime: 1, poses: [Pose(resting: Skeleton(joints: joints))])
        try BVH.write(Clip(name: "c", motion: motion, provenance: Provenance(source: "made")), to: character)
        let wanted = ["-o", out.path, "--skeleton", character.path]
        #expect(try !run(wanted).contains("already"))
        #expect(try run(wanted).contains("1 of them already"))
        let leg = try BVH.read(contentsOf: out.appending(path: "slide.bvh")).motion.skeleton
        let knee = try #require(leg.index(of: CanonicalJoint.leftKnee.fileName))
        let own = Skeleton.canonical.joints[CanonicalJoint.leftKnee.rawValue].offset
        #expect((leg.joints[knee].offset - own * size).length < 1e-4)
      }
    }
  }

  @Test("A GLB or an archive is read, corrected and written as it came, with its stature")
  func ownFormat() throws {
    try Self.withClip { folder in
      let clip = try BVH.read(contentsOf: folder.appending(path: "in/slide.bvh"))
      for ending in ["glb", "npz"] {
        let input = folder.appending(path: "other/slide.\(ending)")
        try MotionFile.write(clip, to: input)
        let out = folder.appending(path: "out-\(ending)")
        // A folder without BVH files means all its motions.
        let run = try ConvertCommandTests.surefoot([
          "correct", ending == "glb" ? input.path : input.deletingLastPathComponent().path, "-o", out.path,
          "--corrector", "kinematic", "--json",
        ])
        #expect(run.status == 0 && run.output.contains("\"stature\" : 1.7"), "\(run.errors)")
        let motion = try MotionFile.reading(contentsOf: out.appending(path: "slide.\(ending)")).clip.motion
        #expect(motion.count == clip.motion.count && motion.skeleton.names == clip.motion.skeleton.names)
        try FileManager.default.removeItem(at: input)
      }
      // Two motions of one name have one report.
      try MotionFile.write(clip, to: folder.appending(path: "in/slide.glb"))
      let both = try ConvertCommandTests.surefoot([
        "correct", folder.path + "/in/slide.bvh", folder.path + "/in/slide.glb", "-o", folder.path + "/both",
      ])
      #expect(both.status == 64 && both.errors.contains("slide.glb"))
    }
  }

  @Test("The format is that of the name or asked for") func theFormatIsThatOfTheNameOrAskedFor() throws {
    try Self.withClip { folder in
      let arguments = ["correct", folder.appending(path: "in/slide.bvh").path, "--corrector", "kinematic", "-q"]
      for (more, file) in [
        (["-o", folder.path + "/one.glb"], "one.glb"),
        (["-o", folder.path + "/all", "--format", "npz"], "all/slide.npz"),
        (["-o", folder.path + "/all", "--format", "amc"], "all/slide.amc"),
      ] {
        let run = try ConvertCommandTests.surefoot(arguments + more)
        #expect(run.status == 0, "\(run.errors)")
        let clip = try MotionFile.reading(contentsOf: folder.appending(path: file)).clip
        #expect(clip.motion.count == 25)
        #expect(try ConvertCommandTests.surefoot(arguments + more).output.contains("1 of them already"))
      }
      // Rows without their skeleton are not kept.
      try FileManager.default.removeItem(at: folder.appending(path: "all/slide.asf"))
      let again = try ConvertCommandTests.surefoot(arguments + ["-o", folder.path + "/all", "--format", "amc"])
      #expect(again.status == 0 && !again.output.contains("already"))
      for wrong in [
        ["-o", "-", "--format", "glb"], ["-o", "x.bvh", "--format", "glb"], ["-o", "x.json"], ["-o", "x.fbx"],
        ["-o", "x.mvnx"],
        ["-o", "x.glb", "--units", "cm"], ["-o", "x", "--fps", "0"], ["-o", "x", "--skeleton", "y.fbx"],
      ] {
        #expect(try ConvertCommandTests.surefoot(arguments + wrong).status == 64, "\(wrong)")
      }
    }
  }

  @Test("A broken file does not stop the others") func aBrokenFileDoesNotStopTheOthers() throws {
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
  @Test("A joint map tells what names and shape do not") func aJointMapTellsWhatNamesAndShapeDoNot() throws {
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

  @Test("An unknown corrector is a usage error") func anUnknownCorrectorIsAUsageError() throws {
    let run = try ConvertCommandTests.surefoot(["correct", "a.bvh", "-o", "x", "--corrector", "magic"])
    #expect(run.status == 64)
    #expect(run.errors.contains("kinematic, tracking"))
  }

  @Test("Forces are written beside, again only where they are missing, and a wrong place is refused")
  func forces() throws {
    try Self.withClip { folder in
      let (input, out) = (folder.appending(path: "in/slide.bvh").path, folder.appending(path: "out").path)
      let arguments = ["correct", input, "-o", out, "--corrector", "kinematic", "-q"]
      let file = folder.appending(path: "forces/slide.csv")
      let more = ["--forces", folder.appending(path: "forces").path]
      #expect(try ConvertCommandTests.surefoot(arguments).status == 0)
      // The clip is kept from before, but its forces are not there yet.
      #expect(try !ConvertCommandTests.surefoot(arguments + more).output.contains("already"))
      #expect(try ConvertCommandTests.surefoot(arguments + more).output.contains("already"))
      let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 26 && lines[0].hasPrefix("time,Fx,Fy,Fz,L_Fx,"))
      for wrong in [
        ["--forces", "x.txt"], ["--forces", "x.csv", "--forces-format", "mot"], ["--forces-format", "csv"],
        ["--forces", "x", "--forces-format", "xml"], ["--forces", "x.csv", input.replacing("slide", with: "other")],
      ] {
        #expect(try ConvertCommandTests.surefoot(arguments + wrong).status == 64, "\(wrong)")
      }
    }
  }
}
