import Foundation
@testable import Kinematics
@testable import MotionFormats
import Randomness
@testable import Support
import Testing

/// What other programs write that the formats' rules do not foresee: read rightly, or said.
@Suite struct ForeignHabitsTests {
  private static func text(_ motion: Motion) throws -> String {
    try BVH.text(of: FormatTests.clip(motion))
  }

  private static func read(_ text: String, root: Bool? = nil, rate: Double? = nil) throws -> ClipReading {
    try BVH.reading(bytes: Array(text.utf8), file: "f.bvh", name: "f", rootIsRelative: root, captureRate: rate)
  }

  /// A walk whose joints all have position channels.
  private static func sixChannels() -> Motion {
    let motion = FormatTests.walk(frames: 5)
    let joints = motion.skeleton.joints.map { joint in
      Joint(
        name: joint.name, parent: joint.parent, offset: joint.offset, channels: .root, endSite: joint.endSite)
    }
    return Motion(skeleton: Skeleton(joints: joints), frameTime: motion.frameTime, poses: motion.poses)
  }

  @Test("Positions of zero that contradict every OFFSET are no positions")
  func zeroPositions() throws {
    let motion = Self.sixChannels()
    let whole = try Self.text(motion)
    let parts = whole.components(separatedBy: "Frame Time: ")
    let lines = parts[1].split(separator: "\n")
    let rows = lines.dropFirst().map { line in
      line.split(separator: " ").enumerated().map { $0 >= 6 && $0 % 6 < 3 ? "0" : String($1) }.joined(separator: " ")
    }
    let zeroed = parts[0] + "Frame Time: " + ([String(lines[0])] + rows).joined(separator: "\n")
    let reading = try Self.read(zeroed)
    #expect(reading.warnings.contains { $0.contains("contradict") })
    let plain = try Self.read(whole)
    #expect(BVHRoundTripTests.largestDistance(reading.clip.motion, plain.clip.motion) < 1e-5)
  }

  @Test("Root positions relative to the OFFSET are found by where the feet are")
  func relativeRoot() throws {
    let motion = FormatTests.walk(frames: 5)
    let whole = try Self.text(motion)
    let parts = whole.components(separatedBy: "Frame Time: ")
    let lines = parts[1].split(separator: "\n")
    let rows = lines.dropFirst().map { line in
      let numbers = line.split(separator: " ").map(String.init)
      return ([numbers[0], String((Double(numbers[1]) ?? 0) - 93), numbers[2]] + numbers[3...]).joined(separator: " ")
    }
    var text = parts[0] + "Frame Time: " + ([String(lines[0])] + rows).joined(separator: "\n")
    text.replace("OFFSET 0.000000 0.000000 0.000000", with: "OFFSET 0.000000 93.000000 0.000000", maxReplacements: 1)
    let reading = try Self.read(text)
    #expect(reading.warnings.contains { $0.contains("relative") })
    #expect(BVHRoundTripTests.largestDistance(reading.clip.motion, try Self.read(whole).clip.motion) < 1e-5)
    let absolute = try Self.read(text, root: false).clip.motion
    #expect(abs(absolute.poses[0].rootPosition.y - reading.clip.motion.poses[0].rootPosition.y + 0.93) < 1e-6)
  }

