package import Kinematics

/// Finds a biped's joints by their names, words of two meanings settled by the joints above and below.
package struct BipedNames {
  private let skeleton: Skeleton
  private let parts: [BodyPart]
  /// The joints that count; all where there is one figure in the file.
  private let considered: Set<Int>?

  package init(_ skeleton: Skeleton) { self.init(skeleton, considering: nil) }

  init(_ skeleton: Skeleton, considering joints: Set<Int>?) {
    self.skeleton = skeleton
    considered = joints
    // Names that begin with two underscores are helpers between the joints of other names.
    let hasHelpers = !skeleton.names.dropFirst().allSatisfy { $0.hasPrefix("__") }
    parts = skeleton.names.map { name in
      var part = BodyPart(name: name)
      if hasHelpers, name.hasPrefix("__") { part.word = .ignored }
      return part
    }
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
    } else if let top = members(.middle, [.neck, .head]).first ?? members(.middle, [.spine]).last {
      pelvis = skeleton.meeting(pelvis, top)
    }
    guard pelvis != left, pelvis != right else { return found }
    found[.pelvis] = pelvis
    addTrunk(to: &found, pelvis: pelvis)
    return found
  }

  /// The knees of the left side that are not above each other: more than one where the file holds a second skeleton.
  var leftKnees: [Int] {
    let knees = members(.left, [.shin, .leg]).prefix(SecondSkeletons.mostTried)
    return knees.filter { knee in !knees.contains { $0 != knee && skeleton.isChain([$0, knee]) } }
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
    let ankle = below.first { parts[$0].word == .ankle } ?? below.first { parts[$0].word == .foot }
    if ankle.map({ LimbByPlace(skeleton: skeleton).isPlausible(hip, knee, $0) }) != true,
      let placed = LimbByPlace(skeleton: skeleton).joints(in: chain(side, BipedNames.legWords))
    {
      (leg[.leftHip], leg[.leftKnee], leg[.leftAnkle]) = (placed.upper, placed.middle, placed.end)
    } else {
      leg[.leftAnkle] = ankle
    }
    guard let ankle = leg[.leftAnkle] else { return leg }
    leg[.leftFoot] = below.first { $0 != ankle && skeleton.isChain([ankle, $0]) }
    return leg
  }

  private static let legWords: Set<BodyPart.Word> = [.hip, .thigh, .leg, .shin, .ankle, .foot, .toe]
  private static let armWords: Set<BodyPart.Word> = [.collar, .shoulder, .upperArm, .arm, .forearm, .wrist, .hand]

  /// The joints of a side's limb on the way to its outermost one.
  private func chain(_ side: BodyPart.Side, _ words: Set<BodyPart.Word>) -> [Int] {
    let members = members(side, words)
    var depths: [Int] = []
    for joint in skeleton.joints { depths.append(joint.parent.map { depths[$0] + 1 } ?? 0) }
    guard let last = members.max(by: { depths[$0] < depths[$1] }) else { return [] }
    let path = Set(skeleton.path(toRootFrom: last))
    return members.filter(path.contains)
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
    let elbow = elbows.first { skeleton.isChain([shoulder, $0]) }
    let wrist = elbow.flatMap { elbow in
      members(side, [.wrist, .hand]).first { skeleton.isChain([elbow, $0]) }
    }
    let limb = LimbByPlace(skeleton: skeleton)
    if let elbow, wrist != nil || limb.isPlausible(shoulder, elbow, nil) {
      (arm[.leftElbow], arm[.leftWrist]) = (elbow, wrist)
      return arm
    }
    let chain = chain(side, BipedNames.armWords)
    guard let placed = limb.joints(in: chain) else {
      arm[.leftElbow] = elbow
      return arm
    }
    return [
      .leftShoulder: placed.upper, .leftElbow: placed.middle, .leftWrist: placed.end,
      .leftCollar: chain.last { skeleton.isChain([$0, placed.upper]) },
    ].compactMapValues { $0 }
  }

  private func addTrunk(to found: inout [CanonicalJoint: Int], pelvis: Int) {
    let necks = members(.middle, [.neck])
    let head = members(.middle, [.head]).first
    var chest: Int
    if let left = found[.leftShoulder], let right = found[.rightShoulder] {
      chest = skeleton.meeting(left, right)
    } else if let top = necks.first ?? head, let parent = skeleton.joints[top].parent, skeleton.isChain([pelvis, top]) {
      chest = parent
    } else {
      chest = members(.middle, [.spine]).last { skeleton.isChain([pelvis, $0]) } ?? trunk(above: pelvis, found)
    }
    let neck = necks.first { skeleton.isChain([chest, $0]) } ?? necks.first { skeleton.isChain([pelvis, $0]) }
    // A neck that branches off below the collar bones: what carries both is the chest.
    if let neck, !skeleton.isChain([chest, neck]) {
      let bearing = skeleton.meeting(chest, neck)
      if bearing != neck, bearing != pelvis { chest = bearing }
    }
    found.merge(BipedNames.spine(skeleton, pelvis: pelvis, chest: chest)) { old, _ in old }
    if !Set(found.values).contains(neck ?? -1) { found[.neck] = neck }
    if neck == nil, head == nil, chest != pelvis { addSpineAbove(chest, to: &found) }
    if let head, skeleton.isChain([neck ?? chest, head]) {
      let used = Set(found.values)
      if !used.contains(head) { found[.head] = head }
    }
  }

  /// The joint of the trunk where no name tells it: the child of the pelvis that leads furthest and not to a leg, or its
  /// last descendant before the trunk ends or branches.
  private func trunk(above pelvis: Int, _ found: [CanonicalJoint: Int]) -> Int {
    let legs = Set([found[.leftHip], found[.rightHip]].compactMap { $0 }.flatMap(skeleton.path(toRootFrom:)))
    let candidates = skeleton.children[pelvis].filter {
      !legs.contains($0) && parts[$0].side == .middle && parts[$0].word != .ignored
    }
    var best = (joint: pelvis, reach: 0.0)
    for child in candidates {
      var (joint, reach) = (child, skeleton.joints[child].offset.length)
      while skeleton.children[joint].count == 1, let next = skeleton.children[joint].first {
        joint = next
        reach += skeleton.joints[next].offset.length
      }
      reach += skeleton.joints[joint].endSite?.length ?? 0
      if reach > best.reach { best = (joint, reach) }
    }
    return best.joint
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
    parts.indices.filter {
      parts[$0].side == side && words.contains(parts[$0].word) && considered?.contains($0) != false
    }
  }
}
