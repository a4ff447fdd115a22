import Kinematics

/// The thirteen rigid parts of a whole ``BodyModel``, parents before children.
public enum Segment: Int, CaseIterable, Sendable, Hashable, Codable {
  // Named by anatomy.
  case pelvis, chest, head, leftThigh, leftShank, leftFoot, rightThigh, rightShank, rightFoot
  case leftUpperArm, leftForearm, rightUpperArm, rightForearm

  /// The segment that this one is jointed to, `nil` for the pelvis.
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

  /// The segments from the parent up to the pelvis.
  var ancestors: [Segment] { Array(sequence(first: self, next: \.parent).dropFirst()) }

  /// Whether this is a foot.
  public var isFoot: Bool { self == .leftFoot || self == .rightFoot }

  /// The canonical joint at the segment's near end and the one at its far end, if any.
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

  /// Whether two segments are the same, parent, sibling or grandparent: such shapes overlap by design and do not collide.
  func isNeighbour(of other: Segment) -> Bool {
    self == other || parent == other || other.parent == self || (parent != nil && parent == other.parent)
      || parent?.parent == other || other.parent?.parent == self
  }
}
