package import Kinematics

/// Finds a biped's joints by their names, words of two meanings settled by the joints above and below.
package struct BipedNames {
  private let skeleton: Skeleton
  private let parts: [BodyPart]

  package init(_ skeleton: Skeleton) {
    self.skeleton = skeleton
    parts = skeleton.names.map(BodyPart.init(name:))
  }

  /// The joints that could be identified; perhaps not all that a biped needs.
  package func joints() -> [CanonicalJoint: Int] {
    var found: [CanonicalJoint: Int] = [:]
    for side in [BodyPart.Side.left, .right] {
      for (joint, index) in leg(side) { found[side == .left ? joint : joint.mirrored] = index }
      for (joint, index) in arm(side) { found[side == .left ? joint : joint.mirrored] = index }
    }
    guard let left = found[.leftHip], let right = found[.rightHip] else { return found }
    var pelvis = skeleton.meeting(left, right)
    // A rig whose pelvis carries the legs alone: what carries legs and trunk is the body's pelvis.
    if let left = found[.leftShoulder], let right = found[.rightShoulder] {
      pelvis = skeleton.meeting(pelvis, skeleton.meeting(left, right))
    }
    guard pelvis != left, pelvis != right else { return found }
    found[.pelvis] = pelvis
    addTrunk(to: &found, pelvis: pelvis)
    return found
  }

  private func leg(_ side: BodyPart.Side) -> [CanonicalJoint: Int] {
    let knees = members(side, [.shin]).first ?? members(side, [.leg]).last
    guard let knee = knees else { return [:] }
    let above = Set(skeleton.path(toRootFrom: knee).dropFirst())
    let thighs = members(side, [.thigh]).filter(above.contains)
    let hips = members(side, [.hip, .leg]).filter(above.contains)
    guard let hip = thighs.first ?? hips.last else { return [:] }
    var leg: [CanonicalJoint: Int] = [.leftHip: hip, .leftKnee: knee]
    let below = members(side, [.ankle, .foot, .toe]).filter { skeleton.isChain([knee, $0]) }
    guard
      let ankle = below.first(where: { parts[$0].word == .ankle }) ?? below.first(where: { parts[$0].word == .foot })
    else { return leg }
    leg[.leftAnkle] = ankle
    leg[.leftFoot] = below.first { $0 != ankle && skeleton.isChain([ankle, $0]) }
    return leg
  }

  private func arm(_ side: BodyPart.Side) -> [CanonicalJoint: Int] {
    let elbows = members(side, [.forearm])
    let collars = members(side, [.collar])
    let shoulders = members(side, [.shoulder])
    let uppers = members(side, [.upperArm]) + members(side, [.arm])
    // `Shoulder` is the collar bone where an upper arm follows, the upper arm where none does.
    guard let shoulder = uppers.first ?? shoulders.last else { return [:] }
    var arm: [CanonicalJoint: Int] = [.leftShoulder: shoulder]
    arm[.leftCollar] = (collars + shoulders).first { skeleton.isChain([$0, shoulder]) }
    guard let elbow = elbows.first(where: { skeleton.isChain([shoulder, $0]) }) else { return arm }
    arm[.leftElbow] = elbow
    arm[.leftWrist] = members(side, [.wrist, .hand]).first { skeleton.isChain([elbow, $0]) }
    return arm
  }

  private func addTrunk(to found: inout [CanonicalJoint: Int], pelvis: Int) {
    let necks = members(.middle, [.neck])
    let head = members(.middle, [.head]).first
    let chest: Int
    if let left = found[.leftShoulder], let right = found[.rightShoulder] {
      chest = skeleton.meeting(left, right)
    } else if let top = necks.first ?? head, let parent = skeleton.joints[top].parent {
      chest = parent
    } else {
      chest = members(.middle, [.spine]).last ?? pelvis
    }
    found.merge(BipedNames.spine(skeleton, pelvis: pelvis, chest: chest)) { old, _ in old }
    let neck = necks.first { skeleton.isChain([chest, $0]) }
    found[.neck] = neck
    if neck == nil, head == nil, chest != pelvis { addSpineAbove(chest, to: &found) }
    if let head, skeleton.isChain([neck ?? chest, head]) {
      let used = Set(found.values)
      if !used.contains(head) { found[.head] = head }
    }
  }

  /// Neck and head of a rig that calls them spine (Rigify): what goes on where the arms branch off.
  private func addSpineAbove(_ chest: Int, to found: inout [CanonicalJoint: Int]) {
    let isSpine = { [parts] (joint: Int) in parts[joint].side == .middle && parts[joint].word == .spine }
    guard found[.leftShoulder] != nil, found[.rightShoulder] != nil,
      let neck = skeleton.children[chest].first(where: isSpine)
    else { return }
    var top = neck
    while let next = skeleton.children[top].first(where: isSpine) { top = next }
    found[.neck] = neck
    if top != neck { found[.head] = top }
  }

  /// The joints above the pelvis up to the chest, spread over the canonical spine: the chest is `spine3`, which carries
  /// neck and arms.
  static func spine(_ skeleton: Skeleton, pelvis: Int, chest: Int) -> [CanonicalJoint: Int] {
    guard chest != pelvis else { return [:] }
    let up = Array(skeleton.path(toRootFrom: chest).prefix { $0 != pelvis }.reversed())
    switch up.count {
    case 0: return [:]
    case 1: return [.spine3: up[0]]
    case 2: return [.spine1: up[0], .spine3: up[1]]
    default: return [.spine1: up[0], .spine2: up[up.count / 2], .spine3: up[up.count - 1]]
    }
  }

  /// The joints of a side with one of the words, in the tree's order.
  private func members(_ side: BodyPart.Side, _ words: Set<BodyPart.Word>) -> [Int] {
    parts.indices.filter { parts[$0].side == side && words.contains(parts[$0].word) }
  }
}
