import Foundation
public import Kinematics

extension MotionRepresentation {
  /// The motion of some rows, from a placement on.
  ///
  /// Rotations are made orthonormal by Gram and Schmidt's method; columns that vanish or run together give the rest
  /// rotation's, so that any finite numbers give a finite motion.
  ///
  /// - Precondition: The number of values is a multiple of the ``width``.
  public func decode(_ rows: [Float], at start: Placement = .origin) -> Motion {
    precondition(rows.count.isMultiple(of: width), "\(rows.count) values are no whole rows of \(width)")
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
