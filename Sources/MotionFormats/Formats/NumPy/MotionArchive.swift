public import Foundation
import Kinematics
public import Retargeting
public import Support

/// Positions and quaternions for numpy: a motion as an `.npz` archive, without loss.
///
///     try MotionArchive.write(clip, to: url)
///     let again = try MotionArchive.read(contentsOf: url)
///     # Python: with numpy.load("walk.npz") as data: data["positions"]          # (frames, joints, 3)
///
/// Of J joints and T frames, in the file's units and axes:
///
/// | array | shape | what |
/// |---|---|---|
/// | `positions` | T, J, 3 | every joint in the world; not read, only compared |
/// | `rotations` | T, J, 4 | in the parent's frame, `w x y z`; the root's in the world |
/// | `local_positions` | T, J, 3 | in the parent's frame: the root's place, the others' offsets |
/// | `names`, `parents` | J | the root's parent is -1; parents stand before children |
/// | `offsets`, `end_sites` | J, 3 | at rest; NaN for a joint without End Site |
/// | `channels` | J | as a BVH file lists them |
/// | `frame_time`, `metres_per_unit`, `up` | | seconds, metres, `y` or `z` |
public enum MotionArchive {
  /// Writes a clip. The file appears whole or not.
  ///
  /// - Parameter convention: Units and up axis; the clip's if absent.
  public static func write(_ clip: Clip, to url: URL, convention: FileConvention? = nil) throws(SurefootError) {
    let convention = convention ?? clip.convention
    try FileConvention.check(metresPerUnit: convention.metresPerUnit, up: convention.up, file: url.path)
    try clip.motion.checkWritable(file: url.path)
    try AtomicFile.write(Data(archive(of: convention.intoFile(clip.motion), convention).bytes), to: url)
  }

  /// Reads a file, for callers that do not need the warnings.
  public static func read(contentsOf url: URL) throws(SurefootError) -> Clip { try reading(contentsOf: url).clip }

  /// Reads a file, with a warning if its positions contradict its rotations.
  ///
  /// Kimodo's archives, which have no names and no frame time, are read as well.
  ///
  /// - Parameter frameRate: Frames per second of Kimodo's archives; 30 if absent.
  /// - Throws: A `SurefootError` for a file that is no such archive. For files of body models (AMASS) it says so.
  public static func reading(contentsOf url: URL, frameRate: Double? = nil) throws(SurefootError) -> ClipReading {
    let name = url.deletingPathExtension().lastPathComponent
    return try reading(bytes: try FileBytes.read(url), file: url.path, name: name, frameRate: frameRate)
  }

  /// Reads a file's bytes, for callers that do not need the warnings.
  public static func read(bytes: [UInt8], file: String, name: String) throws(SurefootError) -> Clip {
    try reading(bytes: bytes, file: file, name: name).clip
  }

  /// Reads a file's bytes; `file` is its name in errors, `name` the clip's name.
  public static func reading(
    bytes: [UInt8], file: String, name: String, frameRate: Double? = nil
  ) throws(SurefootError) -> ClipReading {
    let arrays = try NumPyArchive(bytes: bytes, file: file)
    if KimodoArchive.isOne(arrays) { return try kimodo(arrays, file: file, name: name, frameRate: frameRate) }
    let archive = try MotionArchiveReader(arrays, file: file)
    let convention = try archive.convention()
    let motion = try archive.motion()
    let clip = Clip(
      name: name, motion: convention.intoWorld(motion), convention: convention, provenance: Provenance(source: file))
    try clip.motion.checkRead(file: file)
    return ClipReading(clip: clip, warnings: archive.contradiction(to: motion).map { ["\(file): \($0)"] } ?? [])
  }

