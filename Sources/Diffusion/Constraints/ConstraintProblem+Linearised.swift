import Foundation
import Kinematics

extension ConstraintProblem {
  /// How far places are missed by the motion of some rows, and how that changes with the rows.
  struct Linearised {
    /// What is left to go, place minus motion [m, rad].
    var gaps: [Double] = []
    /// The deviation of each that is near enough.
    var tolerances: [Double] = []
    /// Derivatives of the motion's places, `[gaps, frames, width]`.
    var derivatives: [Double] = []
    /// Derivatives after the motion's start, if that is free: x, z and heading, `[gaps, 3]`; else empty.
    var startDerivatives: [Double] = []
  }

  /// The variances of a free start: x and z [m^2], and the heading [rad^2].
  static let startVariances = [4.0, 4.0, 0.5]

  /// - Parameters:
  ///   - rows: `frames` rows of the representation's width.
  ///   - motion: The motion that they decode to at the placement `start`.
  ///   - tolerance: The deviation of a place without a tolerance of its own [m].
  func linearised(
    _ rows: [Double], _ motion: Motion, at start: Placement, guiding: Bool, tolerance: Double
  ) -> Linearised {
    let width = representation.width
    let points = points.filter { guiding || $0.tolerance == 0 }
    var result = Linearised()
    let count = points.reduce(0) { $0 + ($1.isOnFloor ? 2 : 3) } + headings.count
    result.derivatives = [Double](repeating: 0, count: count * frames * width)
    let yaws = self.yaws(rows, from: start.heading)
    var bodies: [Int: JointFrames] = [:]
    for point in points where bodies[point.frame] == nil {
      bodies[point.frame] = motion.skeleton.frames(of: motion.poses[point.frame])
    }
    for point in points {
      guard let body = bodies[point.frame] else { continue }
      let place = body.positions[point.joint]
      // A far place is approached in steps: rotations are linear for small ones only.
      var gap = point.position - place
      if gap.length > 0.5 { gap *= 0.5 / gap.length }
      let axes = point.isOnFloor ? [0, 2] : [0, 1, 2]
      let bases = axes.indices.map { (result.gaps.count + $0) * frames * width }
      func add(_ frame: Int, _ column: Int, _ change: SIMD3<Double>) {
        for (base, axis) in zip(bases, axes) { result.derivatives[base + frame * width + column] += change[axis] }
      }
      for index in 0..<point.frame {
        let arm = (place - motion.poses[index + 1].rootPosition) / representation.frameRate
        add(index, 0, SIMD3(arm.z, 0, -arm.x))
        add(index, 1, SIMD3.unitX.turned(by: yaws[index]) / representation.frameRate)
        add(index, 2, SIMD3.unitZ.turned(by: yaws[index]) / representation.frameRate)
      }
      add(point.frame, MotionRepresentation.heightColumn, .unitY)
      rotations(point, body, rows) { add(point.frame, $0, $1) }
      if self.start == nil {
        let arm = place - start.position
        for axis in axes {
          result.startDerivatives += [SIMD3<Double>.unitX[axis], SIMD3<Double>.unitZ[axis], [arm.z, 0, -arm.x][axis]]
        }
      }
      result.gaps += axes.map { gap[$0] }
      result.tolerances += axes.map { _ in max(tolerance, point.tolerance) }
    }
    for (frame, yaw) in headings {
      let base = result.gaps.count * frames * width
      for index in 0..<frame { result.derivatives[base + index * width] = 1 / representation.frameRate }
      if self.start == nil { result.startDerivatives += [0, 0, 1] }
      result.gaps.append(min(0.5, max(-0.5, remainder(yaw - yaws[frame], 2 * .pi))))
      result.tolerances.append(tolerance)
    }
    return result
  }

  /// How a joint's place changes with the six numbers of every joint that it hangs from.
  private func rotations(
    _ point: MotionConstraints.Point, _ body: JointFrames, _ rows: [Double],
    _ add: (_ column: Int, _ change: SIMD3<Double>) -> Void
  ) {
    let skeleton = representation.skeleton
    let base = point.frame * representation.width
    var next = skeleton.joints[point.joint].parent
    while let joint = next {
      next = skeleton.joints[joint].parent
      let column = MotionRepresentation.rotationsStart + 6 * joint
      let first = SIMD3(rows[base + column], rows[base + column + 1], rows[base + column + 2])
      let second = SIMD3(rows[base + column + 3], rows[base + column + 4], rows[base + column + 5])
      let a = first.normalized
      let rest = second - a * a.dot(second)
      guard first.length > 1e-3, rest.length > 1e-3 else { continue }
      let b = rest.normalized
      let c = a.cross(b)
      let world = body.rotations[joint]
      let arm = world.inverse.act(body.positions[point.joint] - body.positions[joint])
      // The place's velocity for a turn about each of the joint's own axes.
      let turns = [SIMD3<Double>.unitX, .unitY, .unitZ].map { world.act($0.cross(arm)) }
      for axis in 0..<3 {
        add(column + axis, (turns[2] * b[axis] - turns[1] * c[axis]) / first.length)
        add(column + 3 + axis, turns[0] * c[axis] / rest.length)
      }
    }
  }

  /// The root's turn about the vertical at every frame [rad], without jumps.
  private func yaws(_ rows: [Double], from start: Double) -> [Double] {
    var yaws = [start]
    for frame in 0..<frames - 1 {
      yaws.append(yaws[frame] + rows[frame * representation.width] / representation.frameRate)
    }
    return yaws
  }
}
