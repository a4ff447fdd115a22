import Mocap

/// The canonical joints of skeletons with common names: the canonical one's own, CMU's BVH and DeepMimic's.
///
/// Only names are read. Give ``CorrectorBody`` another `infer` for skeletons of other conventions.
enum JointNames {
  private static let known: [(CanonicalJoint, [String])] = [
    (.pelvis, ["hips", "pelvis", "root"]), (.leftHip, ["leftupleg", "lefthip", "lhip"]),
    (.rightHip, ["rightupleg", "righthip", "rhip"]), (.leftKnee, ["leftleg", "leftknee", "lknee"]),
    (.rightKnee, ["rightleg", "rightknee", "rknee"]), (.leftAnkle, ["leftfoot", "leftankle", "lankle"]),
    (.rightAnkle, ["rightfoot", "rightankle", "rankle"]), (.leftFoot, ["lefttoebase", "lefttoe", "ltoe"]),
    (.rightFoot, ["righttoebase", "righttoe", "rtoe"]), (.neck, ["neck"]), (.head, ["head"]),
    (.leftCollar, ["leftshoulder", "leftcollar"]), (.rightCollar, ["rightshoulder", "rightcollar"]),
    (.leftShoulder, ["leftarm", "lsho"]), (.rightShoulder, ["rightarm", "rsho"]),
    (.leftElbow, ["leftforearm", "leftelbow", "lelbow"]), (.rightElbow, ["rightforearm", "rightelbow", "relbow"]),
    (.leftWrist, ["lefthand", "leftwrist", "lwrist"]), (.rightWrist, ["righthand", "rightwrist", "rwrist"]),
  ]

  static func joints(of skeleton: Skeleton) -> [CanonicalJoint: Int] {
    var indices: [String: Int] = [:]
    for (index, name) in skeleton.names.enumerated() {
      let plain = (name.split(separator: ":").last ?? "").lowercased().filter { $0.isLetter || $0.isNumber }
      indices[plain] = indices[plain] ?? index
    }
    var found: [CanonicalJoint: Int] = [:]
    for (joint, names) in known { found[joint] = names.lazy.compactMap { indices[$0] }.first }
    // Where the arm hangs from `LeftArm`, `LeftShoulder` is the collar bone; where there is no such joint it is the arm's.
    for (shoulder, collar) in [
      (CanonicalJoint.leftShoulder, CanonicalJoint.leftCollar), (.rightShoulder, .rightCollar),
    ]
    where found[shoulder] == nil {
      found[shoulder] = found.removeValue(forKey: collar)
    }
    return found
  }
}
