import Foundation
import Kinematics

/// The rows of a DeepMimic file as poses of ``DeepMimic/skeleton``.
struct DeepMimicPoses {
  var rows: [[Double]]

  /// Where the quaternions of a row begin.
  static let quaternionStarts: [Int] = bodyStarts.filter { !$0.body.isHinge }.map(\.start)

  /// Where each body's numbers begin: after the duration and the root's place.
  private static let bodyStarts: [(body: DeepMimic.Body, start: Int)] = {
    var start = 4
    return DeepMimic.Body.allCases.map { body in
      defer { start += body.isHinge ? 1 : 4 }
      return (body, start)
    }
  }()

  /// Every row as a pose with its time, repeated `cycles` times.
  func timedPoses(cycles: Int) -> [(time: Double, pose: Pose)] {
    var once: [(time: Double, pose: Pose)] = []
    var time = 0.0
    for row in rows {
      once.append((time, pose(of: row)))
      time += row[0]
    }
    guard cycles > 1, let first = once.first, let last = once.last, last.time > 0 else { return once }
    // A looping file's last row is the next cycle's first, moved on and turned.
    let turn = last.pose.rotations[0].heading * first.pose.rotations[0].heading.inverse
    var result = once
    var (turned, shift) = (Quaternion.identity, SIMD3<Double>.zero)
    for cycle in 1..<cycles {
      turned = (turned * turn).normalized
      let end = result[result.count - 1].pose.rootPosition.horizontal
      shift = end - turned.act(first.pose.rootPosition.horizontal)
      for (time, pose) in once.dropFirst() {
        var moved = pose
        moved.rootPosition = turned.act(pose.rootPosition) + shift
        moved.rotations[0] = turned * pose.rotations[0]
        result.append((time + Double(cycle) * last.time, moved))
      }
    }
    return result
  }

  private func pose(of row: [Double]) -> Pose {
    var pose = Pose(resting: DeepMimic.skeleton, rootPosition: Self.turned(SIMD3(row[1], row[2], row[3])))
    for (body, start) in Self.bodyStarts {
      let rotation =
        body.isHinge
        ? Quaternion(angle: row[start], axis: .unitZ)
        : Quaternion(w: row[start], x: row[start + 1], y: row[start + 2], z: row[start + 3]).normalized
      pose.rotations[DeepMimic.jointOfBody[body.rawValue]] = Self.fromArmsDown(
        Quaternion(w: rotation.w, imaginary: Self.turned(rotation.imaginary)), body)
    }
    return pose
  }

  /// From facing +X, right +Z, to facing +Z, left +X: a quarter turn about the vertical.
  private static func turned(_ v: SIMD3<Double>) -> SIMD3<Double> { SIMD3(-v.z, v.y, v.x) }

  /// A local rotation for a rest pose with the arms sideways, from one for arms that hang down.
  ///
  /// With T the quarter turn that lifts the arm, bones keep their world directions if every arm body's rotation in the
  /// world loses T on its right: `S T⁻¹` for the shoulder, `T E T⁻¹` for the elbow below it.
  private static func fromArmsDown(_ rotation: Quaternion, _ body: DeepMimic.Body) -> Quaternion {
    guard body.isArm else { return rotation }
    let lift = Quaternion(angle: body.isLeft ? .pi / 2 : -.pi / 2, axis: .unitZ)
    let isShoulder = body == .leftShoulder || body == .rightShoulder
    return isShoulder ? rotation * lift.inverse : lift * rotation * lift.inverse
  }

  /// The file's rotation of a body that is no hinge: the inverse of the conversion that the reader does.
  static func toFile(_ rotation: Quaternion, _ body: DeepMimic.Body) -> Quaternion {
    let lift = Quaternion(angle: body.isLeft ? .pi / 2 : -.pi / 2, axis: .unitZ)
    let hanging = body.isArm ? rotation * lift : rotation
    let v = hanging.imaginary
    let sign: Double = hanging.w < 0 ? -1 : 1
    return Quaternion(w: sign * hanging.w, imaginary: sign * SIMD3(v.z, v.y, -v.x))
  }
}
