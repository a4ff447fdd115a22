import Foundation
@testable import Kinematics
@testable import MotionFormats
import Randomness
@testable import Support
import Testing

/// Every format that is written and read: what comes back is what went in.
@Suite struct FormatTests {
  static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try body(folder)
  }

  /// A person who walks and waves, not a tumble of random turns: hinges bend as hinges do.
  static func walk(frames: Int = 40, rate: Double = 20, skeleton: Skeleton = .canonical) -> Motion {
    let poses = (0..<frames).map { frame in
      let t = Double(frame) / rate
      var pose = Pose(resting: skeleton, rootPosition: SIMD3(0.1 * sin(3 * t), 0.93 + 0.02 * sin(9 * t), 1.1 * t))
      func turn(_ joint: CanonicalJoint, _ vector: SIMD3<Double>) {
        pose.rotations[joint.rawValue] = Quaternion(rotationVector: vector)
      }
      turn(.pelvis, SIMD3(0.1, 0.5 * sin(t), 0.05 * cos(4 * t)))
      turn(.spine2, SIMD3(0.1, -0.3 * sin(5 * t), 0.1))
      turn(.head, SIMD3(0.2 * sin(t), 0.4 * cos(2 * t), 0))
      turn(.leftHip, SIMD3(-0.5 * sin(5 * t), 0.1, 0.05))
      turn(.rightHip, SIMD3(0.5 * sin(5 * t), -0.1, -0.05))
      turn(.leftKnee, SIMD3(0.4 + 0.4 * cos(5 * t), 0, 0))
      turn(.rightKnee, SIMD3(0.4 - 0.4 * cos(5 * t), 0, 0))
      turn(.leftAnkle, SIMD3(0.2 * cos(5 * t), 0.1, 0))
      turn(.leftShoulder, SIMD3(0.4 * sin(5 * t), 0.2, -1.2))
      turn(.rightShoulder, SIMD3(-0.4 * sin(5 * t), 0.1, 1.1))
      turn(.leftElbow, SIMD3(0, -0.6 - 0.3 * sin(5 * t), 0))
      turn(.rightElbow, SIMD3(0, 0.7, 0))
      return pose
    }
    return Motion(skeleton: skeleton, frameTime: 1 / rate, poses: poses)
  }

  static func clip(_ motion: Motion, _ convention: FileConvention = .centimetres) -> Clip {
    Clip(name: "walk", motion: motion, convention: convention, provenance: Provenance(source: "test"))
  }

  static func sources() throws -> [Clip] {
    var clips = [
      clip(walk(), FileConvention(metresPerUnit: 0.01, up: .z)), clip(BVHRoundTripTests.sample(7, frames: 12)),
      try BVHReaderTests.read(BVHReaderTests.plain).clip,
    ]
    if let url = CMUFolder.bvh("16_16") {
      var cmu = try BVH.read(contentsOf: url)
      cmu.motion = cmu.motion.frames(1..<min(40, cmu.motion.count))
      clips.append(cmu)
    }
    return clips
  }

  @Test("Archives lose nothing") func archivesLoseNothing() throws {
    for clip in try Self.sources() {
      try Self.withFolder { folder in
        let url = folder.appending(path: "a.npz")
        try MotionArchive.write(clip, to: url)
        let again = try MotionArchive.read(contentsOf: url)
        #expect(again.convention == clip.convention && again.motion.frameTime == clip.motion.frameTime)
        #expect(again.motion.skeleton.names == clip.motion.skeleton.names)
        #expect(again.motion.skeleton.joints.map(\.channels) == clip.motion.skeleton.joints.map(\.channels))
        #expect(BVHRoundTripTests.largestDistance(again.motion, clip.motion) < 1e-12)
        let first = try Data(contentsOf: url)
        try MotionArchive.write(again, to: url)
        // A second round trip is the same bytes but for the last digit of a unit's scaling.
        #expect(try Data(contentsOf: url).count == first.count)
      }
    }
  }

  @Test("Joints that move against their parent stay in archives") func jointsThatMoveAgainstTheirParentStayInArchives()
    throws
  {
    var motion = Self.walk(frames: 3)
    for frame in 0..<3 { motion.poses[frame].translations[5] = SIMD3(0.01 * Double(frame), -0.4, 0.1) }
    try Self.withFolder { folder in
      let url = folder.appending(path: "a.npz")
      try MotionArchive.write(Self.clip(motion), to: url)
      let again = try MotionArchive.read(contentsOf: url).motion
      #expect(again.poses.map { $0.translations.count } == [1, 1, 1])
      #expect(BVHRoundTripTests.largestDistance(again, motion) < 1e-12)
    }
  }

  @Test("Acclaim comes back", arguments: [0.01, 0.0254 / 0.45]) func acclaimComesBack(unit: Double) throws {
    for clip in try Self.sources() {
      try Self.withFolder { folder in
        let url = folder.appending(path: "16_15.amc")
        // Another actor's skeleton of the subject's name must not be taken for it.
        try AtomicFile.write(AcclaimTests.skeletonText, to: folder.appending(path: "16.asf"))
        let notes = try AMC.write(clip, to: url, metresPerUnit: unit)
        let again = try MotionFile.reading(contentsOf: url).clip
        #expect(abs(again.motion.frameRate / clip.motion.frameRate - 1) < 1e-12)
        #expect(abs(again.convention.metresPerUnit / unit - 1) < 1e-12)
        #expect(notes.first?.contains("written as 'root'") == true, "\(notes)")
        let order = try again.motion.skeleton.joints.indices.dropFirst().map { index in
          try #require(clip.motion.skeleton.index(of: again.motion.skeleton.names[index]))
        }
        #expect(order.count == clip.motion.skeleton.count - 1)
        for (one, other) in zip(clip.motion.jointPositions, again.motion.jointPositions) {
          for (mine, theirs) in zip([0] + order, other) { #expect((one[mine] - theirs).length < 1e-3 * unit) }
        }
      }
    }
  }

  @Test("Deep mimic of its own humanoid comes back") func deepMimicOfItsOwnHumanoidComesBack() throws {
    let rows = (0..<20).map { frame in
      let t = 0.3 * Double(frame)
      return DeepMimicTests.row(
        x: t, root: [cos(t / 2), 0, sin(t / 2), 0], knee: -abs(sin(t)), shoulder: [cos(t), sin(t), 0, 0], elbow: 0.5)
    }
    var clip = try DeepMimicTests.read(DeepMimicTests.text(rows, loop: "none"))
    if let folder = DeepMimicTests.folder {
      clip = try DeepMimic.read(contentsOf: folder.appending(path: "humanoid3d_spinkick.txt"))
    }
    try Self.withFolder { folder in
      let (url, bvh) = (folder.appending(path: "walk.txt"), folder.appending(path: "walk.bvh"))
      #expect(try DeepMimic.write(clip, to: url).isEmpty)
      let again = try DeepMimic.read(contentsOf: url)
      #expect(again.motion.count == clip.motion.count)
      #expect(abs(again.motion.frameTime - clip.motion.frameTime) < 1e-12)
      #expect(BVHRoundTripTests.largestDistance(again.motion, clip.motion) < 1e-5)
      try BVH.write(clip, to: bvh)
      #expect(try DeepMimic.write(try BVH.read(contentsOf: bvh), to: url).isEmpty)
      #expect(BVHRoundTripTests.largestDistance(try DeepMimic.read(contentsOf: url).motion, clip.motion) < 1e-5)
    }
  }

  @Test("Deep mimic takes any biped") func deepMimicTakesAnyBiped() throws {
    let motion = Self.walk()
    try Self.withFolder { folder in
      let url = folder.appending(path: "walk.txt")
      #expect(try DeepMimic.write(Self.clip(motion), to: url).count == 1)
      let humanoid = try DeepMimic.read(contentsOf: url).motion
      #expect(humanoid.count == motion.count)
      let limbs = [
        (CanonicalJoint.leftHip, CanonicalJoint.leftKnee), (.leftKnee, .leftAnkle), (.rightHip, .rightKnee),
        (.rightKnee, .rightAnkle), (.leftShoulder, .leftElbow), (.leftElbow, .leftWrist), (.rightElbow, .rightWrist),
      ]
      for (ours, theirs) in zip(motion.jointPositions, humanoid.jointPositions) {
        for (from, to) in limbs {
          let (a, b) = try (DeepMimicTests.joint(from.fileName), DeepMimicTests.joint(to.fileName))
          let direction = (theirs[b] - theirs[a]).normalized
          let wanted = (ours[to.rawValue] - ours[from.rawValue]).normalized
          #expect((direction - wanted).length < 0.02, "\(from)")
        }
      }
    }
  }

  /// The motion as HumanML3D places it: over the origin, on the floor.
  @Test("Human ML 3 d comes back") func humanML3DComesBack() throws {
    let motion = Self.walk()
    let placed = HumanML3DFeatures.rows(of: motion.jointPositions).placed
    try Self.withFolder { folder in
      let url = folder.appending(path: "walk.npy")
      #expect(try HumanML3D.write(Self.clip(motion), to: url).isEmpty)
      let reading = try HumanML3D.reading(contentsOf: url)
      #expect(reading.warnings.isEmpty)
      let again = reading.clip.motion
      #expect(again.count == motion.count - 1 && again.frameRate == 20 && again.skeleton.isCanonical)
      var worst = 0.0
      for (mine, theirs) in zip(placed, again.jointPositions) {
        for joint in mine.indices { worst = max(worst, (mine[joint] - theirs[joint]).length) }
      }
      #expect(worst < 1e-5, "\(worst) m")
      // Distances between joints are those of the motion itself, wherever it was placed.
      for (mine, theirs) in zip(motion.jointPositions, again.jointPositions) {
        #expect(abs((mine[20] - mine[7]).length - (theirs[20] - theirs[7]).length) < 1e-5)
      }
      // Numbers 4 on are places in the body's own frame: the left hip lies to the left, at +X.
      let array = try NumPyArray(bytes: [UInt8](Data(contentsOf: url)), file: "walk.npy")
      #expect(array.shape == [39, 263])
      let row = try #require(array.numbers?.prefix(263))
      #expect(row[4] > 0.08 && abs(row[3] - placed[0][0].y) < 1e-6)
    }
  }

  @Test("HumanML3D begins with no turn and faces +Z by the first frame's own hips and shoulders")
  func humanML3DFirstTurn() throws {
    let motion = Self.walk().placed(rotation: Quaternion(angle: 2, axis: .unitY), displacement: SIMD3(3, 1, -2))
    let (rows, placed) = HumanML3DFeatures.rows(of: motion.jointPositions)
    let first = placed[0]
    let across = first[2] - first[1] + first[17] - first[16]
    #expect(SIMD3<Double>.unitY.cross(across).normalized.z > 1 - 1e-12)
    // Without a turn the places in the body's frame are those in the world.
    for joint in 1..<22 {
      #expect(
        (SIMD3(rows[0][3 * joint + 1], rows[0][3 * joint + 2], rows[0][3 * joint + 3]) - first[joint]).length < 1e-12)
    }
    // The smoothed direction of the second frame differs from the first frame's own.
    #expect(abs(rows[0][0]) > 0.01)
  }

  @Test(
    "HumanML3D's numbers are those of an independent program",
    .enabled(if: RealReader.run(["python3", "-c", "import numpy"])?.status == 0))
  func humanML3DIndependently() throws {
    let script = RealReader.scripts.deletingLastPathComponent().appending(path: "humanml-features.py")
    try Self.withFolder { folder in
      let (npz, npy) = (folder.appending(path: "walk.npz"), folder.appending(path: "walk.npy"))
      try MotionFile.write(Self.clip(Self.walk()), to: npz)
      try MotionFile.write(Self.clip(Self.walk()), to: npy)
      #expect(RealReader.run(["python3", script.path, npz.path, npy.path])?.status == 0)
      var array = try NumPyArray(bytes: [UInt8](Data(contentsOf: npy)), file: "walk.npy")
      var numbers = try #require(array.numbers)
      numbers[263 * 20 + 100] += 1e-3
      array = NumPyArray(shape: array.shape, .floats(numbers))
      try Data(array.bytes).write(to: npy)
      #expect(RealReader.run(["python3", script.path, npz.path, npy.path])?.status == 1)
    }
  }

  @Test("Positions of models are read and the fit says how far") func positionsOfModelsAreReadAndTheFitSaysHowFar()
    throws
  {
    let motion = Self.walk(frames: 10)
    let exact = motion.jointPositions.flatMap { $0.flatMap { [$0.x, $0.y, $0.z] } }
    let array = NumPyArray(shape: [10, 22, 3], .doubles(exact))
    let reading = try HumanML3D.reading(bytes: array.bytes, file: "p.npy", name: "p", frameRate: 30)
    #expect(reading.warnings.isEmpty && abs(reading.clip.motion.frameRate - 30) < 1e-9)
    for (mine, theirs) in zip(motion.jointPositions, reading.clip.motion.jointPositions) {
      for joint in mine.indices { #expect((mine[joint] - theirs[joint]).length < 1e-9) }
    }
    var random = SeededGenerator(seed: 3)
    let noisy = NumPyArray(shape: [10, 22, 3], .floats(exact.map { $0 + 0.01 * random.normal() }))
    let rough = try HumanML3D.reading(bytes: noisy.bytes, file: "p.npy", name: "p")
    #expect(rough.warnings.count == 1 && rough.warnings[0].contains("mm off"))
    #expect(rough.clip.motion.isFinite)
  }

  @Test("Not a number is never written") func notANumberIsNeverWritten() throws {
    var motion = Self.walk(frames: 4)
    motion.poses[2].rotations[3].w = .nan
    for format in MotionFormatRegistry.builtIn.formats {
      try Self.withFolder { folder in
        let url = folder.appending(path: "a.\(format.fileExtension)")
        #expect(throws: SurefootError.self) { try MotionFile.write(Self.clip(motion), to: url, as: format) }
        let left = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(left == [], "\(format.name)")
      }
    }
  }

  @Test("Endings name formats") func endingsNameFormats() {
    for format in MotionFormatRegistry.builtIn.formats {
      let url = URL(fileURLWithPath: "/a/B.\(format.fileExtension.uppercased())")
      #expect(MotionFormatRegistry.builtIn.format(of: url)?.name == format.name)
    }
    #expect(MotionFormatRegistry.builtIn.format(of: URL(fileURLWithPath: "/a/b.fbx")) == nil)
  }
}
