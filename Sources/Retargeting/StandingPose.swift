import Foundation
public import Kinematics

/// How a figure stands, found in its motion.
///
///     let standing = StandingPose.found(in: clip.motion, joints: map.joints)
///     let body = try BodyModel(skeleton: clip.motion.skeleton, map: map, calibratedOn: [clip.motion], standing: standing)
///
/// A file's rest pose may be anything: a T-pose, an A-pose, every bone along one axis (LAFAN1). Use this pose instead of it
/// wherever a body's axes are needed. It depends on where the joints are and on how they turn, not on the axes that they
/// have at rest: one motion that is written on two rest poses stands in the same way on both.
///
/// - The pelvis is level where the trunk, from the hips to the shoulders, points up; it faces +Z. Trunk, head and arms are
///   turned against it as in the mean of the frames in which the figure is tallest.
/// - Thighs and shanks point straight down. Their lateral axis is the one about which the knee bends in the motion; in a
///   motion that never bends it, the pelvis's.
/// - Feet lie as in the frames in which they are lowest and the shank is upright, and point along ankle to toe.
public enum StandingPose {
  /// More frames than this tell no more.
  private static let samples = 200

  /// The pose, on the motion's skeleton, with the root at the origin; `nil` for a motion without frames, with numbers
  /// that are not finite, or whose hips or legs have no size.
  ///
  /// - Parameter joints: The skeleton's joint for each canonical joint that it has; hips, knees and ankles are needed.
  /// - Complexity: O(joints), for up to 200 evenly spaced frames.
  public static func found(in motion: Motion, joints: [CanonicalJoint: Int]) -> Pose? {
    let needed = BipedMap.required.compactMap { joints[$0] }
    guard needed.count == BipedMap.required.count, motion.count > 0 else { return nil }
    let step = max(1, motion.count / samples)
    let poses = stride(from: 0, to: motion.count, by: step).map { motion.poses[$0] }
    guard poses.allSatisfy(\.isFinite) else { return nil }
    let search = StandingSearch(
      skeleton: motion.skeleton, joints: joints, frames: poses.map(motion.skeleton.frames(of:)))
    return search.pose
  }
}

/// Finds a ``StandingPose`` in sampled frames.
private struct StandingSearch {
  let skeleton: Skeleton
  let joints: [CanonicalJoint: Int]
  let frames: [JointFrames]

  /// A knee bends so far in the mean, as a sine, where its axis can be told.
  private static let leastBend = 0.05
  /// The shank is upright where its direction's share along the vertical is in here, from not at all to fully.
  private static let upright = 0.7...0.9

  var pose: Pose? {
    let all = [Double](repeating: 1, count: frames.count)
    let tall = weights(of: frames.map(height), from: 0.5, to: 0.9)
    guard let pelvis = joints[.pelvis], let inPelvis = pelvisAxes(pelvis, tall) else { return nil }
    var world = [Quaternion](repeating: .identity, count: skeleton.count)
    for joint in skeleton.joints.indices {
      world[joint] = inPelvis.inverse * meanTurn(of: joint, in: pelvis, tall)
    }
    for isLeft in [true, false] {
      guard stand(legOn: isLeft, pelvis, inPelvis, tall, all, &world) else { return nil }
    }
    for foot in matched([true, false].compactMap { foot($0, pelvis, inPelvis, tall) }) {
      set(foot.ankle, to: foot.axes.inverse, foot.weights, &world)
    }
    var pose = Pose(resting: skeleton)
    for (index, joint) in skeleton.joints.enumerated() {
      let above = joint.parent.map { world[$0] } ?? .identity
      pose.rotations[index] = (above.inverse * world[index]).normalized
    }
    return pose.isFinite ? pose : nil
  }

  // MARK: Parts

  private func joint(_ left: CanonicalJoint, _ isLeft: Bool) -> Int? { joints[isLeft ? left : left.mirrored] }

  /// The axes of the standing figure (X left, Y up, Z forward) in the pelvis's frame.
  private func pelvisAxes(_ pelvis: Int, _ tall: [Double]) -> Quaternion? {
    guard let left = joints[.leftHip], let right = joints[.rightHip] else { return nil }
    let across = mean(in: pelvis, tall) { $0.positions[left] - $0.positions[right] }
    let up = mean(in: pelvis, tall) { trunk($0) }
    return StandingSearch.axes(up: up, left: across)
  }