  /// Kimodo's samples are in metres; their up axis, Y in what the models write, is found from the motion.
  private static func kimodo(
    _ archive: NumPyArchive, file: String, name: String, frameRate: Double?
  ) throws(SurefootError) -> ClipReading {
    let frameTime = try MotionLimits.frameTime(ofRate: frameRate ?? KimodoArchive.frameRate, file: file)
    let (motion, error) = try KimodoArchive(archive, file: file).motion(frameTime: frameTime)
    let convention = FileConvention(metresPerUnit: 1, up: UpAxisEstimate(of: motion).axis)
    let clip = Clip(
      name: name, motion: convention.intoWorld(motion), convention: convention, provenance: Provenance(source: file))
    try clip.motion.checkRead(file: file)
    let distance = String(format: "%.1f", error * 1000)
    let warning = "\(file): limbs change their lengths; with fixed ones a joint is up to \(distance) mm off"
    return ClipReading(clip: clip, warnings: error > 1e-3 ? [warning] : [])
  }

  private static func archive(of motion: Motion, _ convention: FileConvention) -> NumPyArchive {
    let joints = motion.skeleton.joints
    let (frames, count) = (motion.count, joints.count)
    var archive = NumPyArchive()
    func vectors(_ name: String, _ values: [SIMD3<Double>], _ shape: [Int]) {
      archive[name] = NumPyArray(shape: shape + [3], .doubles(values.flatMap { [$0.x, $0.y, $0.z] }))
    }
    func value(_ name: String, _ value: NumPyArray.Elements) { archive[name] = NumPyArray(shape: [], value) }
    vectors("positions", motion.jointPositions.flatMap { $0 }, [frames, count])
    let rotations = motion.poses.flatMap {
      $0.rotations.flatMap { [$0.w, $0.imaginary.x, $0.imaginary.y, $0.imaginary.z] }
    }
    archive["rotations"] = NumPyArray(shape: [frames, count, 4], .doubles(rotations))
    let local = motion.poses.flatMap { pose in
      joints.indices.map { $0 == 0 ? pose.rootPosition : pose.translations[$0] ?? joints[$0].offset }
    }
    vectors("local_positions", local, [frames, count])
    archive["names"] = NumPyArray(shape: [count], .texts(joints.map(\.name)))
    archive["parents"] = NumPyArray(shape: [count], .integers(joints.map { $0.parent ?? -1 }))
    vectors("offsets", joints.map(\.offset), [count])
    vectors("end_sites", joints.map { $0.endSite ?? SIMD3(repeating: .nan) }, [count])
    let channels = joints.map { $0.channels.map(\.fileName).joined(separator: " ") }
    archive["channels"] = NumPyArray(shape: [count], .texts(channels))
    value("frame_time", .doubles([motion.frameTime]))
    value("metres_per_unit", .doubles([convention.metresPerUnit]))
    value("up", .texts([convention.up == .z ? "z" : "y"]))
    return archive
  }
}

/// The arrays of a motion archive, checked against each other.
private struct MotionArchiveReader {
  let archive: NumPyArchive
  let file: String
  let frames: Int
  let joints: Int

  init(_ archive: NumPyArchive, file: String) throws(SurefootError) {
    self.archive = archive
    self.file = file
    if let model = Self.bodyModel(archive) {
      throw SurefootError(
        file: file, message: "holds \(model), not joints",
        suggestion: "convert it to BVH with the model's own tools, for example the SMPL add-on for Blender")
    }
    guard let shape = archive["rotations"]?.shape, shape.count == 3, shape[0] > 0, shape[1] > 0, shape[2] == 4 else {
      throw SurefootError(
        file: file, message: "has no array 'rotations' of shape (frames, joints, 4)",
        suggestion: "write it as `surefoot convert -o NAME.npz` does")
    }
    (frames, joints) = (shape[0], shape[1])
  }

  func convention() throws(SurefootError) -> FileConvention {
    let metres = archive["metres_per_unit"]?.numbers?.first ?? 1
    let up: Axis = archive["up"]?.texts?.first == "z" ? .z : .y
    try FileConvention.check(metresPerUnit: metres, up: up, file: file)
    return FileConvention(metresPerUnit: metres, up: up)
  }

