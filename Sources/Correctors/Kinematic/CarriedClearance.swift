import Dynamics
import Foundation
import Kinematics
import Support

/// Keeps what no simulation and no foot lock moves out of the floor: toes, hands, fingers and props, which hang on the
/// body's segments and are carried along by them. The last stage of our correctors.
///
/// A foot whose toe joint, or another point fixed to it, lies too deep is raised by its leg; where a fixed point of
/// another segment does, the root is. Then each part that can turn about its own joint (the toes, a hand) turns upwards as
/// little as brings it to ``depth``, wherever the input was deeper or not.
///
/// Lifts and turns come and go over ``reach`` seconds along a curve that is smooth twice over: nothing jumps.
struct CarriedClearance {
  let body: BodyModel
  private let parts: [Part]
  /// The points whose place a segment decides, with the side of the foot that carries each, if one does.
  private let fixed: [(point: Point, foot: Int?)]

  /// How far below the floor a joint or End Site may stay [m]: less than the 5 mm that count as contact.
  static let depth = 0.004
  /// A lift or turn begins so long before it is needed, and ends so long after [s].
  static let reach = 0.12
  /// The furthest that a part is turned [rad].
  static let largestTurn = 1.2
  /// Lifts and turns are topped up in at most so many passes: parts' axes turn while they do.
  static let passes = 3
  /// A foot or the root is raised no further [m]: a point that is deeper, such as a prop's, is not a matter of contact.
  static let largestLift = 0.05
  /// The lowest direction of a point that a turn can raise, below the way in which the part points [rad].
  private static let furthestBehind = 2.2
  /// Parts shorter than this are points [m].
  private static let shortest = 0.005

  /// A joint, or the End Site of one.
  private struct Point {
    var joint: Int
    var tip: SIMD3<Double>?

    func place(_ frames: JointFrames) -> SIMD3<Double> {
      let origin = frames.positions[joint]
      return tip.map { origin + frames.rotations[joint].act($0) } ?? origin
    }
  }

  /// A joint that no segment has, with all that hangs on it.
  private struct Part {
    var pivot: Int
    var points: [Point]
  }

  init(body: BodyModel) {
    self.body = body
    let skeleton = body.skeleton
    // A segment decides the place of its carrier and of all joints above.
    var isDecided = [Bool](repeating: false, count: skeleton.count)
    for part in body.bodies {
      var joint: Int? = part.carrier
      while let current = joint, !isDecided[current] {
        isDecided[current] = true
        joint = skeleton.joints[current].parent
      }
    }
    let feet = BodyModel.footSegments.map { body.bodies[body.legIndex($0)].carrier }
    // For each joint, the carried part that it belongs to, and the foot that it hangs on.
    var pivots = [Int?](repeating: nil, count: skeleton.count)
    var sides = [Int?](repeating: nil, count: skeleton.count)
    var points: [Int: [Point]] = [:]
    var fixed: [(point: Point, foot: Int?)] = []
    let canonical = Set(body.joints.values)
    for (index, joint) in skeleton.joints.enumerated() {
      let above = joint.parent
      sides[index] = feet.firstIndex(of: index) ?? above.flatMap { sides[$0] }
      pivots[index] = isDecided[index] ? nil : above.flatMap { pivots[$0] } ?? index
      let tip = joint.endSite.map { Point(joint: index, tip: $0) }
      if let pivot = pivots[index] {
        if pivot == index {
          // A prop or a helper of a rig may lie in the floor without the body's fault.
          if canonical.contains(index) || sides[index] != nil { fixed.append((Point(joint: index), sides[index])) }
        } else {
          points[pivot, default: []].append(Point(joint: index))
        }
        if let tip { points[pivot, default: []].append(tip) }
      } else {
        fixed.append((Point(joint: index), sides[index]))
        if let tip { fixed.append((tip, sides[index])) }
      }
    }
    self.fixed = fixed
    parts = points.sorted { $0.key < $1.key }.map { Part(pivot: $0.key, points: $0.value) }
  }

