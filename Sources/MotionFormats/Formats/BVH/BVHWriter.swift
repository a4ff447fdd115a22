import Kinematics
import Foundation

/// The text of a BVH file from a motion in the file's units and axes.
struct BVHWriter {
  private(set) var text: [UInt8] = []
  private let motion: Motion
  private let names: [String]
  private let metresPerUnit: Double
  private let encoder: BVHChannelEncoder
  /// The largest loss of every joint: radians and file units.
  private var lostAngles: [Double]
  private var lostLengths: [Double]
  /// The mean offset of each joint's children.
  private let meanOffsets: [SIMD3<Double>]

  init(motion: Motion, names: [String], metresPerUnit: Double) {
    self.motion = motion
    self.names = names
    self.metresPerUnit = metresPerUnit
    encoder = BVHChannelEncoder(skeleton: motion.skeleton)
    lostAngles = Array(repeating: 0, count: motion.skeleton.count)
    lostLengths = lostAngles
    let joints = motion.skeleton.joints
    meanOffsets = motion.skeleton.children.map { children in
      children.reduce(.zero) { $0 + joints[$1].offset } / Double(max(1, children.count))
    }
  }

  // MARK: Hierarchy

  /// Iterative: a chain of thousands of joints needs no stack.
  mutating func writeHierarchy() {
    line(0, "HIERARCHY")
    var depths = [Int](repeating: 0, count: motion.skeleton.count)
    var open: [Int] = []
    // Depth first in any case, because the rows follow `encoder.order`.
    for joint in encoder.order {
      let parent = motion.skeleton.joints[joint].parent
      while let last = open.last, last != parent { close(open.removeLast(), depths[last]) }
      depths[joint] = parent.map { depths[$0] + 1 } ?? 0
      openJoint(joint, depths[joint])
      open.append(joint)
    }
    while let last = open.popLast() { close(last, depths[last]) }
  }

  private mutating func openJoint(_ index: Int, _ depth: Int) {
    let joint = motion.skeleton.joints[index]
    line(depth, "\(joint.parent == nil ? "ROOT" : "JOINT") \(names[index])")
    line(depth, "{")
    offset(index == 0 && encoder.placesRoot ? .zero : joint.offset + nudge(of: index), depth + 1)
    let channels = joint.channels.map(\.fileName).joined(separator: " ")
    line(depth + 1, channels.isEmpty ? "CHANNELS 0" : "CHANNELS \(joint.channels.count) \(channels)")
  }

  private mutating func close(_ index: Int, _ depth: Int) {
    if let tip = motion.skeleton.joints[index].endSite ?? inventedTip(of: index) {
      line(depth + 1, "End Site")
      line(depth + 1, "{")
      offset(tip, depth + 2)
      line(depth + 1, "}")
    }
    line(depth, "}")
  }

  /// A tiny shift that keeps Blender from moving a joint to its parent's tip.
  ///
  /// Its importer connects a bone whose OFFSET equals the parent's OFFSET plus the mean OFFSET of the parent's children,
  /// as if the bone began at the parent's tip, which it does not. The chest of the canonical skeleton is such a bone.
  private func nudge(of index: Int) -> SIMD3<Double> {
    let joints = motion.skeleton.joints
    guard let parent = joints[index].parent, parent > 0 || !encoder.placesRoot else { return .zero }
    let (offset, above) = (joints[index].offset, joints[parent].offset)
    let tip = above + (joints[parent].endSite ?? meanOffsets[parent])
    // Equal for Blender: within two steps of single precision, after the rounding of decimals.
    let looksEqual = (0..<3).allSatisfy { (axis: Int) -> Bool in
      let tolerance: Double = 1e-6 + 3e-7 * abs(offset[axis])
      return abs(tip[axis] - offset[axis]) <= tolerance
    }
    guard above.length > 0, looksEqual else { return .zero }
    // In the smallest component, where the least is the most steps.
    let axis = (0..<3).min { abs(offset[$0]) < abs(offset[$1]) } ?? 0
    var nudge = SIMD3<Double>.zero
    nudge[axis] = 4e-6 + 8e-7 * abs(offset[axis])
    return nudge
  }

  /// A leaf without a tip gets one, five centimetres on in its bone's direction: importers fail or drop it otherwise.
  private func inventedTip(of index: Int) -> SIMD3<Double>? {
    guard motion.skeleton.children[index].isEmpty else { return nil }
    let direction = motion.skeleton.joints[index].offset.normalized
    return (direction.length > 0.5 ? direction : .unitY) * max(0.05 / metresPerUnit, 0.000_001)
  }

  private mutating func offset(_ value: SIMD3<Double>, _ depth: Int) {
    indent(depth)
    append("OFFSET")
    for axis in 0..<3 {
      text.append(0x20)
      FixedPoint.append(value[axis], to: &text)
    }
    text.append(0x0A)
  }