  func motion() throws(SurefootError) -> Motion {
    let frameTime = try numbers("frame_time", [])[0]
    try MotionLimits.check(frameTime: frameTime, file: file)
    let skeleton = try skeleton()
    let local = try vectors("local_positions", [frames, joints])
    let turns = try numbers("rotations", [frames, joints, 4])
    // A joint that is off its offset in any frame moves in all.
    let moving = (1..<max(1, joints)).filter { joint in
      (0..<frames).contains { local[$0 * joints + joint] != skeleton.joints[joint].offset }
    }
    var poses: [Pose] = []
    for frame in 0..<frames {
      var rotations: [Quaternion] = []
      for joint in 0..<joints {
        let at = 4 * (frame * joints + joint)
        let turn = Quaternion(w: turns[at], x: turns[at + 1], y: turns[at + 2], z: turns[at + 3])
        let length = turn.dot(turn)
        guard abs(length - 1) < 0.1 else {
          throw SurefootError(
            file: file, message: "rotations[\(frame), \(joint)] is no rotation",
            suggestion: "a quaternion w x y z has length 1")
        }
        rotations.append(abs(length - 1) < 1e-12 ? turn : turn.normalized)
      }
      let translations = moving.map { ($0, local[frame * joints + $0]) }
      poses.append(
        Pose(
          rootPosition: local[frame * joints], rotations: rotations,
          translations: Dictionary(uniqueKeysWithValues: translations)))
    }
    return Motion(skeleton: skeleton, frameTime: frameTime, poses: poses)
  }

  /// What archives of body models hold, by the names of their arrays; `nil` for any other archive.
  private static func bodyModel(_ archive: NumPyArchive) -> String? {
    guard archive["rotations"] == nil else { return nil }
    func holds(_ names: String...) -> Bool { names.allSatisfy { archive[$0] != nil } }
    let isX =
      archive["surface_model_type"]?.texts?.first?.hasPrefix("smplx") == true || holds("pose_hand")
      || holds("left_hand_pose") || holds("jaw_pose")
    let model = "the parameters of an \(isX ? "SMPL-X" : "SMPL or SMPL+H") body"
    if holds("poses", "trans") { return model + ", as AMASS has them" }
    return holds("body_pose") || holds("smpl_poses") || holds("poses", "betas") || holds("thetas") ? model : nil
  }

  /// How the array `positions` contradicts what the rotations give; `nil` if it agrees or is not there.
  func contradiction(to motion: Motion) -> String? {
    guard let array = archive["positions"], array.shape == [frames, joints, 3], let places = array.numbers else {
      return nil
    }
    let probes = stride(from: 0, to: frames, by: max(1, frames / 16))
    func distance(_ turned: (Quaternion) -> Quaternion) -> Double {
      probes.reduce(0.0) { worst, frame in
        var pose = motion.poses[frame]
        pose.rotations = pose.rotations.map(turned)
        let found = motion.skeleton.frames(of: pose).positions
        return found.indices.reduce(worst) { worst, joint in
          let at = 3 * (frame * joints + joint)
          return max(worst, (found[joint] - SIMD3(places[at], places[at + 1], places[at + 2])).length)
        }
      }
    }
    let reach = motion.skeleton.joints.reduce(0) { $0 + $1.offset.length }
    let (difference, limit) = (distance { $0 }, 1e-3 * reach)
    guard difference > limit else { return nil }
    let other = distance { Quaternion(w: $0.imaginary.z, x: $0.w, y: $0.imaginary.x, z: $0.imaginary.y) }
    if other < limit {
      return "'rotations' seems to be in the order x y z w, with which 'positions' agrees; w x y z is read: reorder it"
    }
    return "'positions' is up to \(difference) units from what 'rotations' gives; the rotations are used"
  }

