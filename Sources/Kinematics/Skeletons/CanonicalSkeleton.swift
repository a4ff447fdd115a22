/// The 22 joints that every dataset and model of Surefoot shares, named and ordered as SMPL and HumanML3D do.
///
/// At rest the body stands in a T-pose, faces +Z and has its left at +X. Lengths are those of a person 1.70 m tall by
/// the segment proportions of Drillis and Contini (1966) as tabulated in D. A. Winter, "Biomechanics and Motor Control
/// of Human Movement", figure 4.1; the trunk is cut at SMPL's three spine joints.
public enum CanonicalJoint: Int, CaseIterable, Sendable, Codable {
  // Named by the field's list of 22.
  case pelvis, leftHip, rightHip, spine1, leftKnee, rightKnee, spine2, leftAnkle, rightAnkle, spine3, leftFoot
  case rightFoot, neck, leftCollar, rightCollar, head, leftShoulder, rightShoulder, leftElbow, rightElbow, leftWrist
  case rightWrist

  /// The joint it hangs from, `nil` for the pelvis.
  public var parent: CanonicalJoint? {
    switch self {
    case .pelvis: nil
    case .leftHip, .rightHip, .spine1: .pelvis
    case .leftKnee: .leftHip
    case .rightKnee: .rightHip
    case .spine2: .spine1
    case .leftAnkle: .leftKnee
    case .rightAnkle: .rightKnee
    case .spine3: .spine2
    case .leftFoot: .leftAnkle
    case .rightFoot: .rightAnkle
    case .neck, .leftCollar, .rightCollar: .spine3
    case .head: .neck
    case .leftShoulder: .leftCollar
    case .rightShoulder: .rightCollar
    case .leftElbow: .leftShoulder
    case .rightElbow: .rightShoulder
    case .leftWrist: .leftElbow
    case .rightWrist: .rightElbow
    }
  }

  /// The same joint of the other side; itself on the midline.
  public var mirrored: CanonicalJoint {
    switch self {
    case .leftHip: .rightHip
    case .rightHip: .leftHip
    case .leftKnee: .rightKnee
    case .rightKnee: .leftKnee
    case .leftAnkle: .rightAnkle
    case .rightAnkle: .leftAnkle
    case .leftFoot: .rightFoot
    case .rightFoot: .leftFoot
    case .leftCollar: .rightCollar
    case .rightCollar: .leftCollar
    case .leftShoulder: .rightShoulder
    case .rightShoulder: .leftShoulder
    case .leftElbow: .rightElbow
    case .rightElbow: .leftElbow
    case .leftWrist: .rightWrist
    case .rightWrist: .leftWrist
    case .pelvis, .spine1, .spine2, .spine3, .neck, .head: self
    }
  }

  /// The joint's name in a BVH file that Surefoot writes: the names that animation tools expect.
  public var fileName: String {
    switch self {
    case .pelvis: "Hips"
    case .leftHip: "LeftUpLeg"
    case .rightHip: "RightUpLeg"
    case .spine1: "Spine"
    case .leftKnee: "LeftLeg"
    case .rightKnee: "RightLeg"
    case .spine2: "Spine1"
    case .leftAnkle: "LeftFoot"
    case .rightAnkle: "RightFoot"
    case .spine3: "Spine2"
    case .leftFoot: "LeftToeBase"
    case .rightFoot: "RightToeBase"
    case .neck: "Neck"
    case .leftCollar: "LeftShoulder"
    case .rightCollar: "RightShoulder"
    case .head: "Head"
    case .leftShoulder: "LeftArm"
    case .rightShoulder: "RightArm"
    case .leftElbow: "LeftForeArm"
    case .rightElbow: "RightForeArm"
    case .leftWrist: "LeftHand"
    case .rightWrist: "RightHand"
    }
  }

  /// From the parent's origin, in T-pose, for the canonical body [m].
  var canonicalOffset: SIMD3<Double> {
    switch self {
    case .pelvis: SIMD3(0, 0, 0)
    case .leftHip: SIMD3(0.09, -0.06, 0)
    case .spine1: SIMD3(0, 0.10, -0.01)
    case .leftKnee: SIMD3(0, -0.4165, 0)
    case .spine2: SIMD3(0, 0.13, 0)
    case .leftAnkle: SIMD3(0, -0.4182, 0)
    case .spine3: SIMD3(0, 0.06, 0)
    case .leftFoot: SIMD3(0, -0.055, 0.13)
    case .neck: SIMD3(0, 0.21, -0.01)
    case .leftCollar: SIMD3(0.07, 0.12, -0.01)
    case .head: SIMD3(0, 0.10, 0.03)
    case .leftShoulder: SIMD3(0.11, 0.02, -0.005)
    case .leftElbow: SIMD3(0.285, 0, 0)
    case .leftWrist: SIMD3(0.2482, 0, 0)
    default: mirrored.canonicalOffset * SIMD3(-1, 1, 1)
    }
  }

  /// The tip beyond a leaf joint of the canonical body [m].
  var canonicalEndSite: SIMD3<Double>? {
    switch self {
    case .leftFoot, .rightFoot: SIMD3(0, -0.005, 0.07)
    case .head: SIMD3(0, 0.17, 0)
    case .leftWrist: SIMD3(0.16, 0, 0)
    case .rightWrist: SIMD3(-0.16, 0, 0)
    default: nil
    }
  }
}

extension Skeleton {
  /// The canonical body: joint `i` is `CanonicalJoint(rawValue: i)`, sized for a height of 1.70 m.
  public static let canonical = Skeleton(
    joints: CanonicalJoint.allCases.map { joint in
      Joint(
        name: joint.fileName, parent: joint.parent?.rawValue, offset: joint.canonicalOffset,
        channels: joint == .pelvis ? .root : .rotation, endSite: joint.canonicalEndSite)
    })

  /// Whether the joints' names and tree are the canonical ones, whatever the limb lengths.
  public var isCanonical: Bool {
    names == CanonicalJoint.allCases.map(\.fileName)
      && joints.map(\.parent) == CanonicalJoint.allCases.map { $0.parent?.rawValue }
  }
}

extension [CanonicalJoint: Int] {
  /// The canonical skeleton's own joints.
  package static let identity = Dictionary(uniqueKeysWithValues: CanonicalJoint.allCases.map { ($0, $0.rawValue) })
}