  /// The motion with nothing deeper than ``depth``, how far a foot or the root was raised at most [m], and how far a part
  /// was turned [rad].
  func apply(_ motion: PosedMotion) -> (PosedMotion, raised: Double, turned: Double) {
    let isDeep = { (index: Int) in
      body.skeleton.lowestPoint(in: motion.frames(at: index), on: body.ground) < -Self.depth
    }
    guard motion.poses.indices.contains(where: isDeep) else { return (motion, 0, 0) }
    var (result, raised, turned) = (motion, 0.0, 0.0)
    for _ in 0..<Self.passes {
      let most = raise(&result)
      guard most > 1e-5 else { break }
      raised += most
    }
    for part in parts {
      var most = 0.0
      for _ in 0..<Self.passes {
        let now = turn(&result, part)
        guard now > 1e-4 else { break }
        most += now
      }
      turned = max(turned, most)
    }
    return (result, raised, turned)
  }

  /// The motion with nothing deeper than ``depth``, and notes on what that took.
  static func cleared(_ motion: PosedMotion, body: BodyModel) -> (PosedMotion, notes: [String]) {
    let (result, raised, turned) = CarriedClearance(body: body).apply(motion)
    var notes: [String] = []
    if raised >= 0.0005 {
      notes.append(
        "Feet or root were raised by up to \(Numbers.fixed(1000 * raised, digits: 0)) mm to keep joints above the floor."
      )
    }
    if turned >= 0.5 * .pi / 180 {
      let degrees = Numbers.fixed(turned * 180 / .pi, digits: 0)
      notes.append("Toes, hands or what they hold were turned by up to \(degrees) degrees out of the floor.")
    }
    return (result, notes)
  }

  // MARK: Lifts

  /// Raises feet and root so that no fixed point is too deep; by how much at most [m].
  private func raise(_ motion: inout PosedMotion) -> Double {
    var feet = [[Double](repeating: 0, count: motion.count), [Double](repeating: 0, count: motion.count)]
    var root = [Double](repeating: 0, count: motion.count)
    for i in motion.poses.indices {
      let frames = motion.frames(at: i)
      for (point, side) in fixed {
        let missing = min(Self.largestLift, body.ground.depth(of: point.place(frames)) - Self.depth)
        guard missing > 0 else { continue }
        if let side { feet[side][i] = max(feet[side][i], missing) } else { root[i] = max(root[i], missing) }
      }
    }
    let radius = radius(motion)
    root = root.enveloped(radius)
    // What the root's lift brings the legs need not.
    feet = feet.map { lifts in zip(lifts, root).map { max(0, $0 - $1) }.enveloped(radius) }
    let most = max(root.max() ?? 0, feet.joined().max() ?? 0)
    guard most > 0 else { return 0 }
    for i in motion.poses.indices where root[i] > 0 || feet[0][i] > 0 || feet[1][i] > 0 {
      var pose = motion.poses[i]
      pose.rootPosition.y += root[i]
      let frames = body.skeleton.frames(of: pose)
      let state = body.state(of: frames)
      var rotations = state.rotations
      for (side, segment) in BodyModel.footSegments.enumerated() where feet[side][i] > 0 {
        let foot = body.legIndex(segment)
        var goal = state.positions[foot]
        goal.y += feet[side][i]
        LegReach(body: body, side: side).reach(
          ankle: goal, foot: state.rotations[foot], from: frames, &rotations)
      }
      motion.setPose(body.pose(pose, pelvis: state.positions[0], rotations: rotations), at: i)
    }
    return most
  }

  private func radius(_ motion: PosedMotion) -> Int {
    max(1, Int((Self.reach / motion.motion.frameTime).rounded()))
  }

  // MARK: Turns

