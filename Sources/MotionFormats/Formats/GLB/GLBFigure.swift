import Kinematics
import Support

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
  /// What a user should know.
  private(set) var notes: [String] = []

  /// - Parameters:
  ///   - joints: Node indices, parents first.
  ///   - above: The ancestors of the first, the topmost first.
  init(
    _ joints: [Int], above: [Int], tree: GLTFTree, tracks: [Int: [String: GLTFTrack]]
  ) throws(SurefootError) {
    func motion(of node: Int) throws(SurefootError) -> GLTFNodeMotion {
      let motion = try GLTFNodeMotion(tree.nodes[node], tracks: tracks[node] ?? [:], file: tree.file)
      // The scale of a leaf moves nothing.
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
    let scaled = joints.indices.filter { own[$0].changesScale }.map { "'\(names[$0].prefix(60))'" }
    if !scaled.isEmpty {
      notes.append("the changing scale of \(scaled.prefix(5).joined(separator: ", ")) is left out")
    }
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

  /// Unique names: joint maps and tables need them.
  private static func unique(_ names: [String]) -> [String] {
    var taken: Set<String> = []
    var next: [String: Int] = [:]
    return names.enumerated().map { index, name in
      let base = name.isEmpty ? "node\(index)" : name
      var candidate = base
      while !taken.insert(candidate).inserted {
        let number = next[base, default: 2]
        next[base] = number + 1
        candidate = "\(base)_\(number)"
      }
      return candidate
    }
  }

  func motion(_ rate: GLTFRate) -> Motion {
    let times = (0..<rate.count).map { rate.start + Double($0) * rate.frameTime }
    let places = motions.indices.map { joint -> [SIMD3<Double>] in
      // A node without keys keeps its place; one time says it all.
      let times = motions[joint].isPlaced ? Array(times.prefix(1)) : times
      return joint == 0
        ? [] : times.map { rest[parents[joint] ?? 0].act(motions[joint].place(at: $0)) * lengths[joint] }
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

/// The transform of a node in its parent: at rest as the file has it, and at every time.
struct GLTFNodeMotion {
  /// The resting place in the parent, in the parent's units.
  private(set) var place = SIMD3<Double>.zero
  /// The resting rotation in the parent.
  private(set) var turn = Quaternion.identity
  /// By how much lengths below it are larger than its parent's; the same at all times.
  private(set) var scale = 1.0
  /// The largest share by which the scale differs between axes, or from time to time.
  private(set) var scaleFault = 0.0

  /// Whether the scale changes from key to key.
  private(set) var changesScale = false
  /// Whether the place in the parent is the same at all times.
  var isPlaced: Bool { moving == nil }

  private var moving: GLTFTrack?
  private var turning: GLTFTrack?

  init(_ node: GLTFDocument.Node, tracks: [String: GLTFTrack], file: String) throws(SurefootError) {
    let name = "node '\(node.name?.prefix(60) ?? "")'"
    if let matrix = node.matrix {
      try decompose(matrix, name, file)
    } else {
      place = try Self.vector(node.translation ?? [0, 0, 0], "translation", name, file)
      let q = node.rotation ?? [0, 0, 0, 1]
      guard q.count == 4, q.allSatisfy(\.isFinite), abs(q.reduce(0) { $0 + $1 * $1 } - 1) < 0.05 else {
        throw SurefootError(
          file: file, message: "the rotation of \(name) is no unit quaternion", suggestion: "export it again")
      }
      turn = Quaternion(w: q[3], x: q[0], y: q[1], z: q[2]).normalized
      setScale(try Self.vector(node.scale ?? [1, 1, 1], "scale", name, file))
    }
    if let track = tracks["scale"] {
      setScale(track.vector(at: track.times[0]))
      if !track.isConstant(1e-3 * max(abs(scale), 1e-9)) { (scaleFault, changesScale) = (.infinity, true) }
    }
    (moving, turning) = (tracks["translation"], tracks["rotation"])
  }

  /// The place in the parent at a time.
  func place(at time: Double) -> SIMD3<Double> { moving?.vector(at: time) ?? place }

  /// The rotation in the parent at a time.
  func turn(at time: Double) -> Quaternion { turning?.rotation(at: time) ?? turn }

  private mutating func setScale(_ v: SIMD3<Double>) {
    scale = (v.x + v.y + v.z) / 3
    scaleFault = max(abs(v.x - scale), abs(v.y - scale), abs(v.z - scale)) / max(abs(scale), 1e-12)
  }

  /// Columns first. Shear and mirroring are faults of the scale.
  private mutating func decompose(_ m: [Double], _ name: String, _ file: String) throws(SurefootError) {
    guard m.count == 16, m.allSatisfy({ $0.isFinite && abs($0) < FixedPoint.largest }) else {
      throw SurefootError(file: file, message: "the matrix of \(name) is not 16 numbers", suggestion: "export it again")
    }
    let columns = [0, 4, 8].map { SIMD3(m[$0], m[$0 + 1], m[$0 + 2]) }
    place = SIMD3(m[12], m[13], m[14])
    setScale(SIMD3(columns[0].length, columns[1].length, columns[2].length))
    let unit = columns.map(\.normalized)
    let lean = max(abs(unit[0].dot(unit[1])), abs(unit[1].dot(unit[2])), abs(unit[2].dot(unit[0])))
    if lean > 1e-3 || unit[0].cross(unit[1]).dot(unit[2]) < 0 { scaleFault = .infinity }
    turn = Quaternion(columns: unit[0], unit[1], unit[2])
  }

  private static func vector(
    _ numbers: [Double], _ what: String, _ name: String, _ file: String
  ) throws(SurefootError) -> SIMD3<Double> {
    guard numbers.count == 3, numbers.allSatisfy({ $0.isFinite && abs($0) < FixedPoint.largest }) else {
      throw SurefootError(
        file: file, message: "the \(what) of \(name) is not three numbers", suggestion: "export it again")
    }
    return SIMD3(numbers[0], numbers[1], numbers[2])
  }
}