  private func skeleton() throws(SurefootError) -> Skeleton {
    let parents = try numbers("parents", [joints])
    let offsets = try vectors("offsets", [joints])
    let names = archive["names"]?.texts ?? (0..<joints).map { "joint_\($0)" }
    let tips = archive["end_sites"]?.numbers ?? []
    let channels = archive["channels"]?.texts ?? []
    guard names.count == joints else { throw shapeFault("names", [joints]) }
    if let long = names.first(where: { $0.utf8.count > JointNames.longestRead }) {
      throw SurefootError(
        file: file, message: "a joint's name of \(long.utf8.count) bytes",
        suggestion: "give names of up to \(JointNames.longestRead)")
    }
    var result: [Joint] = []
    for (index, name) in names.enumerated() {
      let parent = Int(exactly: parents[index])
      guard let parent, index == 0 ? parent < 0 : (0..<index).contains(parent) else {
        throw SurefootError(
          file: file, message: "parents[\(index)] is \(parents[index])",
          suggestion: "the root stands first with -1, parents before their children")
      }
      let tip = tips.count == 3 * joints ? SIMD3(tips[3 * index], tips[3 * index + 1], tips[3 * index + 2]) : nil
      let listed = channels.count == joints ? channels[index].split(separator: " ").compactMap(Channel.init) : nil
      if let turns = listed?.filter({ !$0.isPosition }), turns.count > 3 {
        throw SurefootError(
          file: file, message: "channels[\(index)] lists \(turns.count) rotations", suggestion: "give up to three")
      }
      result.append(
        Joint(
          name: name, parent: index == 0 ? nil : parent, offset: offsets[index],
          channels: listed ?? (index == 0 ? .root : .rotation),
          endSite: tip.flatMap { $0.isFinite ? $0 : nil }))
    }
    return Skeleton(joints: result)
  }

  private func numbers(_ name: String, _ shape: [Int]) throws(SurefootError) -> [Double] {
    guard let array = archive[name], array.shape == shape, let numbers = array.numbers else {
      throw shapeFault(name, shape)
    }
    guard let bad = numbers.firstIndex(where: { !$0.isFinite || abs($0) > FixedPoint.largest }) else { return numbers }
    throw SurefootError(
      file: file, message: "number \(bad + 1) of '\(name)' is \(numbers[bad])",
      suggestion: "leave out or repair the frame")
  }

  private func vectors(_ name: String, _ shape: [Int]) throws(SurefootError) -> [SIMD3<Double>] {
    let numbers = try numbers(name, shape + [3])
    return stride(from: 0, to: numbers.count, by: 3).map { SIMD3(numbers[$0], numbers[$0 + 1], numbers[$0 + 2]) }
  }

  private func shapeFault(_ name: String, _ shape: [Int]) -> SurefootError {
    let found = archive[name].map { "is of shape \($0.shape)" } ?? "is not there"
    return SurefootError(
      file: file, message: "array '\(name)' \(found)",
      suggestion: "numbers of shape \(shape) are needed beside 'rotations'")
  }
}

/// The format of ``MotionArchive`` files.
public struct MotionArchiveFormat: MotionFileFormat {
  /// The format's name.
  public let name = "npz"
  /// `.npz`.
  public let fileExtensions = ["npz"]
  /// Units and up axis are free.
  public let traits = MotionFileTraits(hasUnits: true, hasUpAxis: true)

  /// The format, to give to a writer or a registry.
  public init() {}

  /// Reads a file; see ``MotionArchive/reading(contentsOf:frameRate:)``.
  public func read(contentsOf url: URL, options: MotionReadingOptions) throws(SurefootError) -> ClipReading {
    try MotionArchive.reading(contentsOf: url, frameRate: options.captureRate)
  }

  /// Writes a file; see ``MotionArchive/write(_:to:convention:)``.
  public func write(_ clip: Clip, to url: URL, joints: JointMap?) throws(SurefootError) -> [String] {
    try MotionArchive.write(clip, to: url)
    return []
  }
}

extension MotionFileFormat where Self == MotionArchiveFormat {
  /// Positions and quaternions for numpy; see ``MotionArchive``.
  public static var npz: MotionArchiveFormat { MotionArchiveFormat() }
}
