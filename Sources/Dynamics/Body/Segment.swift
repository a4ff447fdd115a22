public import Kinematics

/// The thirteen rigid parts that a body is modelled by, parents before children.
public enum Segment: Int, CaseIterable, Sendable, Hashable, Codable {
  // Named by anatomy.
  case pelvis, chest, head, leftThigh, leftShank, leftFoot, rightThigh, rightShank, rightFoot
  case leftUpperArm, leftForearm, rightUpperArm, rightForearm

  /// The segment that it hangs from, `nil` for the pelvis.
  public var parent: Segment? {
    switch self {
    case .pelvis: nil
    case .chest, .leftThigh, .rightThigh: .pelvis
    case .head, .leftUpperArm, .rightUpperArm: .chest
    case .leftShank: .leftThigh
    case .leftFoot: .leftShank
    case .rightShank: .rightThigh
    case .rightFoot: .rightShank
    case .leftForearm: .leftUpperArm
    case .rightForearm: .rightUpperArm
    }
  }

  /// Whether it is one of the two feet.
  public var isFoot: Bool { self == .leftFoot || self == .rightFoot }

  /// The canonical joint that it turns about, and the one at its far end, where there are such.
  var joints: (proximal: CanonicalJoint, distal: CanonicalJoint?) {
    switch self {
    case .pelvis: (.pelvis, nil)
    case .chest: (.spine1, nil)
    case .head: (.neck, .head)
    case .leftThigh: (.leftHip, .leftKnee)
    case .leftShank: (.leftKnee, .leftAnkle)
    case .leftFoot: (.leftAnkle, .leftFoot)
    case .rightThigh: (.rightHip, .rightKnee)
    case .rightShank: (.rightKnee, .rightAnkle)
    case .rightFoot: (.rightAnkle, .rightFoot)
    case .leftUpperArm: (.leftShoulder, .leftElbow)
    case .leftForearm: (.leftElbow, .leftWrist)
    case .rightUpperArm: (.rightShoulder, .rightElbow)
    case .rightForearm: (.rightElbow, .rightWrist)
    }
  }

  /// Whether two segments are so near in the tree (parent, sibling, grandparent) that their shapes overlap by design.
  public func isNeighbour(of other: Segment) -> Bool {
    self == other || parent == other || other.parent == self || (parent != nil && parent == other.parent)
      || parent?.parent == other || other.parent?.parent == self
  }
}
