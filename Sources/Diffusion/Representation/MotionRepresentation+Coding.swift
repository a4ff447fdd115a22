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
  /// A row's velocities lead to the next frame. The last row repeats those of the row before; decoding does not read them.
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
    row += zip(feet, contactHeights).map { joint, floor in
      ContactThresholds.features.areMet(height: here[joint].y, speed: velocities[joint].length, floor: floor) ? 1 : 0
    }
    return row
  }

  /// The height of each foot joint above the floor in the rest pose [m], where the floor is the skeleton's lowest
  /// point. Contact is relative to it: see ``ContactThresholds/features``.
  static func contactHeights(_ feet: [Int], _ skeleton: Skeleton) -> [Double] {
    let rest = skeleton.frames(of: Pose(resting: skeleton)).positions
    let tips = zip(rest, skeleton.joints).map { $0.y + min(0, $1.endSite?.y ?? 0) }
    return feet.map { rest.indices.contains($0) ? rest[$0].y - (tips.min() ?? 0) : 0 }
  }
}

extension MotionRepresentation {
  /// The motion of some rows, from a placement on.
  ///
  /// Rotations are made orthonormal by Gram and Schmidt's method; columns that vanish or are parallel give the rest
  /// rotation's, so that any finite numbers give a finite motion.
  ///
  /// - Precondition: The number of values is a multiple of the ``width``.
  public func decode(_ rows: [Float], at start: Placement = .origin) -> Motion {
    precondition(rows.count.isMultiple(of: width), "\(rows.count) values are not whole rows of \(width)")
    let frameTime = 1 / frameRate
    var (yaw, position) = (start.heading, start.position.horizontal)
    var poses: [Pose] = []
    for base in stride(from: 0, to: rows.count, by: width) {
      let row = rows[base..<base + width].map(Double.init)
      position.y = row[3]
      poses.append(
        Pose(
          rootPosition: position,
          rotations: (0..<skeleton.count).map { joint in
            let local = rotation(row, Self.rotationsStart + 6 * joint)
            return joint == 0 ? (Quaternion(angle: yaw, axis: .unitY) * local).normalized : local
          }))
      position += (SIMD3(row[1], 0, row[2]) * frameTime).turned(by: yaw)
      yaw += row[0] * frameTime
    }
    return Motion(skeleton: skeleton, frameTime: frameTime, poses: poses)
  }

  private func rotation(_ row: [Double], _ at: Int) -> Quaternion {
    let first = SIMD3(row[at], row[at + 1], row[at + 2])
    let second = SIMD3(row[at + 3], row[at + 4], row[at + 5])
    let a = first.length > 1e-6 ? first.normalized : .unitX
    var b = second - a * a.dot(second)
    if b.length < 1e-6 { b = (abs(a.y) < 0.9 ? .unitY : .unitZ) - a * (abs(a.y) < 0.9 ? a.y : a.z) }
    b = b.normalized
    return Quaternion(columns: a, b, a.cross(b))
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