  /// The way up the trunk: from the hips to the shoulders, or as far up as there are joints.
  private func trunk(_ frame: JointFrames) -> SIMD3<Double> {
    guard let left = joints[.leftHip], let right = joints[.rightHip], let knee = joints[.leftKnee] else {
      return .unitY
    }
    let hips = (frame.positions[left] + frame.positions[right]) / 2
    let thigh = (frame.positions[knee] - frame.positions[left]).length
    if let left = joints[.leftShoulder], let right = joints[.rightShoulder] {
      let way = (frame.positions[left] + frame.positions[right]) / 2 - hips
      if way.length > 0.3 * thigh { return way.normalized }
    }
    for top in [CanonicalJoint.neck, .head, .spine3, .spine2, .spine1] {
      guard let index = joints[top] else { continue }
      let way = frame.positions[index] - hips
      if way.length > 0.3 * thigh { return way.normalized }
    }
    return .unitY
  }

  /// How high the trunk's top stands over the lower ankle [m], or the hips where there is no trunk.
  private func height(_ frame: JointFrames) -> Double {
    let tops: [CanonicalJoint] = [.leftShoulder, .neck, .head, .spine3, .leftHip]
    let top = tops.compactMap { joints[$0] }.first.map { frame.positions[$0].y } ?? 0
    let ankles = [joints[.leftAnkle], joints[.rightAnkle]].compactMap { $0 }.map { frame.positions[$0].y }
    return top - (ankles.min() ?? 0)
  }

  /// Turns a leg's joints so that it stands; `false` if it has no length.
  private func stand(
    legOn isLeft: Bool, _ pelvis: Int, _ inPelvis: Quaternion, _ tall: [Double], _ all: [Double],
    _ world: inout [Quaternion]
  ) -> Bool {
    guard let hip = joint(.leftHip, isLeft), let knee = joint(.leftKnee, isLeft), let ankle = joint(.leftAnkle, isLeft)
    else { return false }
    let upper = { (frame: JointFrames) in frame.positions[knee] - frame.positions[hip] }
    let lower = { (frame: JointFrames) in frame.positions[ankle] - frame.positions[knee] }
    let bend = { (frame: JointFrames) in upper(frame).normalized.cross(lower(frame).normalized) }
    let pelvisLeft = { (frame: JointFrames) in frame.rotations[pelvis].act(inPelvis.act(.unitX)) }
    for (joint, bone) in [(hip, upper), (knee, lower)] {
      let beside = mean(in: joint, tall, pelvisLeft)
      let axis = mean(in: joint, all, bend)
      let bends = axis.length > StandingSearch.leastBend && axis.dot(beside) > 0
      let down = mean(in: joint, all, bone)
      guard let axes = StandingSearch.axes(up: -down, left: bends ? axis : beside) else { return false }
      set(joint, to: axes.inverse, tall, &world)
    }
    return true
  }

  /// Sets a joint's turn, and turns all joints below as in the mean of the frames.
  private func set(_ joint: Int, to turn: Quaternion, _ weights: [Double], _ world: inout [Quaternion]) {
    var isBelow = [Bool](repeating: false, count: skeleton.count)
    isBelow[joint] = true
    world[joint] = turn
    for index in skeleton.joints.indices.dropFirst() where skeleton.joints[index].parent.map({ isBelow[$0] }) == true {
      isBelow[index] = true
      world[index] = turn * meanTurn(of: index, in: joint, weights)
    }
  }

  /// A flat foot.
  private struct Foot {
    var ankle: Int
    /// From X left, Y up, Z forward to the ankle's frame.
    var axes: Quaternion
    /// How much each frame says about it.
    var weights: [Double]
    /// How far the line from the ankle to the toe falls [rad]; `nil` where there is no toe.
    var fall: Double?
  }

  /// The two feet of a person fall alike from ankle to toe. One that falls otherwise never stood flat, and follows the
  /// one that falls as an adult's.
  private func matched(_ feet: [Foot]) -> [Foot] {
    guard feet.count == 2, let first = feet[0].fall, let second = feet[1].fall else { return feet }
    let better = abs(first - StandingSearch.usualFall) <= abs(second - StandingSearch.usualFall) ? 0 : 1
    let (kept, other) = better == 0 ? (first, second) : (second, first)
    let change = min(max(other, kept - StandingSearch.unlikeFalls), kept + StandingSearch.unlikeFalls) - other
    var result = feet
    result[1 - better].axes = feet[1 - better].axes * Quaternion(angle: -change, axis: .unitX)
    return result
  }

  private static let usualFall = 20.0 * .pi / 180
  private static let unlikeFalls = 5.0 * .pi / 180

