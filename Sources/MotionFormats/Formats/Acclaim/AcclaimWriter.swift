public import Foundation
import Kinematics
public import Support

extension AMC {
  /// Writes a clip as Acclaim's two files: rows at `url` (`walk.amc`), the skeleton beside it (`walk.asf`).
  ///
  /// A joint becomes a bone that turns about all three axes; a bone that does not turn carries each child of a joint
  /// with several, as `lhipjoint` does in CMU's files. The root is named `root`. The format says neither up axis
  /// nor frame rate: Y is up, and a comment that Surefoot reads holds the rate.
  ///
  /// - Parameter metresPerUnit: The length unit; the clip's if absent.
  /// - Returns: What was changed or could not be kept, one sentence each.
  @discardableResult
  public static func write(_ clip: Clip, to url: URL, metresPerUnit: Double? = nil) throws(SurefootError) -> [String] {
    let convention = FileConvention(metresPerUnit: metresPerUnit ?? clip.convention.metresPerUnit)
    try FileConvention.check(metresPerUnit: convention.metresPerUnit, up: convention.up, file: url.path)
    try clip.motion.checkWritable(file: url.path)
    let motion = convention.intoFile(clip.motion)
    let writer = AcclaimWriter(motion, lengthUnit: FileConvention.inch / convention.metresPerUnit)
    try AtomicFile.write(Data(writer.skeletonText), to: url.deletingPathExtension().appendingPathExtension("asf"))
    try AtomicFile.write(Data(writer.motionText()), to: url)
    return writer.notes
  }

  /// The comment that holds the rate.
  static let rateComment = "# frames per second: "
}

/// A motion in the file's units as Acclaim's bones and rows.
private struct AcclaimWriter {
  private struct Bone {
    var name: String
    var parent: String
    var reach: SIMD3<Double>
    var turns: Bool
  }

  private let motion: Motion
  private let lengthUnit: Double
  private let names: [String]
  private var bones: [Bone] = []

  init(_ motion: Motion, lengthUnit: Double) {
    self.motion = motion
    self.lengthUnit = lengthUnit
    let joints = motion.skeleton.joints
    let wanted = joints.dropFirst().map { Self.word($0.name) }
    // Carriers after all joints, so that joints keep their names.
    let unique = JointNames.portable(["root"] + wanted + wanted.map { "\($0)_base" })
    names = Array(unique[0..<joints.count])
    let carriers = Array(unique[joints.count...])
    var hasCarrier = [Bool](repeating: false, count: joints.count)
    for index in joints.indices {
      let below = motion.skeleton.children[index]
      let isStraight = index > 0 && below.count == 1
      if index > 0 {
        let reach = isStraight ? joints[below[0]].offset : below.isEmpty ? Self.tip(joints[index]) : .zero
        let parent = hasCarrier[index] ? carriers[index - 1] : names[joints[index].parent ?? 0]
        bones.append(Bone(name: names[index], parent: parent, reach: reach, turns: true))
      }
      guard !isStraight else { continue }
      for child in below where joints[child].offset != .zero {
        hasCarrier[child] = true
        bones.append(Bone(name: carriers[child - 1], parent: names[index], reach: joints[child].offset, turns: false))
      }
    }
  }

  /// A first character that begins a frame's number or a comment would be misread.
  private static func word(_ name: String) -> String {
    guard let first = name.first, first.isLetter || first == "_" else { return "_\(name)" }
    return name == "root" ? "root_joint" : name
  }

  private static func tip(_ joint: Joint) -> SIMD3<Double> { joint.endSite ?? .zero }

  var notes: [String] {
    let note = JointNames.note(from: Array(motion.skeleton.names.dropFirst()), to: Array(names.dropFirst()))
    var notes = note.map { [$0] } ?? []
    if let root = motion.skeleton.names.first, root != "root" {
      notes.insert("the root '\(root)' is written as 'root'", at: 0)
    }
    let moving = Set(motion.poses.flatMap(\.translations.keys)).filter { joint in
      motion.poses.contains { pose in
        let place = pose.translations[joint] ?? motion.skeleton.joints[joint].offset
        return (place - motion.skeleton.joints[joint].offset).length > 1e-6
      }
    }
    if !moving.isEmpty {
      notes.append("\(moving.count) joints move against their parents: bones cannot, they stay at rest")
    }
    return notes
  }

  // MARK: Skeleton

  var skeletonText: [UInt8] {
    var text: [UInt8] = []
    func line(_ content: String) { text += Array((content + "\n").utf8) }
    // All digits: a direction times a length must give the offset back.
    func vector(_ v: SIMD3<Double>) -> String { (0..<3).map { Self.number(v[$0]) }.joined(separator: " ") }
    ["# written by Surefoot", ":version 1.10", ":name motion", ":units"].forEach(line)
    line("  mass 1.0")
    line("  length \(FixedPoint.exact(lengthUnit))")
    line("  angle deg")
    [":documentation", "  one bone a joint", ":root", "  order TX TY TZ RX RY RZ", "  axis XYZ"].forEach(line)
    ["  position 0 0 0", "  orientation 0 0 0", ":bonedata"].forEach(line)
    for (index, bone) in bones.enumerated() {
      line("  begin")
      line("    id \(index + 1)")
      line("    name \(bone.name)")
      line("    direction \(vector(bone.reach.length > 0 ? bone.reach.normalized : .unitY))")
      line("    length \(Self.number(bone.reach.length))")
      line("    axis 0 0 0 XYZ")
      if bone.turns { line("    dof rx ry rz") }
      line("  end")
    }
    line(":hierarchy")
    line("  begin")
    let children = Dictionary(grouping: bones, by: \.parent)
    for parent in ["root"] + bones.map(\.name) {
      let below = (children[parent] ?? []).map(\.name)
      if !below.isEmpty { line("    \(parent) \(below.joined(separator: " "))") }
    }
    line("  end")
    return text
  }

  private static func number(_ value: Double) -> String {
    value == 0 ? "0" : (value < 0 ? "-" : "") + FixedPoint.exact(abs(value))
  }

  // MARK: Motion

  func motionText() -> [UInt8] {
    var text = Array("# written by Surefoot\n\(AMC.rateComment)\(FixedPoint.exact(1 / motion.frameTime))\n".utf8)
    text += Array(":FULLY-SPECIFIED\n:DEGREES\n".utf8)
    // Turns about fixed axes X, Y, Z in that order are turns about moving axes Z, Y, X.
    let euler = EulerAngles(axes: [.z, .y, .x])
    var previous = [[Double]?](repeating: nil, count: names.count)
    for (frame, pose) in motion.poses.enumerated() {
      text += Array("\(frame + 1)\n".utf8)
      for joint in names.indices {
        let angles = euler.angles(of: pose.rotations[joint], near: previous[joint])
        previous[joint] = angles
        text += Array(names[joint].utf8)
        let place = joint == 0 ? [pose.rootPosition.x, pose.rootPosition.y, pose.rootPosition.z] : []
        for value in place + angles.reversed().map({ $0 * 180 / .pi }) {
          text.append(0x20)
          FixedPoint.append(value, to: &text)
        }
        text.append(0x0A)
      }
    }
    return text
  }
}
