extension Motion {
  /// The same motion with its joints in another skeleton's order.
  ///
  /// A BVH file nests joints depth first, so that a skeleton in another order (``Skeleton/canonical``) comes back from
  /// a file reordered; this undoes it.
  ///
  /// - Returns: `nil` unless both skeletons have the same names, each once, and the same parents.
  /// - Complexity: O(joints · frames).
  public func ordered(like other: Skeleton) -> Motion? {
    let from = skeleton.names
    guard from.count == other.count, Set(from).count == from.count else { return nil }
    let place = Dictionary(uniqueKeysWithValues: from.enumerated().map { ($1, $0) })
    let sources = other.names.compactMap { place[$0] }
    guard Set(sources).count == from.count else { return nil }
    var target = [Int](repeating: 0, count: sources.count)
    for (new, old) in sources.enumerated() { target[old] = new }
    let joints = sources.map { old in
      var joint = skeleton.joints[old]
      joint.parent = joint.parent.map { target[$0] }
      return joint
    }
    guard joints.map(\.parent) == other.joints.map(\.parent) else { return nil }
    let poses = self.poses.map { pose in
      Pose(
        rootPosition: pose.rootPosition, rotations: sources.map { pose.rotations[$0] },
        translations: Dictionary(uniqueKeysWithValues: pose.translations.map { (target[$0.key], $0.value) }))
    }
    return Motion(skeleton: Skeleton(joints: joints), frameTime: frameTime, poses: poses)
  }
}