  @Test(
    "An unlikely frame time gets a warning with the rate that was meant",
    arguments: [
      ("30", "30 frames"), ("33.333333", "30 frames"), ("8.333333", "120 frames"), ("1000", "right rate"),
      ("1e-9", "right rate"),
    ])
  func frameTimes(written: String, words: String) throws {
    let text = try Self.text(FormatTests.walk(frames: 3)).replacing(/Frame Time: .*/, with: "Frame Time: \(written)")
    let reading = try Self.read(text)
    if written != "1000" { #expect(reading.warnings.contains { $0.contains(words) }, "\(reading.warnings)") }
    #expect(!reading.warnings.isEmpty)
    #expect(try Self.read(text, rate: 30).clip.motion.frameRate == 30)
  }

  @Test("A channel twice in a row is refused, proper Euler angles are not")
  func channelsTwice() throws {
    let text = try Self.text(FormatTests.walk(frames: 2))
    let twice = text.replacing(
      "CHANNELS 3 Zrotation Yrotation Xrotation", with: "CHANNELS 3 Zrotation Zrotation Xrotation")
    #expect(throws: SurefootError.self) { try Self.read(twice) }
    let proper = text.replacing(
      "CHANNELS 3 Zrotation Yrotation Xrotation", with: "CHANNELS 3 Zrotation Yrotation Zrotation")
    #expect(try Self.read(proper).clip.motion.count == 2)
  }

  @Test("BVH and GLB keep names byte for byte; AMC transliterates them, and says so once")
  func names() throws {
    var joints = FormatTests.walk().skeleton.joints
    let names = ["センター", "左足", "Bip01 L Thigh", "mixamorig:Hips", "bras gauché"]
    for (index, name) in names.enumerated() { joints[index].name = name }
    let skeleton = Skeleton(joints: joints)
    let motion = Motion(skeleton: skeleton, frameTime: 0.05, poses: FormatTests.walk(frames: 3).poses)
    try FormatTests.withFolder { folder in
      for ending in ["bvh", "glb", "csv", "npz"] {
        let url = folder.appending(path: "a.\(ending)")
        #expect(try MotionFile.write(FormatTests.clip(motion), to: url).isEmpty)
        let again = Set(try MotionFile.reading(contentsOf: url).clip.motion.skeleton.names)
        #expect(again.isSuperset(of: names), "\(ending)")
      }
      let url = folder.appending(path: "a.amc")
      let notes = try MotionFile.write(FormatTests.clip(motion), to: url)
      #expect(notes.count { $0.contains("renamed") } == 1 && notes.count == 2)
      let again = try MotionFile.reading(contentsOf: url).clip.motion.skeleton
      #expect(again.index(of: "u5DE6u8DB3") != nil && again.index(of: "bras_gauche") != nil)
    }
  }

  @Test("A table of joints with one name can be read back")
  func csvNames() throws {
    var joints = FormatTests.walk().skeleton.joints
    joints[3].name = joints[2].name
    let motion = Motion(skeleton: Skeleton(joints: joints), frameTime: 0.05, poses: FormatTests.walk(frames: 3).poses)
    try FormatTests.withFolder { folder in
      let url = folder.appending(path: "a.csv")
      let notes = try CSV.write(FormatTests.clip(motion), to: url)
      let again = try CSV.read(contentsOf: url).motion.skeleton
      #expect(notes.count == 1 && again.count == joints.count)
    }
  }

  @Test("Missing rows of a table, quoted fields, and gaps in AMC's frame numbers")
  func gaps() throws {
    try FormatTests.withFolder { folder in
      let url = folder.appending(path: "a.csv")
      try CSV.write(FormatTests.clip(FormatTests.walk(frames: 5)), to: url)
      #expect(try CSV.reading(contentsOf: url).warnings.isEmpty)
      var lines = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\r\n")
      let quoted =
        lines.prefix(1)
        + lines.dropFirst().map { line in
          line.isEmpty ? line : line.split(separator: ",").map { "\"\($0)\"" }.joined(separator: ",")
        }
      try AtomicFile.write(quoted.joined(separator: "\r\n"), to: url)
      #expect(try CSV.reading(contentsOf: url).clip.motion.count == 5)
      lines.remove(at: 3)
      try AtomicFile.write(lines.joined(separator: "\r\n"), to: url)
      #expect(try CSV.reading(contentsOf: url).warnings.first?.contains("frame 3.0 after frame 1.0") == true)
    }
    let actor = try ASF.read(bytes: Array(AcclaimTests.skeletonText.utf8), file: "f.asf")
    let text = AcclaimTests.motionText.replacing(/(?m)^2$/, with: "9")
    let reading = try AMC.reading(bytes: Array(text.utf8), file: "f.amc", name: "f", skeleton: actor)
    #expect(reading.warnings.first?.contains("frame 9 follows frame 1") == true, "\(reading.warnings)")
  }

  @Test("Archives say when positions contradict rotations, and name files of body models")
  func archives() throws {
    try FormatTests.withFolder { folder in
      let url = folder.appending(path: "a.npz")
      try MotionArchive.write(FormatTests.clip(FormatTests.walk(frames: 4)), to: url)
      #expect(try MotionArchive.reading(contentsOf: url).warnings.isEmpty)
      var archive = try NumPyArchive(bytes: [UInt8](Data(contentsOf: url)), file: "a.npz")
      let rotations = try #require(archive["rotations"])
      let numbers = try #require(rotations.numbers)
      var turned: [Double] = []
      for start in stride(from: 0, to: numbers.count, by: 4) {
        turned += numbers[(start + 1)..<(start + 4)]
        turned.append(numbers[start])
      }
      archive["rotations"] = NumPyArray(shape: rotations.shape, .doubles(turned))
      let reading = try MotionArchive.reading(bytes: archive.bytes, file: "a.npz", name: "a")
      #expect(reading.warnings.first?.contains("x y z w") == true)
    }
    var amass = NumPyArchive()
    amass["poses"] = NumPyArray(shape: [1, 3], .doubles([0, 0, 0]))
    amass["trans"] = NumPyArray(shape: [1, 3], .doubles([0, 0, 0]))
    let error = #expect(throws: SurefootError.self) {
      try MotionArchive.read(bytes: amass.bytes, file: "a.npz", name: "a")
    }
    #expect(error?.message.contains("AMASS") == true)
  }

