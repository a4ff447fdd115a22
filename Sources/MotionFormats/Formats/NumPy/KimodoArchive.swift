import Foundation
import Kinematics
import Support

/// The archives that NVIDIA's Kimodo writes: joint positions and rotation matrices of one sample, in metres at 30 frames a
/// second, without the skeleton's names, tree and offsets. Those follow from the number of joints and from the positions.
///
///     if KimodoArchive.isOne(archive) { let motion = try KimodoArchive(archive, file: file).motion(frameTime: 1 / 30) }
struct KimodoArchive {
  /// Frames per second of what the models write.
  static let frameRate = 30.0

  private let frames: Int
  private let tree: [(name: String, parent: Int?)]
  private let places: [Double]
  private let matrices: [Double]
  private let file: String

  /// Whether an archive's arrays are Kimodo's.
  static func isOne(_ archive: NumPyArchive) -> Bool {
    archive["rotations"] == nil && archive["posed_joints"] != nil && archive["local_rot_mats"] != nil
  }

  /// Checks the arrays.
  ///
  /// - Throws: A `SurefootError` for shapes that do not fit each other, or another skeleton than SMPL-X's and SOMA's.
  init(_ archive: NumPyArchive, file: String) throws(SurefootError) {
    self.file = file
    let shape = archive["posed_joints"]?.shape ?? []
    guard shape.count == 3, shape[0] > 0, shape[2] == 3,
      archive["local_rot_mats"]?.shape == [shape[0], shape[1], 3, 3],
      let places = archive["posed_joints"]?.numbers, let matrices = archive["local_rot_mats"]?.numbers
    else {
      throw SurefootError(
        file: file, message: "posed_joints of shape \(shape) and local_rot_mats do not fit as Kimodo writes them",
        suggestion: "shapes (frames, joints, 3) and (frames, joints, 3, 3) are needed: one sample a file")
    }
    guard let tree = Self.trees.first(where: { $0.count == shape[1] }) else {
      throw SurefootError(
        file: file, message: "Kimodo's skeleton of \(shape[1]) joints is not known",
        suggestion: "export motion of SMPL-X (22 joints) or SOMA (77 or 30), or BVH")
    }
    if let bad = (places + matrices).first(where: { !$0.isFinite || abs($0) > MotionLimits.coordinate }) {
      throw SurefootError(file: file, message: "an array holds \(bad)", suggestion: "leave out or repair the frame")
    }
    (frames, self.tree, self.places, self.matrices) = (shape[0], tree, places, matrices)
  }

  /// The motion, the offsets being the means over all frames, and the largest distance of a joint from where it was [m].
  func motion(frameTime: Double) throws(SurefootError) -> (motion: Motion, error: Double) {
    var turns: [[Quaternion]] = []
    for frame in 0..<frames { turns.append(try rotations(frame)) }
    var offsets = [SIMD3<Double>](repeating: .zero, count: tree.count)
    for frame in 0..<frames {
      var world: [Quaternion] = []
      for (joint, part) in tree.enumerated() {
        guard let parent = part.parent else {
          world.append(turns[frame][joint])
          continue
        }
        world.append((world[parent] * turns[frame][joint]).normalized)
        offsets[joint] += world[parent].inverse.act(place(frame, joint) - place(frame, parent)) / Double(frames)
      }
    }
    let joints = tree.enumerated().map { index, part in
      Joint(
        name: part.name, parent: part.parent, offset: offsets[index], channels: index == 0 ? .root : .rotation)
    }
    let poses = turns.indices.map { Pose(rootPosition: place($0, 0), rotations: turns[$0]) }
    let motion = Motion(skeleton: Skeleton(joints: joints), frameTime: frameTime, poses: poses)
    var error = 0.0
    for (frame, found) in motion.jointPositions.enumerated() {
      for joint in found.indices { error = max(error, (found[joint] - place(frame, joint)).length) }
    }
    return (motion, error)
  }

  private func place(_ frame: Int, _ joint: Int) -> SIMD3<Double> {
    let at = 3 * (frame * tree.count + joint)
    return SIMD3(places[at], places[at + 1], places[at + 2])
  }

  private func rotations(_ frame: Int) throws(SurefootError) -> [Quaternion] {
    var result: [Quaternion] = []
    for joint in tree.indices {
      let at = 9 * (frame * tree.count + joint)
      let columns = (0..<3).map { SIMD3(matrices[at + $0], matrices[at + 3 + $0], matrices[at + 6 + $0]) }
      guard abs(columns[0].cross(columns[1]).dot(columns[2]) - 1) < 0.1,
        columns.allSatisfy({ abs($0.length - 1) < 0.1 })
      else {
        throw SurefootError(
          file: file, message: "local_rot_mats[\(frame), \(joint)] is no rotation",
          suggestion: "leave out or repair the frame")
      }
      result.append(Quaternion(columns: columns[0], columns[1], columns[2]))
    }
    return result
  }

  // MARK: Skeletons

  static let trees = [
    Skeleton.canonical.joints.map { (name: $0.name, parent: $0.parent) }, soma(isWhole: true), soma(isWhole: false),
  ]

  /// SOMA's joints: all 77, or the 30 that the models compute with.
  private static func soma(isWhole: Bool) -> [(name: String, parent: Int?)] {
    var tree: [(name: String, parent: Int?)] = []
    func add(_ name: String, below parent: String?) {
      tree.append((name, parent.flatMap { wanted in tree.firstIndex { $0.name == wanted } }))
    }
    func add(_ names: [String], below parent: String?) {
      for (name, above) in zip(names, [parent] + names.map(Optional.some)) { add(name, below: above) }
    }
    add(["Hips", "Spine1", "Spine2", "Chest", "Neck1", "Neck2", "Head"], below: nil)
    for name in (isWhole ? ["HeadEnd"] : []) + ["Jaw", "LeftEye", "RightEye"] { add(name, below: "Head") }
    for side in ["Left", "Right"] {
      add(["Shoulder", "Arm", "ForeArm", "Hand"].map { side + $0 }, below: "Chest")
      for (finger, count) in [("Thumb", 3), ("Index", 4), ("Middle", 4), ("Ring", 4), ("Pinky", 4)] {
        let bones = (1...count).map { "\(side)Hand\(finger)\($0)" } + ["\(side)Hand\(finger)End"]
        if isWhole { add(bones, below: side + "Hand") }
        if !isWhole, ["Thumb", "Middle"].contains(finger) { add(bones.suffix(1), below: side + "Hand") }
      }
    }
    for side in ["Left", "Right"] {
      add((["Leg", "Shin", "Foot", "ToeBase"] + (isWhole ? ["ToeEnd"] : [])).map { side + $0 }, below: "Hips")
    }
    return tree
  }
}
