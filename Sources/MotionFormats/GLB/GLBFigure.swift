public import Kinematics
public import Support

/// The skeleton of a glTF file, with every node's motion.
///
/// Joint frames are turned so that at rest they are those of the world: of a joint whose resting orientation in the
/// world is `R`, in a parent's `P`, the file's rotation `q` becomes `P q R⁻¹`, and a place `t` in the parent `P t`.
struct GLBFigure {
  private let parents: [Int?]
  private let names: [String]
  private let motions: [GLTFNodeMotion]
  private let above: [GLTFNodeMotion]
  /// Resting orientations in the world.
  private let rest: [Quaternion]
  /// Metres in a length of each joint's parent.
  private let lengths: [Double]
  private let tips: [SIMD3<Double>?]

  /// - Parameters:
  ///   - joints: Node indices, parents first.
  ///   - above: The ancestors of the first, the topmost first.
  init(
    _ joints: [Int], above: [Int], tree: GLTFTree, tracks: [Int: [String: GLTFTrack]]
  ) throws(SurefootError) {
    func motion(of node: Int) throws(SurefootError) -> GLTFNodeMotion {
      let motion = try GLTFNodeMotion(tree.nodes[node], tracks: tracks[node] ?? [:], file: tree.file)
      // A scale below which nothing hangs moves nothing.
      guard motion.scaleFault < 1e-3 && motion.scale > 1e-9 || (tree.nodes[node].children ?? []).isEmpty else {
        throw SurefootError(
          file: tree.file,
          message:
            "node '\(tree.nodes[node].name?.prefix(60) ?? "")' is scaled unevenly, mirrored or by a changing factor",
          suggestion: "apply the scale before exporting")
      }
      return motion
    }
    let place = Dictionary(uniqueKeysWithValues: joints.enumerated().map { ($1, $0) })
    parents = joints.map { tree.parents[$0].flatMap { place[$0] } }
    names = Self.unique(joints.map { tree.nodes[$0].name ?? "" })
    var (own, higher) = ([GLTFNodeMotion](), [GLTFNodeMotion]())
    for node in above { higher.append(try motion(of: node)) }
    for node in joints { own.append(try motion(of: node)) }
    var (rest, lengths, tips) = ([Quaternion](), [Double](), [SIMD3<Double>?]())
    let (turn, scale) = higher.reduce((Quaternion.identity, 1.0)) { ($0.0 * $1.turn, $0.1 * $1.scale) }
    for (index, node) in joints.enumerated() {
      let parent = parents[index]
      rest.append(((parent.map { rest[$0] } ?? turn) * own[index].turn).normalized)
      lengths.append(parent.map { lengths[$0] * own[$0].scale } ?? scale)
      let tip = try Self.tip(of: node, tree, within: place)
      tips.append(tip.map { rest[index].act($0) * (lengths[index] * own[index].scale) })
    }
    (motions, self.above, self.rest, self.lengths, self.tips) = (own, higher, rest, lengths, tips)
  }

  /// Where a joint without joints below ends, in its frame: as our writer says, or where a node without anything is.
  private static func tip(
    of node: Int, _ tree: GLTFTree, within joints: [Int: Int]
  ) throws(SurefootError) -> SIMD3<Double>? {
    let children = tree.nodes[node].children ?? []
    guard !children.contains(where: { joints[$0] != nil }) else { return nil }
    let end = children.first { child in
      let child = tree.nodes[child]
      return child.mesh == nil && child.camera == nil && (child.children ?? []).isEmpty
    }
    let place = tree.nodes[node].extras?.endSite ?? end.flatMap { tree.nodes[$0].translation }
    guard let place, place.count == 3, place.allSatisfy({ $0.isFinite && abs($0) < 1e6 }) else { return nil }
    return SIMD3(place[0], place[1], place[2])
  }

  /// Every joint is told from the others by its name.
  private static func unique(_ names: [String]) -> [String] {
    var taken: Set<String> = []
    return names.enumerated().map { index, name in
      let base = name.isEmpty ? "node\(index)" : name
      var (candidate, number) = (base, 2)
      while !taken.insert(candidate).inserted {
        candidate = "\(base)_\(number)"
        number += 1
      }
      return candidate
    }
  }

  func motion(_ rate: GLTFRate) -> Motion {
    let times = (0..<rate.count).map { rate.start + Double($0) * rate.frameTime }
    let places = motions.indices.map { joint in
      joint == 0 ? [] : times.map { rest[parents[joint] ?? 0].act(motions[joint].place(at: $0)) * lengths[joint] }
    }
    // Lengths of bones that do not change are the skeleton's; where they do, the joint moves in its parent.
    let isMoving = places.map { places in
      places.contains { ($0 - (places.first ?? $0)).length > 1e-6 }
    }
    let joints = motions.indices.map { joint in
      Joint(
        name: names[joint], parent: parents[joint], offset: places[joint].first ?? .zero,
        channels: joint == 0 || isMoving[joint] ? .root : .rotation, endSite: tips[joint])
    }
    let poses = times.enumerated().map { frame, time in
      let root = frameAbove(at: time)
      var pose = Pose(
        rootPosition: root.place + root.turn.act(motions[0].place(at: time)) * root.scale, rotations: [])
      for joint in motions.indices {
        let turn = motions[joint].turn(at: time)
        let parent = parents[joint].map { rest[$0] } ?? root.turn
        pose.rotations.append((parent * turn * rest[joint].inverse).normalized)
        if isMoving[joint] { pose.translations[joint] = places[joint][frame] }
      }
      return pose
    }
    return Motion(skeleton: Skeleton(joints: joints), frameTime: rate.frameTime, poses: poses)
  }

  /// The frame in which the root's numbers are given, in the world.
  private func frameAbove(at time: Double) -> (place: SIMD3<Double>, turn: Quaternion, scale: Double) {
    above.reduce((SIMD3<Double>.zero, Quaternion.identity, 1.0)) { frame, node in
      (
        frame.0 + frame.1.act(node.place(at: time)) * frame.2, (frame.1 * node.turn(at: time)).normalized,
        frame.2 * node.scale
      )
    }
  }
}
