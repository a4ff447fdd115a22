import Foundation
public import Kinematics

extension DeepMimic {
  /// A body of the humanoid, in the order of a row.
  enum Body: Int, CaseIterable {
    case root, chest, neck, rightHip, rightKnee, rightAnkle, rightShoulder, rightElbow
    case leftHip, leftKnee, leftAnkle, leftShoulder, leftElbow

    /// Whether a row gives one angle, about the figure's right, instead of a quaternion.
    var isHinge: Bool {
      switch self {
      case .rightKnee, .rightElbow, .leftKnee, .leftElbow: true
      default: false
      }
    }

    /// Whether its bones hang down at rest in the files and point sideways in a T-pose.
    var isArm: Bool {
      switch self {
      case .rightShoulder, .rightElbow, .leftShoulder, .leftElbow: true
      default: false
      }
    }

    var isLeft: Bool { rawValue >= Body.leftHip.rawValue }
  }

  /// The humanoid in T-pose: 13 jointed bodies, and the wrists, which never turn.
  ///
  /// Names are those of animation tools. Lengths are those of `humanoid3d.txt`; tips are the far ends of its head,
  /// hands and feet.
  public static let skeleton = Skeleton(joints: [
    Joint(name: "Hips", parent: nil, offset: .zero, channels: .root),
    Joint(name: "Spine", parent: 0, offset: SIMD3(0, 0.236151, 0)),
    Joint(name: "Neck", parent: 1, offset: SIMD3(0, 0.223894, 0), endSite: SIMD3(0, 0.2775, 0)),
    Joint(name: "RightUpLeg", parent: 0, offset: SIMD3(-0.084887, 0, 0)),
    Joint(name: "RightLeg", parent: 3, offset: SIMD3(0, -0.421546, 0)),
    Joint(name: "RightFoot", parent: 4, offset: SIMD3(0, -0.409870, 0), endSite: SIMD3(0, -0.05, 0.1335)),
    Joint(name: "RightArm", parent: 1, offset: SIMD3(-0.18311, 0.24350, -0.02405)),
    Joint(name: "RightForeArm", parent: 6, offset: SIMD3(-0.274788, 0, 0)),
    Joint(name: "RightHand", parent: 7, offset: SIMD3(-0.258947, 0, 0), endSite: SIMD3(-0.08, 0, 0)),
    Joint(name: "LeftUpLeg", parent: 0, offset: SIMD3(0.084887, 0, 0)),
    Joint(name: "LeftLeg", parent: 9, offset: SIMD3(0, -0.421546, 0)),
    Joint(name: "LeftFoot", parent: 10, offset: SIMD3(0, -0.409870, 0), endSite: SIMD3(0, -0.05, 0.1335)),
    Joint(name: "LeftArm", parent: 1, offset: SIMD3(0.18311, 0.24350, -0.02405)),
    Joint(name: "LeftForeArm", parent: 12, offset: SIMD3(0.274788, 0, 0)),
    Joint(name: "LeftHand", parent: 13, offset: SIMD3(0.258947, 0, 0), endSite: SIMD3(0.08, 0, 0)),
  ])

  /// The joint of each body.
  static let jointOfBody = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13]
}
