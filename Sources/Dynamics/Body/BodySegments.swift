import Kinematics
import Retargeting

/// Which segments a skeleton has joints for, and which joint carries each.
///
/// Pelvis and legs are always there. Chest, head and arms are there if the skeleton has joints for them below the
/// segment that would bear them; a skeleton of a trunk without a joint of its own is one segment with the pelvis.
struct BodySegments {
  let skeleton: Skeleton
  let joints: [CanonicalJoint: Int]

  /// The segments, parents first.
  var present: [Segment] {
    var present: [Segment] = []
    for segment in Segment.allCases where isPresent(segment, among: present) { present.append(segment) }
    return present
  }

  private func isPresent(_ segment: Segment, among present: [Segment]) -> Bool {
    switch segment {
    case .chest, .head, .leftUpperArm, .rightUpperArm:
      guard let carrier = carrier(of: segment), let parent = segment.ancestors.first(where: present.contains),
        let above = self.carrier(of: parent)
      else { return false }
      return carrier != above && path(from: above, to: carrier) != nil
    case .leftForearm, .rightForearm:
      return segment.parent.map(present.contains) == true && joints[segment.joints.proximal] != nil
    default: return true
    }
  }

  /// The joint in whose frame the segment is rigid: the last one before its far end. `nil` where there is none.
  func carrier(of segment: Segment) -> Int? {
    switch segment {
    case .pelvis: return joints[.pelvis]
    case .chest: return chest
    case .head: return joints[.head] ?? joints[.neck]
    case .leftFoot, .rightFoot: return joints[segment.joints.proximal]
    default:
      guard let proximal = joints[segment.joints.proximal] else { return nil }
      guard let distal = segment.joints.distal.flatMap({ joints[$0] }), let last = skeleton.joints[distal].parent,
        path(from: proximal, to: last) != nil
      else { return proximal }
      return last
    }
  }

  /// The lowest joint that bears head and arms, as far as there are any; else the highest of the spine.
  private var chest: Int? {
    let borne = [joints[.leftShoulder], joints[.rightShoulder], joints[.neck] ?? joints[.head]].compactMap { $0 }
    let spine = [CanonicalJoint.spine3, .spine2, .spine1].compactMap { joints[$0] }.first
    guard let first = borne.first else { return spine }
    // One arm or a head alone may hang from any joint of the spine.
    guard borne.count > 1 else { return spine ?? skeleton.joints[first].parent }
    return borne.dropFirst().reduce(skeleton.joints[first].parent) { bearing, joint in
      bearing.flatMap { commonAncestor($0, joint) }
    }
  }

  private func commonAncestor(_ a: Int, _ b: Int) -> Int? {
    let above = Set(skeleton.path(toRootFrom: a))
    return skeleton.path(toRootFrom: b).dropFirst().first(where: above.contains)
  }

  /// The joints after `ancestor` down to `joint`; `nil` if `joint` does not descend from it.
  func path(from ancestor: Int, to joint: Int) -> [Int]? {
    var path: [Int] = []
    var current = joint
    while current != ancestor {
      path.append(current)
      guard let parent = skeleton.joints[current].parent else { return nil }
      current = parent
    }
    return path.reversed()
  }
}
