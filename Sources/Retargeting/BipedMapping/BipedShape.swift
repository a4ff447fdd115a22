import Kinematics

/// Finds a biped's joints by the shape of its rest pose alone: two long chains down to the floor, a trunk up, two chains
/// out of the trunk. Left and right follow from the toes, which point forward.
struct BipedShape {
  private let skeleton: Skeleton
  private let positions: [SIMD3<Double>]

  init(_ skeleton: Skeleton) {
    self.skeleton = skeleton
    positions = skeleton.restPositions
  }

  /// The joints, or `nil` if the rest pose is not the shape of a standing person.
  func joints() -> [CanonicalJoint: Int]? {
    let leaves = skeleton.joints.indices.filter { skeleton.children[$0].isEmpty }
    let low = leaves.sorted { positions[$0].y < positions[$1].y }
    guard low.count >= 3, let first = low.first else { return nil }
    // The other foot: the lowest leaf of another limb.
    for second in low.dropFirst() {
      let pelvis = skeleton.meeting(first, second)
      guard let a = leg(from: pelvis, to: first), let b = leg(from: pelvis, to: second) else { continue }
      guard positions[a[0]].y > positions[second].y, positions[b[0]].y > positions[first].y else { continue }
      // Where the legs' joint carries no trunk, one above it does.
      for joint in skeleton.path(toRootFrom: pelvis) {
        if let found = body(pelvis: joint, legs: (a, b), leaves: leaves) { return found }
      }
      return nil
    }
    return nil
  }

  /// Hip, knee, ankle and perhaps toe on the way down: thigh and shin are the two long bones.
  private func leg(from pelvis: Int, to leaf: Int) -> [Int]? {
    let chain = chain(from: pelvis, to: leaf)
    guard chain.count >= 3 else { return nil }
    let bones = zip(chain, chain.dropFirst()).map { (positions[$1] - positions[$0]).length }
    let pairs = zip(bones, bones.dropFirst()).map { min($0, $1) }
    guard let thigh = pairs.indices.max(by: { pairs[$0] < pairs[$1] }), pairs[thigh] > 0 else { return nil }
    let leg = Array(chain[thigh..<min(chain.count, thigh + 4)])
    let drop = positions[leg[0]].y - positions[leg[2]].y
    let (upper, lower) = (bones[thigh], bones[thigh + 1])
    // A leg goes down, and its two bones are of like length: an insect's or a dog's are not.
    guard drop > 0.8 * (upper + lower), max(upper, lower) < 1.6 * min(upper, lower) else { return nil }
    return leg
  }

  private func body(pelvis: Int, legs: ([Int], [Int]), leaves: [Int]) -> [CanonicalJoint: Int]? {
    let legLength = positions[legs.0[0]].y - positions[legs.0[2]].y
    let above = leaves.filter { skeleton.isChain([pelvis, $0]) && positions[$0].y > positions[pelvis].y }
    guard let top = above.max(by: { positions[$0].y < positions[$1].y }) else { return nil }
    guard positions[top].y - positions[pelvis].y > 0.4 * legLength else { return nil }
    let trunk = chain(from: pelvis, to: top)
    let hips = positions[legs.0[0]] - positions[legs.1[0]]
    guard hips.length > 0.02 * legLength else { return nil }
    let hands = above.filter { leaf in
      leaf != top && (positions[leaf] - positions[pelvis]).horizontal.length > 0.3 * legLength
    }
    let reach = { (leaf: Int) in (positions[leaf] - positions[pelvis]).dot(hips.normalized) }
    let (a, b) = (hands.max { reach($0) < reach($1) }, hands.min { reach($0) < reach($1) })
    // Forward is where the toes are; then left is up x forward.
    let toes = [legs.0, legs.1].reduce(SIMD3<Double>.zero) { sum, leg in
      let tip = leg.count > 3 ? positions[leg[3]] - positions[leg[2]] : skeleton.joints[leg[2]].endSite ?? .zero
      return sum + tip.horizontal
    }
    guard toes.length > 0.05 * legLength else { return nil }
    let firstIsLeft = SIMD3.unitY.cross(toes.normalized).dot(hips) > 0
    var found: [CanonicalJoint: Int] = [.pelvis: pelvis]
    let order: [CanonicalJoint] = [.leftHip, .leftKnee, .leftAnkle, .leftFoot]
    for (leg, isLeft) in [(legs.0, firstIsLeft), (legs.1, !firstIsLeft)] {
      for (joint, index) in zip(order, leg) { found[isLeft ? joint : joint.mirrored] = index }
    }
    addUpperBody(to: &found, pelvis: pelvis, trunk: trunk, hands: (a, b), firstIsLeft: firstIsLeft)
    return found
  }

  private func addUpperBody(
    to found: inout [CanonicalJoint: Int], pelvis: Int, trunk: [Int], hands: (Int?, Int?), firstIsLeft: Bool
  ) {
    guard let a = hands.0, let b = hands.1, a != b else { return }
    let chest = skeleton.meeting(a, b)
    found.merge(BipedNames.spine(skeleton, pelvis: pelvis, chest: chest)) { old, _ in old }
    let upward = trunk.drop { $0 != chest }.dropFirst()
    found[.neck] = upward.first
    found[.head] = upward.count > 1 ? upward.last : nil
    for (hand, isLeft) in [(a, firstIsLeft), (b, !firstIsLeft)] {
      let chain = chain(from: chest, to: hand)
      guard chain.count >= 3 else { continue }
      let bones = zip(chain, chain.dropFirst()).map { (positions[$1] - positions[$0]).length }
      let pairs = zip(bones, bones.dropFirst()).map { min($0, $1) }
      // A long collar bone may pass for an upper arm: of pairs nearly as long the one nearest to the hand counts.
      guard let longest = pairs.max(), longest > 0, let upper = pairs.lastIndex(where: { $0 > 0.75 * longest }) else {
        continue
      }
      if upper > 0 { found[isLeft ? .leftCollar : .rightCollar] = chain[upper - 1] }
      found[isLeft ? .leftShoulder : .rightShoulder] = chain[upper]
      found[isLeft ? .leftElbow : .rightElbow] = chain[upper + 1]
      found[isLeft ? .leftWrist : .rightWrist] = chain[upper + 2]
    }
  }

  /// The joints strictly below `top` on the way to `bottom`.
  private func chain(from top: Int, to bottom: Int) -> [Int] {
    Array(skeleton.path(toRootFrom: bottom).prefix { $0 != top }.reversed())
  }
}
