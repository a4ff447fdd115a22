/// One joint of a skeleton.
public struct Joint: Sendable, Hashable, Codable {
  /// The joint's name as the file spells it.
  public var name: String
  /// The index of the parent joint, `nil` for the root. A parent stands before its children.
  public var parent: Int?
  /// From the parent's origin to this joint's, in the parent's frame at rest [m]. A root's is kept but moves nothing:
  /// its pose says where it is.
  public var offset: SIMD3<Double>
  /// The file's channels, in the file's order.
  public var channels: [Channel]
  /// The tip of a leaf (`End Site`), in this joint's frame [m].
  public var endSite: SIMD3<Double>?

  /// A joint by its parts; see the members.
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

/// A tree of joints at rest: what a figure is, without where it is.
///
/// Joints stand parents first (depth first, in a file's order), so that one pass over the array does forward
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
        precondition(parent < index, "parents stand before their children")
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
