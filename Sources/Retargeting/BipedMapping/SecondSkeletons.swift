import Kinematics

/// Chooses one figure in a file that holds the names of two: a rig for control, targets of inverse kinematics or a
/// second performer's helpers hang in the tree beside the figure or below one of its joints.
struct SecondSkeletons {
  private let skeleton: Skeleton

  /// A file of more figures than this is no file of one figure and its helpers.
  static let mostTried = 64

  init(_ skeleton: Skeleton) { self.skeleton = skeleton }

  /// The map of the figure with the most joints and, of several, the longest legs; `nil` if none is a biped.
  ///
  /// - Parameter whole: The map of all joints together, if they make one.
  func best(with whole: BipedMap?) -> BipedMap? {
    var best = whole
    for joints in figures {
      let found = BipedNames(skeleton, considering: joints).joints()
      guard let map = try? BipedMap(joints: found, of: skeleton, method: .names),
        !RestBody(skeleton: skeleton, joints: found).standsOnFour
      else { continue }
      if best.map({ isBetter(map, than: $0) }) != false { best = map }
    }
    return best
  }

  /// Helpers have joints of no length, or fewer. Legs count first: a map of two skeletons' limbs is mixed in its legs.
  private func isBetter(_ a: BipedMap, than b: BipedMap) -> Bool {
    let (first, second) = (legs(a), legs(b))
    if max(first, second) > 1.05 * min(first, second) { return first > second }
    return a.joints.count > b.joints.count
  }

  private func legs(_ map: BipedMap) -> Double { RestBody(skeleton: skeleton, joints: map.joints).legLength }

  /// The joints below each joint that has both knees below it, and the joints without those.
  private var figures: [Set<Int>] {
    let parts = skeleton.names.map(BodyPart.init(name:))
    func above(_ side: BodyPart.Side) -> Set<Int> {
      let knees = parts.indices.filter { parts[$0].side == side && [.shin, .leg].contains(parts[$0].word) }
      return Set(knees.prefix(SecondSkeletons.mostTried).flatMap { skeleton.path(toRootFrom: $0) })
    }
    let roots = above(.left).intersection(above(.right)).subtracting([0]).sorted().prefix(SecondSkeletons.mostTried)
    return roots.flatMap { root -> [Set<Int>] in
      var below: Set<Int> = [root]
      for (index, joint) in skeleton.joints.enumerated() where joint.parent.map(below.contains) == true {
        below.insert(index)
      }
      return [below, Set(skeleton.joints.indices).subtracting(below)]
    }
  }
}
