/// One joint of a skeleton.
public struct Joint: Sendable, Hashable, Codable {
  /// The joint's name as the file spells it.
  public var name: String
  /// The index of the parent joint, `nil` for the root. A parent precedes its children.
  public var parent: Int?
  /// From the parent's origin to this joint's, in the parent's frame at rest [m]. A root's is kept but moves nothing:
  /// its pose says where it is.
  public var offset: SIMD3<Double>
  /// The file's channels, in the file's order.
  public var channels: [Channel]
  /// The tip of a leaf (`End Site`), in this joint's frame [m].
  public var endSite: SIMD3<Double>?

  /// A joint with the channels of a new skeleton unless others are given.
  public init(
    name: String, parent: Int?, offset: SIMD3<Double>, channels: [Channel] = .rotation, endSite: SIMD3<Double>? = nil
  ) {
    self.name = name
    self.parent = parent
    self.offset = offset
    self.channels = channels
    self.endSite = endSite
  }
}

/// A tree of joints in its rest pose.
///
///     let arm = Skeleton(joints: [
///       Joint(name: "shoulder", parent: nil, offset: .zero),
///       Joint(name: "elbow", parent: 0, offset: SIMD3(0.3, 0, 0)),
///     ])
///     arm.frames(of: Pose(resting: arm)).positions[1]      // (0.3, 0, 0)
///
/// Parents precede their children (depth first, in a file's order), so one pass over the array computes forward
/// kinematics. All lengths are metres, Y up.
public struct Skeleton: Sendable, Hashable, Codable {
  /// Parents before children; the first is the root.
  public let joints: [Joint]
  /// Every joint's children, in order.
  public let children: [[Int]]

  /// A skeleton of the given joints.
  ///
  /// - Precondition: At least one joint; joint 0 alone has no parent; a parent's index is smaller than its child's.
  public init(joints: [Joint]) {
    precondition(!joints.isEmpty, "a skeleton has at least one joint")
    var children = [[Int]](repeating: [], count: joints.count)
    for (index, joint) in joints.enumerated() {
      precondition((joint.parent == nil) == (index == 0), "joint 0 alone is the root")
      if let parent = joint.parent {
        precondition(parent < index, "parents precede their children")
        children[parent].append(index)
      }
    }
    self.joints = joints
    self.children = children
  }

  /// The number of joints.
  public var count: Int { joints.count }

  /// The index of the first joint of that name.
  public func index(of name: String) -> Int? { joints.firstIndex { $0.name == name } }

  /// The names of all joints, in order.
  public var names: [String] { joints.map(\.name) }

  private enum CodingKeys: CodingKey { case joints }

  /// Decodes the joints and rebuilds the tree.
  public init(from decoder: any Decoder) throws {
    let joints = try decoder.container(keyedBy: CodingKeys.self).decode([Joint].self, forKey: .joints)
    let ordered = joints.enumerated().allSatisfy { index, joint in
      joint.parent.map { (0..<index).contains($0) } ?? (index == 0)
    }
    guard ordered, !joints.isEmpty else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "joints do not form one tree, parents first"))
    }
    self.init(joints: joints)
  }

  /// Encodes the joints.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(joints, forKey: .joints)
  }
}

/// One animated number of a joint, as BVH names them.
public enum Channel: Sendable, Hashable, Codable {
  /// A translation along an axis, `Xposition` and so on.
  case position(Axis)
  /// A rotation about an axis, `Zrotation` and so on; rotations apply in the order in which they are listed, left to
  /// right, each in the frame that the ones before it made (intrinsic).
  case rotation(Axis)

  /// Whether this is a translation.
  public var isPosition: Bool {
    if case .position = self { true } else { false }
  }

  /// The axis moved along or turned about.
  public var axis: Axis {
    switch self {
    case .position(let axis), .rotation(let axis): axis
    }
  }
}

extension [Channel] {
  /// Translation X, Y, Z, then rotation Z, Y, X: a new skeleton's root.
  public static let root: [Channel] = [.position(.x), .position(.y), .position(.z)] + rotation
  /// Rotation Z, Y, X: every other joint of a new skeleton.
  public static let rotation: [Channel] = [.rotation(.z), .rotation(.y), .rotation(.x)]
}