  // MARK: Motion

  mutating func writeMotion() {
    line(0, "MOTION")
    line(0, "Frames: \(motion.count)")
    line(0, "Frame Time: \(FixedPoint.exact(motion.frameTime))")
    text.reserveCapacity(text.count + motion.count * encoder.channelCount * 11)
    var previous: [[Double]] = []
    for pose in motion.poses {
      var isFirst = true
      let angles = encoder.angles(of: pose, near: previous)
      for joint in encoder.order {
        encoder.forEachValue(of: joint, pose, angles[joint]) { value in
          if !isFirst { text.append(0x20) }
          isFirst = false
          FixedPoint.append(value, to: &text)
        }
        lostAngles[joint] = max(lostAngles[joint], encoder.lostAngle(joint, pose, angles[joint]))
        lostLengths[joint] = max(lostLengths[joint], encoder.lostLength(joint, pose))
      }
      text.append(0x0A)
      previous = angles
    }
  }

  /// Joints that lost more than a hundredth of a degree or a hundredth of a millimetre.
  func projections(of names: [String]) -> [BVH.WritingReport.Projection] {
    lostAngles.indices.compactMap { joint in
      let (angle, distance) = (lostAngles[joint], lostLengths[joint] * metresPerUnit)
      guard angle > 1.75e-4 || distance > 1e-5 else { return nil }
      return .init(joint: joint, name: names[joint], angle: angle, distance: distance)
    }
  }

  // MARK: Text

  private mutating func line(_ depth: Int, _ content: String) {
    indent(depth)
    append(content)
    text.append(0x0A)
  }

  private mutating func indent(_ depth: Int) {
    // Beyond any readable depth the indent stays, so that a chain of thousands is no file of gigabytes.
    for _ in 0..<min(depth, 64) { text.append(0x09) }
  }

  private mutating func append(_ content: String) { text.append(contentsOf: content.utf8) }
}

/// Poses as the numbers of a skeleton's channels.
struct BVHChannelEncoder {
  /// The joints depth first, as a BVH file nests them.
  let order: [Int]
  /// Whether the root's position channels say where it is, so that its OFFSET is free.
  let placesRoot: Bool
  let channelCount: Int
  private let skeleton: Skeleton
  private let euler: [EulerAngles]

  init(skeleton: Skeleton) {
    self.skeleton = skeleton
    order = Self.depthFirst(skeleton)
    euler = skeleton.joints.map { joint in EulerAngles(axes: joint.channels.filter { !$0.isPosition }.map(\.axis)) }
    placesRoot = Set(skeleton.joints[0].channels.filter(\.isPosition)).count == 3
    channelCount = skeleton.joints.reduce(0) { $0 + $1.channels.count }
  }

  private static func depthFirst(_ skeleton: Skeleton) -> [Int] {
    var order: [Int] = []
    var waiting = [0]
    while let joint = waiting.popLast() {
      order.append(joint)
      waiting.append(contentsOf: skeleton.children[joint].reversed())
    }
    return order
  }

  /// Every joint's rotation channels in radians, running on from the frame before (`previous`, empty at first).
  func angles(of pose: Pose, near previous: [[Double]]) -> [[Double]] {
    skeleton.joints.indices.map { joint in
      euler[joint].angles(of: pose.rotations[joint], near: previous.isEmpty ? nil : previous[joint])
    }
  }

  /// Calls `body` with the joint's numbers in the channels' order: file units and degrees.
  func forEachValue(of joint: Int, _ pose: Pose, _ angles: [Double], _ body: (Double) -> Void) {
    let place = position(joint, pose)
    var next = 0
    for channel in skeleton.joints[joint].channels {
      if channel.isPosition {
        body(place[channel.axis.rawValue])
      } else {
        body(angles[next] * 180 / .pi)
        next += 1
      }
    }
  }

  private func position(_ joint: Int, _ pose: Pose) -> SIMD3<Double> {
    joint == 0 ? pose.rootPosition : pose.translations[joint] ?? skeleton.joints[joint].offset
  }

  /// The angle in radians between the joint's rotation and the one that its channels can hold.
  func lostAngle(_ joint: Int, _ pose: Pose, _ angles: [Double]) -> Double {
    if euler[joint].reachesAll { return 0 }
    return euler[joint].error(of: pose.rotations[joint], angles: angles)
  }

  /// The distance in file units between the joint's place and the one that its channels and OFFSET can hold.
  func lostLength(_ joint: Int, _ pose: Pose) -> Double {
    if joint == 0 ? placesRoot : pose.translations.isEmpty { return 0 }
    var lost = position(joint, pose) - skeleton.joints[joint].offset
    for channel in skeleton.joints[joint].channels where channel.isPosition { lost[channel.axis.rawValue] = 0 }
    return lost.length
  }
}