  /// What Kimodo writes of a motion: positions and matrices, no names, no tree, no offsets.
  private static func kimodo(_ motion: Motion) -> NumPyArchive {
    var archive = NumPyArchive()
    let (frames, joints) = (motion.count, motion.skeleton.count)
    archive["posed_joints"] = NumPyArray(
      shape: [frames, joints, 3], .floats(motion.jointPositions.flatMap { $0.flatMap { [$0.x, $0.y, $0.z] } }))
    let matrices = motion.poses.flatMap { pose in
      pose.rotations.flatMap { turn -> [Double] in
        let (a, b, c) = turn.columns
        return [a.x, b.x, c.x, a.y, b.y, c.y, a.z, b.z, c.z]
      }
    }
    archive["local_rot_mats"] = NumPyArray(shape: [frames, joints, 3, 3], .floats(matrices))
    return archive
  }

  @Test("Kimodo's archives of SMPL-X and SOMA are read; the tree and the offsets follow", arguments: [22, 77, 30])
  func kimodo(joints: Int) throws {
    let tree = try #require(KimodoArchive.trees.first { $0.count == joints })
    var random = SeededGenerator(seed: 5)
    func small() -> SIMD3<Double> { SIMD3(random.normal(), random.normal(), random.normal()) * 0.2 }
    let skeleton =
      joints == 22
      ? Skeleton.canonical
      : Skeleton(joints: tree.map { Joint(name: $0.name, parent: $0.parent, offset: small(), channels: .rotation) })
    var motion = FormatTests.walk(frames: 6)
    if joints != 22 {
      let poses = (0..<6).map { _ in
        Pose(rootPosition: small(), rotations: tree.map { _ in Quaternion(rotationVector: small()) })
      }
      motion = Motion(skeleton: skeleton, frameTime: 1, poses: poses)
    }
    let bytes = Self.kimodo(motion).bytes
    let reading = try MotionArchive.reading(bytes: bytes, file: "k.npz", name: "k")
    let again = reading.clip.convention.intoFile(reading.clip.motion)
    let scale = reading.clip.convention.metresPerUnit
    #expect(again.skeleton.names == tree.map(\.name) && abs(again.frameRate - 30) < 1e-9 && reading.warnings.isEmpty)
    for (mine, theirs) in zip(motion.jointPositions, again.jointPositions) {
      for joint in mine.indices { #expect((mine[joint] - theirs[joint] * scale).length < 1e-5) }
    }
    #expect(
      try abs(MotionArchive.reading(bytes: bytes, file: "k.npz", name: "k", frameRate: 60).clip.motion.frameRate - 60)
        < 1e-9)
  }

