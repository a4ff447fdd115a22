import Kinematics

/// Finds shoulder, elbow and wrist (or hip, knee and ankle) of a limb whose names say only that it is one: the two long
/// bones of like length.
///
/// Tools name a joint after the bone that begins there, after the one that ends there, or after the joint itself:
/// `LShoulder LArm LWrist` and `clavicle humerus radius` are both shoulder, elbow and wrist. Lengths are along the joints,
/// so that the rest pose does not matter.
struct LimbByPlace {
  let skeleton: Skeleton

  /// The three joints at the ends of the two long bones of a chain.
  ///
  /// - Parameter chain: The limb's joints on the way outwards.
  /// - Returns: `nil` if no two bones that follow each other are of like length.
  func joints(in chain: [Int]) -> (upper: Int, middle: Int, end: Int)? {
    guard chain.count >= 3 else { return nil }
    let bones = zip(chain, chain.dropFirst()).map { length(from: $0, to: $1) }
    let pairs = zip(bones, bones.dropFirst()).map { LimbByPlace.areAlike($0, $1) ? min($0, $1) : 0 }
    guard let best = pairs.indices.max(by: { pairs[$0] < pairs[$1] }), pairs[best] > 0 else { return nil }
    return (chain[best], chain[best + 1], chain[best + 2])
  }

  /// Whether a joint's two bones can be a person's upper and lower arm, or thigh and shank.
  func isPlausible(_ upper: Int, _ middle: Int, _ end: Int?) -> Bool {
    let lower = end.map { length(from: middle, to: $0) } ?? skeleton.joints[middle].endSite?.length ?? 0
    return LimbByPlace.areAlike(length(from: upper, to: middle), lower)
  }

  private static func areAlike(_ a: Double, _ b: Double) -> Bool { min(a, b) > 0.5 * max(a, b) && max(a, b) > 0 }

  /// The way from a joint down to another along the joints between [m].
  func length(from upper: Int, to lower: Int) -> Double {
    skeleton.path(toRootFrom: lower).prefix { $0 != upper }.reduce(0) { $0 + skeleton.joints[$1].offset.length }
  }
}