  private func foot(_ isLeft: Bool, _ pelvis: Int, _ inPelvis: Quaternion, _ tall: [Double]) -> Foot? {
    guard let ankle = joint(.leftAnkle, isLeft), let knee = joint(.leftKnee, isLeft) else { return nil }
    let shank = { (frame: JointFrames) in frame.positions[ankle] - frame.positions[knee] }
    var weights = weights(of: frames.map { -$0.positions[ankle].y }, from: 0.5, to: 0.9)
    let (least, most) = (StandingSearch.upright.lowerBound, StandingSearch.upright.upperBound)
    for (i, frame) in frames.enumerated() {
      weights[i] *= min(max((-shank(frame).normalized.y - least) / (most - least), 0), 1)
    }
    let forward = mean(in: ankle, tall) { $0.rotations[pelvis].act(inPelvis.act(.unitZ)) }
    let tip = toe(isLeft, ankle)
    let stands = weights.reduce(0, +) > 0.01 * Double(frames.count)
    let up: SIMD3<Double>
    if stands {
      up = mean(in: ankle, weights) { _ in .unitY }.normalized
    } else {
      // A figure that never stands: the foot is at a right angle to the shank, and falls to the toe as anatomy has it.
      weights = tall
      up = -mean(in: ankle, tall) { shank($0) }.normalized
    }
    let along = tip.length > 1e-4 ? tip.normalized : .zero
    let flat = along - up * along.dot(up)
    // A toe joint straight below the ankle does not say where the foot points.
    let ahead = flat.length > 0.2 ? flat : forward
    guard up.length > 0.5, ahead.length > 1e-3, let axes = StandingSearch.axes(up: up, left: up.cross(ahead)) else {
      return nil
    }
    let fall = flat.length > 0.2 ? atan2(-along.dot(up), flat.length) : nil
    return Foot(ankle: ankle, axes: axes, weights: weights, fall: fall)
  }

  /// From the ankle to the toe joint or, without one, to the foot's tip, in the ankle's frame.
  private func toe(_ isLeft: Bool, _ ankle: Int) -> SIMD3<Double> {
    if let toe = joint(.leftFoot, isLeft) {
      let all = [Double](repeating: 1, count: frames.count)
      return mean(in: ankle, all) { $0.positions[toe] - $0.positions[ankle] }
    }
    return skeleton.joints[ankle].endSite ?? .zero
  }

  // MARK: Means

  /// 0 for values up to one quantile, 1 from another on, a straight line between: no frame counts by a hair.
  private func weights(of values: [Double], from: Double, to: Double) -> [Double] {
    let sorted = values.sorted()
    let low = sorted[Int(from * Double(sorted.count - 1))]
    let high = sorted[Int(to * Double(sorted.count - 1))]
    guard high - low > 1e-3 else { return values.map { _ in 1 } }
    return values.map { min(max(($0 - low) / (high - low), 0), 1) }
  }

  private func mean(
    in joint: Int, _ weights: [Double], _ vector: (JointFrames) -> SIMD3<Double>
  ) -> SIMD3<Double> {
    var sum = SIMD3<Double>.zero
    var total = 0.0
    for (frame, weight) in zip(frames, weights) where weight > 0 {
      sum += weight * frame.rotations[joint].inverse.act(vector(frame))
      total += weight
    }
    return sum / max(total, 1e-12)
  }

  /// How `joint` is turned against `base` in the mean.
  private func meanTurn(of joint: Int, in base: Int, _ weights: [Double]) -> Quaternion {
    var sum = Quaternion(w: 0, imaginary: .zero)
    var first: Quaternion?
    for (frame, weight) in zip(frames, weights) where weight > 0 {
      let turn = frame.rotations[base].inverse * frame.rotations[joint]
      let sign: Double = (first ?? turn).dot(turn) < 0 ? -1 : 1
      first = first ?? turn
      sum = Quaternion(w: sum.w + sign * weight * turn.w, imaginary: sum.imaginary + sign * weight * turn.imaginary)
    }
    return sum.dot(sum) > 1e-12 ? sum.normalized : first ?? .identity
  }

  /// Axes whose Y is `up` and whose X is as near to `left` as that allows; `nil` if the two say nothing.
  private static func axes(up: SIMD3<Double>, left: SIMD3<Double>) -> Quaternion? {
    guard up.length > 1e-6, left.length > 1e-6 else { return nil }
    let vertical = up.normalized
    let across = left.normalized - vertical * left.normalized.dot(vertical)
    guard across.length > 1e-3 else { return nil }
    return Quaternion(columns: across.normalized, vertical, across.normalized.cross(vertical)).normalized
  }
}
