/// Joints that are named by the two bones that meet there, as anatomists do: `right_femur_tibia` is the knee.
enum BoneNames {
  /// From the trunk outwards; bones side by side stand in one row.
  private static let leg: [(bones: Set<String>, joint: BodyPart.Word)] = [
    (["pelvis", "ilium", "sacrum"], .pelvis), (["femur", "thigh"], .thigh), (["tibia", "fibula", "shank"], .shin),
    (["talus", "foot"], .ankle), (["calcn", "calcaneus"], .foot), (["toe", "toes", "phalanges", "phalanx"], .toe),
  ]
  private static let arm: [(bones: Set<String>, joint: BodyPart.Word)] = [
    (["thorax", "sternum", "manubrium"], .spine), (["clavicle", "scapula"], .collar), (["humerus"], .upperArm),
    (["radius", "ulna"], .forearm), (["hand", "carpus"], .wrist),
  ]

  /// The joint between two bones of a limb, named by the outer one; `nil` for words that are not two such bones.
  static func joint(between tokens: [String]) -> BodyPart.Word? {
    for limb in [leg, arm] {
      let rows = tokens.compactMap { token in limb.firstIndex { $0.bones.contains(token) } }
      if Set(rows).count > 1, let outer = rows.max() { return limb[outer].joint }
    }
    return nil
  }
}
