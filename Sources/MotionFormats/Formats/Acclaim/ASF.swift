public import Foundation
public import Kinematics
public import Support

/// Acclaim's skeleton files, the original form of CMU's motion capture; the motion comes from ``AMC``.
///
///     let actor = try ASF.read(contentsOf: folder.appending(path: "16.asf"))
///     let clip = try AMC.read(contentsOf: folder.appending(path: "16_15.amc"), skeleton: actor)
///
/// There is a joint at each bone's near end, with the bone's name; a leaf's far end is its End Site. A bone without
/// degrees of freedom that has children turns with its parent and becomes their offset (`lhipjoint`). The world's axes
/// are every joint's axes at rest: a bone whose local axes are C turns by `C M C⁻¹` when its row gives the rotation M.
/// That is the definition in Lander, "Working with motion capture file formats", Game Developer, January 1998.
///
/// Lengths are inches divided by `:units length` (CMU: 0.45, so 0.056444 m a unit).
public enum ASF {
  /// Reads a file.
  ///
  /// - Throws: A `SurefootError` with line and column for a file that is no ASF file.
  public static func read(contentsOf url: URL) throws(SurefootError) -> AcclaimSkeleton {
    try read(bytes: try FileBytes.read(url), file: url.path)
  }

  /// Reads a file's bytes; `file` is its name in errors.
  public static func read(bytes: [UInt8], file: String) throws(SurefootError) -> AcclaimSkeleton {
    var parser = try ASFParser(bytes, file: file)
    try parser.read()
    return try parser.assemble()
  }
}

/// The content of an ASF file: the skeleton, and how the rows of an AMC file move it.
public struct AcclaimSkeleton: Sendable, Hashable {
  /// A bone of the file.
  public struct Bone: Sendable, Hashable {
    /// The bone's name.
    public var name: String
    /// Its direction at rest, of length 1, in the world's axes.
    public var direction: SIMD3<Double>
    /// Its length [m].
    public var length: Double
    /// Its local axes at rest, in the world's.
    public var axes: Quaternion
    /// The axes that it turns about, in the order of an AMC row; applied first to last, each about a fixed axis.
    public var degreesOfFreedom: [Axis]
    /// The range of each degree of freedom [rad]; empty if the file gives none.
    public var limits: [ClosedRange<Double>]
  }

  /// The root's part of an AMC row.
  public struct Root: Sendable, Hashable {
    /// What the numbers of a row are, in order.
    public var order: [Channel] = .root
    /// The root's place at rest [m].
    public var position = SIMD3<Double>()
    /// The root's axes at rest.
    public var axes = Quaternion.identity
  }

  /// The figure at rest, one joint a bone, at the bone's near end; see ``ASF``.
  public var skeleton: Skeleton
  /// The bones in the file's order, the root not among them.
  public var bones: [Bone]
  /// The root's part of a row.
  public var root: Root
  /// The joint of every bone by the bone's name; bones that turn with their parent share its joint.
  public var jointOfBone: [String: Int]
  /// Metres in the file's length unit.
  public var metresPerUnit: Double
  /// Whether the file's angles are degrees, which an AMC file may say otherwise.
  public var usesDegrees: Bool
}

extension ASFParser {
  /// The parsed file in metres and radians, as a tree.
  func assemble() throws(SurefootError) -> AcclaimSkeleton {
    let metres = FileConvention.inch / lengthUnit
    let radians = usesDegrees ? Double.pi / 180 : 1
    let finished = bones.map { raw in
      AcclaimSkeleton.Bone(
        name: raw.name, direction: (raw.direction ?? .unitY).normalized, length: (raw.length ?? 0) * metres,
        axes: Self.fixedAxes(raw.axis * radians, raw.axisOrder), degreesOfFreedom: raw.degrees,
        limits: raw.limits.map { $0.lowerBound * radians...$0.upperBound * radians })
    }
    var children: [String: [String]] = [:]
    for child in childOrder { children[parents[child]?.parent ?? "root", default: []].append(child) }

    var joints = [Joint(name: "root", parent: nil, offset: .zero, channels: .root)]
    var jointOfBone = ["root": 0]
    // A bone waits with its joint's parent and the place of its near end in that parent's frame.
    var waiting = (children["root"] ?? []).reversed().map { (bone: $0, parent: 0, near: SIMD3<Double>()) }
    while let (name, parent, near) = waiting.popLast() {
      let bone = finished[boneIndex[name] ?? 0]
      let below = children[name] ?? []
      let reach = bone.direction * bone.length
      if bone.degreesOfFreedom.isEmpty, !below.isEmpty {
        jointOfBone[name] = parent
        waiting += below.reversed().map { ($0, parent, near + reach) }
      } else {
        joints.append(
          Joint(name: name, parent: parent, offset: near, channels: .rotation, endSite: below.isEmpty ? reach : nil))
        jointOfBone[name] = joints.count - 1
        waiting += below.reversed().map { [index = joints.count - 1] in ($0, index, reach) }
      }
    }
    for bone in bones where jointOfBone[bone.name] == nil {
      throw scanner.error(
        "bone '\(bone.name)' does not hang from the root", suggestion: "add it to :hierarchy", at: bone.place)
    }
    let skeleton = Skeleton(joints: joints)
    let resting = Motion(skeleton: skeleton, frameTime: 1, poses: [Pose(resting: skeleton)])
    try resting.checkRead(file: scanner.file)
    return AcclaimSkeleton(
      skeleton: skeleton, bones: finished,
      root: .init(
        order: root.order, position: root.position * metres,
        axes: Self.fixedAxes(root.orientation * radians, root.axisOrder)),
      jointOfBone: jointOfBone, metresPerUnit: metres, usesDegrees: usesDegrees)
  }

  /// The rotation by three angles about fixed axes, first to last in `order`.
  static func fixedAxes(_ angles: SIMD3<Double>, _ order: [Axis]) -> Quaternion {
    // `axis 10 20 30 ZYX` lists the angles in the order's sequence.
    var rotation = Quaternion.identity
    for (slot, axis) in order.enumerated() { rotation = Quaternion(angle: angles[slot], about: axis) * rotation }
    return rotation
  }
}
