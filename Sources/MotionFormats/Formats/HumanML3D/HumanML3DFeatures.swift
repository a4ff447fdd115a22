import Foundation
import Kinematics

/// The 263 numbers a frame of HumanML3D, from positions and back.
///
/// A row holds, in this order: half the root's turn about the vertical to the next frame [rad]; the root's horizontal
/// step to it, in the body's frame [m]; the root's height [m]; the places of joints 1 to 21 in the body's frame [m]; six
/// numbers (the first two columns of the matrix) for the rotation of each of their bones; the step of all 22 joints to
/// the next frame, in the body's frame [m]; and whether left ankle, left foot, right ankle, right foot stand still.
/// The definition is that of C. Guo et al., "Generating Diverse and Natural 3D Human Motions from Text", CVPR 2022,
/// with its published code.
struct HumanML3DFeatures {
  static let width = 263
  static let frameRate = 20.0
  private static let joints = 22
  /// The bones' directions at rest that the rotations are measured from.
  private static let directions: [SIMD3<Double>] = {
    let (x, y, z) = (SIMD3<Double>.unitX, SIMD3<Double>.unitY, SIMD3<Double>.unitZ)
    return [.zero, x, -x, y, -y, -y, y, -y, -y, y, z, z, y, x, -x, z, -y, -y, -y, -y, -y, -y]
  }()
  /// Still feet: square metres a frame.
  private static let stillness = 0.002

  /// The rows of a motion: one fewer than frames.
  ///
  /// The motion is placed as the dataset's: lowest joint at height 0, the first frame's root over the origin, facing +Z.
  ///
  /// - Returns: The rows, and the positions as placed.
  static func rows(of positions: [[SIMD3<Double>]]) -> (rows: [[Double]], placed: [[SIMD3<Double>]]) {
    let lowest = positions.flatMap { $0 }.map(\.y).min() ?? 0
    let start = positions[0][0].horizontal + SIMD3(0, lowest, 0)
    let first = facing(of: positions[0])
    let placed = positions.map { frame in frame.map { first.act($0 - start) } }
    let turns = smoothedFacings(of: placed)
    let rows = (0..<placed.count - 1).map { row(placed[$0], placed[$0 + 1], turns[$0], turns[$0 + 1]) }
    return (rows, placed)
  }

  private static func row(
    _ now: [SIMD3<Double>], _ next: [SIMD3<Double>], _ turn: Quaternion, _ nextTurn: Quaternion
  ) -> [Double] {
    let change = nextTurn * turn.inverse
    let step = nextTurn.act(next[0] - now[0])
    var row = [asin(min(1, max(-1, change.imaginary.y))), step.x, step.z, now[0].y]
    row.reserveCapacity(width)
    for joint in 1..<joints {
      let place = turn.act(now[joint] - now[0].horizontal)
      row += [place.x, place.y, place.z]
    }
    for rotation in rotations(of: now, turn).dropFirst() {
      let (a, b, _) = rotation.columns
      row += [a.x, a.y, a.z, b.x, b.y, b.z]
    }
    for joint in 0..<joints {
      let step = turn.act(next[joint] - now[joint])
      row += [step.x, step.y, step.z]
    }
    for joint in [CanonicalJoint.leftAnkle, .leftFoot, .rightAnkle, .rightFoot] {
      row.append((next[joint.rawValue] - now[joint.rawValue]).squaredLength < stillness ? 1 : 0)
    }
    return row
  }

  /// From the world to the frame in which the body of one frame faces +Z, by its hips and shoulders.
  private static func facing(of frame: [SIMD3<Double>]) -> Quaternion {
    turn(from: SIMD3<Double>.unitY.cross(hips(frame) + shoulders(frame)))
  }

  /// From the world to the frame in which the body faces +Z, of every frame of a motion that begins facing +Z.
  ///
  /// As in the published code, the first is no turn at all, the others are smoothed, and hips count from left to right,
  /// shoulders from right to left: the shoulders, wider, decide.
  private static func smoothedFacings(of positions: [[SIMD3<Double>]]) -> [Quaternion] {
    let ahead = positions.map { SIMD3<Double>.unitY.cross((shoulders($0) - hips($0)).normalized) }
    var turns = smoothed(ahead).map(turn)
    turns[0] = .identity
    return turns
  }

  /// From the left hip to the right one.
  private static func hips(_ frame: [SIMD3<Double>]) -> SIMD3<Double> {
    frame[CanonicalJoint.rightHip.rawValue] - frame[CanonicalJoint.leftHip.rawValue]
  }

  /// From the left shoulder to the right one.
  private static func shoulders(_ frame: [SIMD3<Double>]) -> SIMD3<Double> {
    frame[CanonicalJoint.rightShoulder.rawValue] - frame[CanonicalJoint.leftShoulder.rawValue]
  }

  /// The turn about the vertical that takes a direction to +Z; none if it has no horizontal part.
  private static func turn(from direction: SIMD3<Double>) -> Quaternion {
    direction.horizontal.length > 1e-9 ? Quaternion(from: direction.horizontal.normalized, to: .unitZ) : .identity
  }

  /// A Gaussian of 20 frames' deviation, cut off at 80, the ends held.
  private static func smoothed(_ values: [SIMD3<Double>]) -> [SIMD3<Double>] {
    let weights = (-80...80).map { exp(-0.5 * Double($0 * $0) / 400) }
    let total = weights.reduce(0, +)
    return values.indices.map { (index: Int) -> SIMD3<Double> in
      var sum = SIMD3<Double>.zero
      for offset in -80...80 {
        let weight: Double = weights[offset + 80] / total
        sum += values[min(max(index + offset, 0), values.count - 1)] * weight
      }
      return sum
    }
  }

  /// Each bone's rotation in the frame of the bone before it, at the joint where the bone ends.
  ///
  /// Every limb begins anew at the body's frame, the arms' at the chest included, as in the published code.
  private static func rotations(of frame: [SIMD3<Double>], _ turn: Quaternion) -> [Quaternion] {
    var result = [Quaternion](repeating: .identity, count: joints)
    for chain in chains {
      var parent = turn
      for (above, joint) in zip(chain, chain.dropFirst()) {
        let bone = (frame[joint] - frame[above]).normalized
        let world = Quaternion(from: directions[joint], to: bone)
        result[joint] = (parent.inverse * world).normalized
        parent = world
      }
    }
    return result
  }

  private static let chains = [
    [0, 2, 5, 8, 11], [0, 1, 4, 7, 10], [0, 3, 6, 9, 12, 15], [9, 14, 17, 19, 21], [9, 13, 16, 18, 20],
  ]

  /// The positions of 22 joints that a row's root and places stand for, frame by frame; a model's rows serve as well.
  static func positions(of rows: [[Double]]) -> [[SIMD3<Double>]] {
    var (angle, root) = (0.0, SIMD3<Double>.zero)
    var result: [[SIMD3<Double>]] = []
    for (index, row) in rows.enumerated() {
      if index > 0 { angle += rows[index - 1][0] }
      let back = Quaternion(w: cos(angle), x: 0, y: sin(angle), z: 0).inverse
      if index > 0 { root += back.act(SIMD3(rows[index - 1][1], 0, rows[index - 1][2])) }
      root.y = row[3]
      let others = (0..<joints - 1).map { joint in
        back.act(SIMD3(row[4 + 3 * joint], row[5 + 3 * joint], row[6 + 3 * joint])) + root.horizontal
      }
      result.append([root] + others)
    }
    return result
  }
}
