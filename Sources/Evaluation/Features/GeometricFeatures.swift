public import Kinematics

/// Which relations between body parts hold, and how often: the features behind FID_g.
///
/// 32 yes-or-no relations, each averaged over the frames after the first, in 0...1. After Müller, Röder and Clausen,
/// "Efficient content-based retrieval of motion capture data" (SIGGRAPH 2005, 10.1145/1073204.1073247), in AIST++'s
/// choice (Li et al., ICCV 2021, arXiv:2101.08779). Where it differs from the code published with AIST++, on purpose:
/// - lengths (upper arm, shoulder width, hip width) are those of the motion's own skeleton, not constants of one body;
/// - speeds are per second of the motion's own time; the published code divides 60-frame data by 1/120 s, which halves
///   every speed threshold;
/// - planes are oriented alike on both sides, so that a mirrored motion has the same relations with left and right
///   exchanged;
/// - the lowest joint of the frame is the floor, as in that code.
///
/// Thresholds are multiples of those lengths, or degrees; see ``relations``.
public struct GeometricFeatures: MotionFeatures {
  /// `geometric`.
  public let name = "geometric"
  /// 32, the number of relations.
  public let dimension = GeometricFeatures.relations.count

  /// Features without settings.
  public init() {}

  /// One vector a motion of at least two frames.
  public func features(of motions: [Motion]) throws -> FeatureMatrix {
    FeatureMatrix(
      rows: try motions.map { motion in
        let trajectory = try CanonicalTrajectory(motion, minimumFrames: 2)
        let lengths = BodyLengths(trajectory.skeleton)
        return GeometricFeatures.relations.map { relation in
          let held = (1..<trajectory.count).count { relation.holds(at: $0, in: trajectory, lengths) }
          return Double(held) / Double(trajectory.count - 1)
        }
      })
  }

  /// The 32 relations, in order.
  static let relations: [GeometricRelation] =
    upperBody + [
      // A foot is behind the plane of the other leg; is raised; the feet are apart.
      .beyondPlane(.pelvis, .leftHip, .leftFoot, of: .rightAnkle, by: .upperArm(0.38)),
      .beyondPlane(.pelvis, .rightFoot, .rightHip, of: .leftAnkle, by: .upperArm(0.38)),
      .above(.rightAnkle, by: .upperArm(1.2)),
      .above(.leftAnkle, by: .upperArm(1.2)),
      .beyond(from: .leftHip, to: .rightHip, through: .leftAnkle, of: .rightAnkle, by: .hipWidth(2.1)),
      // A knee is bent; a foot is fast.
      .angle(.rightKnee, .rightHip, .rightKnee, .rightAnkle, degrees: 0...110),
      .angle(.leftKnee, .leftHip, .leftKnee, .leftAnkle, degrees: 0...110),
      .fast(.rightAnkle, .upperArm(2.5)),
      .fast(.leftAnkle, .upperArm(2.5)),
      // Limbs against the trunk.
      .angle(.neck, .pelvis, .rightShoulder, .rightElbow, degrees: 25...180),
      .angle(.neck, .pelvis, .leftShoulder, .leftElbow, degrees: 25...180),
      .angle(.neck, .pelvis, .rightHip, .rightKnee, degrees: 50...180),
      .angle(.neck, .pelvis, .leftHip, .leftKnee, degrees: 50...180),
      // The trunk against the feet; lying down; hands near the floor; the whole body fast.
      .beyondPlane(.rightAnkle, .neck, .leftAnkle, of: .pelvis, by: .upperArm(0.5)),
      .inclined(.neck, .pelvis, degrees: 70...110),
      .below(.rightWrist, by: .upperArm(1.2)),
      .below(.leftWrist, by: .upperArm(1.2)),
      .fast(.pelvis, .upperArm(2.3)),
    ]

  private static let upperBody: [GeometricRelation] = [
    // A hand moves forwards; is raised above the neck; moves upwards.
    .movesAlongNormal(.neck, .rightHip, .leftHip, of: .rightWrist, .upperArm(1.8)),
    .movesAlongNormal(.neck, .rightHip, .leftHip, of: .leftWrist, .upperArm(1.8)),
    .beyond(from: .spine3, to: .neck, through: .neck, of: .rightWrist, by: .upperArm(0.2)),
    .beyond(from: .spine3, to: .neck, through: .neck, of: .leftWrist, by: .upperArm(0.2)),
    .moves(from: .spine1, to: .spine3, of: .rightWrist, against: .spine3, .upperArm(1.8)),
    .moves(from: .spine1, to: .spine3, of: .leftWrist, against: .spine3, .upperArm(1.8)),
    // An elbow is bent.
    .angle(.rightElbow, .rightShoulder, .rightElbow, .rightWrist, degrees: 0...110),
    .angle(.leftElbow, .leftShoulder, .leftElbow, .leftWrist, degrees: 0...110),
    // Hands are apart; approach one another; approach the pelvis; are fast.
    .beyond(from: .leftShoulder, to: .rightShoulder, through: .leftWrist, of: .rightWrist, by: .shoulderWidth(2.5)),
    .moves(from: .leftWrist, to: .rightWrist, of: .leftWrist, against: .rightWrist, .upperArm(1.4)),
    .moves(from: .rightWrist, to: .pelvis, of: .rightWrist, against: .pelvis, .upperArm(1.4)),
    .moves(from: .leftWrist, to: .pelvis, of: .leftWrist, against: .pelvis, .upperArm(1.4)),
    .fast(.rightWrist, .upperArm(2.5)),
    .fast(.leftWrist, .upperArm(2.5)),
  ]
}
