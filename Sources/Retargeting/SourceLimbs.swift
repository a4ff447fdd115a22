import Kinematics

/// The canonical tree with the limb lengths of a source skeleton.
struct SourceLimbs {
  let body: RestBody
  let corrections: RestCorrections

  var skeleton: Skeleton {
    // Where each joint is at rest, in the frame of its nearest mapped joint above.
    var places: [CanonicalJoint: SIMD3<Double>] = [:]
    for joint in CanonicalJoint.allCases where joint != .pelvis { places[joint] = place(of: joint, places) }
    let joints = CanonicalJoint.allCases.map { joint in
      let parent = joint.parent
      let from = parent.flatMap { body.joints[$0] == nil ? places[$0] : nil } ?? .zero
      return Joint(
        name: joint.fileName, parent: parent?.rawValue, offset: (places[joint] ?? .zero) - from,
        channels: joint == .pelvis ? .root : .rotation, endSite: endSite(of: joint))
    }
    return Skeleton(joints: joints)
  }

  /// Metres of the source for one of the canonical body.
  private var scale: Double {
    body.legLength / RestBody(skeleton: .canonical, joints: .identity).legLength
  }

  private func mappedAbove(_ joint: CanonicalJoint) -> CanonicalJoint {
    var above = joint.parent ?? .pelvis
    while body.joints[above] == nil, let parent = above.parent { above = parent }
    return above
  }

  private func place(of joint: CanonicalJoint, _ places: [CanonicalJoint: SIMD3<Double>]) -> SIMD3<Double> {
    let above = mappedAbove(joint)
    if body.joints[joint] != nil { return corrections[above].inverse.act(body.bone(above, joint)) }
    if let between = between(above, joint) { return between }
    let parent = joint.parent ?? .pelvis
    let base = body.joints[parent] == nil ? places[parent] ?? .zero : .zero
    if let toe = toe(joint) { return toe * 0.65 }
    return base + (Skeleton.canonical.joints[joint.rawValue].offset) * scale
  }

  /// A missing joint on the way to one that is there stands between them, as far along as in the canonical body.
  private func between(_ above: CanonicalJoint, _ joint: CanonicalJoint) -> SIMD3<Double>? {
    guard let below = mappedBelow(joint) else { return nil }
    let whole = length(from: above, to: below)
    guard whole > 0 else { return nil }
    return corrections[above].inverse.act(body.bone(above, below)) * (length(from: above, to: joint) / whole)
  }

  /// The only joint that is there below a missing one; `nil` if there are none or several.
  private func mappedBelow(_ joint: CanonicalJoint) -> CanonicalJoint? {
    let children = CanonicalJoint.allCases.filter { $0.parent == joint }
    let found = children.compactMap { body.joints[$0] != nil ? $0 : mappedBelow($0) }
    return found.count == 1 ? found[0] : nil
  }

  private func length(from above: CanonicalJoint, to below: CanonicalJoint) -> Double {
    var (sum, joint) = (0.0, below)
    while joint != above, let parent = joint.parent {
      sum += Skeleton.canonical.joints[joint.rawValue].offset.length
      joint = parent
    }
    return sum
  }

  /// The foot's tip in the ankle's frame where the source has no toe joint.
  private func toe(_ joint: CanonicalJoint) -> SIMD3<Double>? {
    guard joint == .leftFoot || joint == .rightFoot, let ankle = joint.parent, let index = body.joints[ankle],
      let tip = body.skeleton.joints[index].endSite
    else { return nil }
    return corrections[ankle].inverse.act(tip)
  }

  private func endSite(of joint: CanonicalJoint) -> SIMD3<Double>? {
    guard let canonical = Skeleton.canonical.joints[joint.rawValue].endSite else { return nil }
    if let index = body.joints[joint], let tip = body.skeleton.joints[index].endSite, tip.length > 1e-4 {
      return corrections[joint].inverse.act(tip)
    }
    if let tip = toe(joint), body.joints[joint] == nil { return tip * 0.35 }
    return canonical * scale
  }
}
