import Foundation
public import Kinematics
public import Support

extension MotionRepresentation {
  /// Whether a motion is of this skeleton and rate, has at least two frames, and is finite.
  ///
  /// - Throws: ``SurefootError`` that says which it is not.
  public func check(_ motion: Motion) throws(SurefootError) {
    guard motion.skeleton.matches(skeleton) else {
      throw SurefootError(
        .skeleton, message: "the motion's skeleton has other joints or limb lengths than the model's",
        suggestion: "retarget it, for example with `surefoot data prepare`")
    }
    guard abs(motion.frameRate - frameRate) < 1e-3 * frameRate else {
      throw SurefootError(
        .frameRate, message: "the motion has \(motion.frameRate) frames a second, the model \(frameRate)",
        suggestion: "resample it, for example with `surefoot data prepare`")
    }
    guard motion.count >= 2 else {
      throw SurefootError(
        .motion, message: "the motion has \(motion.count) frames", suggestion: "at least 2 are needed")
    }
    guard motion.isFinite else {
      throw SurefootError(
        .motion, message: "the motion has a number that is not finite", suggestion: "leave the clip out")
    }
  }

  /// The rows of a motion, one a frame, row-major.
  ///
  /// A row's velocities lead to the next frame; the last row repeats those of the row before, which no one reads.
  ///
  /// - Throws: ``SurefootError`` if the motion does not fit; see ``check(_:)``.
  public func encode(_ motion: Motion) throws(SurefootError) -> [Float] {
    try check(motion)
    let frames = content == .full ? motion.jointFrames.map(\.positions) : []
    var rows = [Float](repeating: 0, count: motion.count * width)
    for index in 0..<motion.count {
      let here = min(index, motion.count - 2)
      var row = root(motion.poses[index], from: motion.poses[here], to: motion.poses[here + 1])
      row += rotations(motion.poses[index])
      if content == .full {
        row += extras(motion.poses[index].yaw, frames[index], from: frames[here], to: frames[here + 1])
      }
      for (column, value) in row.enumerated() { rows[index * width + column] = Float(value) }
    }
    return rows
  }

  private func root(_ pose: Pose, from start: Pose, to end: Pose) -> [Double] {
    let turn = remainder(end.yaw - start.yaw, 2 * .pi)
    let moved = (end.rootPosition - start.rootPosition).turned(by: -start.yaw) * frameRate
    return [turn * frameRate, moved.x, moved.z, pose.rootPosition.y]
  }

  private func rotations(_ pose: Pose) -> [Double] {
    pose.rotations.enumerated().flatMap { joint, rotation in
      let local = joint == 0 ? Quaternion(angle: -pose.yaw, axis: .unitY) * rotation : rotation
      let (a, b, _) = local.columns
      return [a.x, a.y, a.z, b.x, b.y, b.z]
    }
  }

  private func extras(
    _ yaw: Double, _ here: [SIMD3<Double>], from start: [SIMD3<Double>], to end: [SIMD3<Double>]
  ) -> [Double] {
    let root = here[0].horizontal
    var row = here.dropFirst().flatMap { joint -> [Double] in
      let local = (joint - root).turned(by: -yaw)
      return [local.x, local.y, local.z]
    }
    let velocities = zip(start, end).map { ($1 - $0) * frameRate }
    for velocity in velocities {
      let local = velocity.turned(by: -yaw)
      row += [local.x, local.y, local.z]
    }
    row += feet.map { isContact(height: here[$0].y, of: $0, velocity: velocities[$0]) ? 1 : 0 }
    return row
  }

  /// A foot joint is in contact when it is near its height at rest and slow.
  private func isContact(height: Double, of joint: Int, velocity: SIMD3<Double>) -> Bool {
    ContactThresholds.features.areMet(height: height, speed: velocity.length, floor: restHeight(of: joint))
  }

  /// How high a foot joint is above the floor in T-pose: above the lowest point of the skeleton [m].
  private func restHeight(of joint: Int) -> Double {
    let rest = skeleton.frames(of: Pose(resting: skeleton)).positions
    let tips = zip(rest, skeleton.joints).map { $0.y + min(0, $1.endSite?.y ?? 0) }
    return rest[joint].y - (tips.min() ?? 0)
  }
}

extension Skeleton {
  /// Whether joints, tree and offsets are the same; channels and the root's offset, which move nothing, may differ.
  func matches(_ other: Skeleton) -> Bool {
    count == other.count
      && zip(joints, other.joints).enumerated().allSatisfy { index, pair in
        pair.0.name == pair.1.name && pair.0.parent == pair.1.parent
          && (index == 0 || (pair.0.offset - pair.1.offset).length < 1e-4)
      }
  }
}

extension SIMD3 where Scalar == Double {
  /// Turned about the vertical by an angle [rad].
  func turned(by yaw: Double) -> Self {
    let (c, s) = (cos(yaw), sin(yaw))
    return SIMD3(c * x + s * z, y, c * z - s * x)
  }
}

extension Double {
  /// atan2(self, x).
  func angle(over x: Double) -> Double { atan2(self, x) }
}