  @Test("An archive of Kimodo that cannot be read says why")
  func kimodoRefused() throws {
    var robot = NumPyArchive()
    robot["posed_joints"] = NumPyArray(shape: [1, 34, 3], .floats([Double](repeating: 0, count: 102)))
    robot["local_rot_mats"] = NumPyArray(shape: [1, 34, 3, 3], .floats([Double](repeating: 0, count: 306)))
    var bent = Self.kimodo(FormatTests.walk(frames: 2))
    bent["local_rot_mats"] = NumPyArray(shape: [2, 22, 3, 3], .floats([Double](repeating: 0.5, count: 396)))
    var cut = Self.kimodo(FormatTests.walk(frames: 2))
    cut["posed_joints"] = NumPyArray(shape: [1, 22, 3], .floats([Double](repeating: 0, count: 66)))
    for (archive, words) in [(robot, "34 joints"), (bent, "no rotation"), (cut, "do not fit")] {
      let error = #expect(throws: SurefootError.self) {
        try MotionArchive.reading(bytes: archive.bytes, file: "k.npz", name: "k")
      }
      #expect(error?.message.contains(words) == true, "\(String(describing: error))")
    }
  }

  @Test("Parameters of body models are named for what they are, in the arrays of several tools")
  func bodyModels() throws {
    for (names, words) in [
      (["poses", "trans", "betas"], "SMPL or SMPL+H"), (["poses", "trans", "pose_hand"], "SMPL-X"),
      (["body_pose", "global_orient", "transl"], "SMPL or SMPL+H"), (["body_pose", "left_hand_pose"], "SMPL-X"),
      (["smpl_poses", "smpl_trans"], "SMPL or SMPL+H"),
    ] {
      var archive = NumPyArchive()
      for name in names { archive[name] = NumPyArray(shape: [1, 3], .doubles([0, 0, 0])) }
      let error = #expect(throws: SurefootError.self) {
        try MotionArchive.reading(bytes: archive.bytes, file: "a.npz", name: "a")
      }
      #expect(error?.message.contains(words) == true && error?.suggestion?.contains("Blender") == true)
    }
  }

  @Test("Normalised features are said to be so")
  func normalised() throws {
    let width = HumanML3DFeatures.width
    let numbers = (0..<10 * width).map { $0 % width == 3 ? 0 : sin(Double($0)) * 2 }
    let array = NumPyArray(shape: [10, width], .floats(numbers))
    let reading = try HumanML3D.reading(bytes: array.bytes, file: "a.npy", name: "a")
    #expect(reading.warnings.contains { $0.contains("normalised") })
  }

  @Test(
    "Required extensions that touch neither nodes nor animations are ignored",
    arguments: [
      "VRM", "VRMC_vrm", "KHR_mesh_quantization", "KHR_draco_mesh_compression", "EXT_mesh_gpu_instancing",
    ])
  func extensions(name: String) throws {
    var file = ForeignGLB(FormatTests.walk(frames: 4))
    file.document["extensionsRequired"] = [name]
    #expect(try GLB.reading(bytes: try file.bytes(), file: "f", name: "f").clip.motion.skeleton.count == 22)
  }

  @Test("An animation is chosen by name or number, and all are listed")
  func animations() throws {
    var file = ForeignGLB(FormatTests.walk(frames: 4))
    var list = try #require(file.document["animations"] as? [[String: Any]])
    var second = list[0]
    second["name"] = "Run"
    second["channels"] = Array(try #require(second["channels"] as? [[String: Any]]).prefix(1))
    list.append(second)
    file.document["animations"] = list
    let bytes = try file.bytes()
    let first = try GLB.reading(bytes: bytes, file: "f", name: "f")
    #expect(first.warnings == ["f: the first of 2 animations is read; they are 1 'Take 001', 2 'Run'"])
    for choice in ["Run", "2"] {
      let reading = try GLB.reading(bytes: bytes, file: "f", name: "f", animation: choice)
      #expect(reading.warnings.isEmpty && reading.clip.motion != first.clip.motion)
    }
    let error = #expect(throws: SurefootError.self) {
      try GLB.reading(bytes: bytes, file: "f", name: "f", animation: "Jump")
    }
    #expect(error?.suggestion?.contains("2 'Run'") == true)
  }

  @Test("Without a skin, nodes without keys below the root are joints; a changing scale is said")
  func leaves() throws {
    var file = ForeignGLB(FormatTests.walk(frames: 4))
    file.document["skins"] = nil
    var animations = try #require(file.document["animations"] as? [[String: Any]])
    var channels = try #require(animations[0]["channels"] as? [[String: Any]])
    // The hands, nodes 21 and 22, lose their keys; the translation's become the scale of the left one too.
    channels.removeAll { [21, 22].contains(($0["target"] as? [String: Any])?["node"] as? Int ?? 0) }
    channels.append(["sampler": 0, "target": ["node": 21, "path": "scale"]])
    animations[0]["channels"] = channels
    file.document["animations"] = animations
    let reading = try GLB.reading(bytes: try file.bytes(), file: "f", name: "f")
    #expect(reading.clip.motion.skeleton.count == 22)
    #expect(reading.warnings.contains { $0.contains("changing scale") })
  }

  @Test("A figure far from the origin keeps its precision in GLB")
  func farAway() throws {
    var motion = FormatTests.walk(frames: 4)
    for frame in motion.poses.indices { motion.poses[frame].rootPosition += SIMD3(50_000.25, 0, -70_000.5) }
    try FormatTests.withFolder { folder in
      let url = folder.appending(path: "a.glb")
      try GLB.write(FormatTests.clip(motion), to: url)
      let again = try GLB.reading(contentsOf: url).clip.motion
      for (mine, theirs) in zip(motion.poses, again.poses) {
        #expect((mine.rootPosition - theirs.rootPosition).length < 1e-5)
      }
    }
  }
}