  /// Turns a part about its joint so that none of it is too deep; how far at most [rad].
  private func turn(_ motion: inout PosedMotion, _ part: Part) -> Double {
    var needed = [Double](repeating: 0, count: motion.count)
    var axes = [SIMD3<Double>](repeating: .zero, count: motion.count)
    for i in motion.poses.indices {
      let frames = motion.frames(at: i)
      (needed[i], axes[i]) = leastTurn(part, frames)
    }
    guard needed.contains(where: { $0 > 1e-4 }) else { return 0 }
    let radius = radius(motion)
    let angles = needed.enveloped(radius)
    let weighted = zip(axes, needed).map { $0 * $1 }
    var most = 0.0
    for i in motion.poses.indices where angles[i] > 1e-6 {
      let around = max(0, i - 2 * radius)...min(motion.count - 1, i + 2 * radius)
      let axis = around.reduce(SIMD3<Double>.zero) { sum, k in
        sum + weighted[k] * (1 - Double(abs(k - i)) / Double(2 * radius + 1))
      }
      guard axis.length > 1e-9 else { continue }
      let angle = min(angles[i], Self.largestTurn)
      most = max(most, angle)
      var pose = motion.poses[i]
      let frames = motion.frames(at: i)
      let above = motion.motion.skeleton.joints[part.pivot].parent.map { frames.rotations[$0] } ?? .identity
      let turned = Quaternion(angle: angle, axis: axis.normalized) * frames.rotations[part.pivot]
      pose.rotations[part.pivot] = (above.inverse * turned).normalized
      motion.setPose(pose, at: i)
    }
    return most
  }

  /// The least turn that brings a part's points up to ``depth`` in one frame, or up to the joint's own height where that
  /// is lower, and its axis in the world.
  private func leastTurn(_ part: Part, _ frames: JointFrames) -> (angle: Double, axis: SIMD3<Double>) {
    let pivot = frames.positions[part.pivot]
    let least = min(body.ground.height(at: pivot) - Self.depth, pivot.y)
    var lowest: (height: Double, lever: SIMD3<Double>)?
    for point in part.points {
      let place = point.place(frames)
      guard place.y < least - 1e-6, (place - pivot).length > Self.shortest else { continue }
      if place.y < lowest?.height ?? .infinity { lowest = (place.y, place - pivot) }
    }
    guard let lowest else { return (0, .zero) }
    let axis = axis(lowest.lever, part, frames)
    var angle = 0.0
    for point in part.points {
      let lever = point.place(frames) - pivot
      // The lever's part in the plane of the turn, by its height and its way along the floor.
      let along = axis.cross(.unitY).dot(lever) * -1
      let radius = (along * along + lever.y * lever.y).squareRoot()
      let wanted = least - pivot.y
      guard lever.y < wanted - 1e-6, radius > Self.shortest else { continue }
      let now = atan2(lever.y, along)
      // What lies behind the joint only sinks as the part turns.
      guard now > -Self.furthestBehind, now < .pi / 2 else { continue }
      angle = max(angle, asin(min(max(wanted / radius, -1), 1)) - now)
    }
    return (min(angle, Self.largestTurn), axis)
  }

  /// The horizontal axis about which a lever turns upwards by the shortest way; for one that points straight down, away
  /// from the joint before.
  private func axis(_ lever: SIMD3<Double>, _ part: Part, _ frames: JointFrames) -> SIMD3<Double> {
    let side = lever.cross(.unitY)
    if side.length > 0.2 * lever.length { return side.normalized }
    let above = body.skeleton.joints[part.pivot].parent.map { frames.positions[$0] } ?? .zero
    let bone = (frames.positions[part.pivot] - above).cross(.unitY)
    let mixed = side.normalized * (5 * side.length / lever.length) + (bone.length > 1e-6 ? bone.normalized : .unitX)
    return mixed.length > 1e-3 ? mixed.normalized : .unitX
  }
}

extension [Double] {
  /// The smoothest curve of a kind over numbers that are not negative: nowhere below them, zero further than `2 * radius`
  /// entries from any. It is the largest number within `radius` entries, averaged by a window of that radius.
  func enveloped(_ radius: Int) -> [Double] {
    guard contains(where: { $0 > 0 }) else { return self }
    let weights = (-radius...radius).map { 1 + cos(.pi * Double($0) / Double(radius + 1)) }
    let total = weights.reduce(0, +)
    let wide = dilated(radius)
    return indices.map { i in
      var sum = 0.0
      for (k, weight) in weights.enumerated() {
        sum += weight * wide[Swift.min(count - 1, Swift.max(0, i + k - radius))]
      }
      return sum / total
    }
  }
}
