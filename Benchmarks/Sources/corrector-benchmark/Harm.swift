import Foundation
import Kinematics

/// What a motion does in figures that a correction should leave alone, at about 30 frames a second: sums over joints and
/// frames, so that those of several motions add up.
struct Harm {
  /// Of the joints' squared speeds.
  var energy = 0.0
  /// Of the joints' speeds.
  var speed = 0.0
  /// The length of the root's path over the floor.
  var path = 0.0
  /// Of the sizes of the joints' third differences.
  var jerk = 0.0

  init() {}

  init(_ motion: Motion) {
    let step = max(1, Int((1.0 / 30 / motion.frameTime).rounded()))
    let positions = stride(from: 0, to: motion.count, by: step).map { motion.jointPositions(of: $0) }
    for i in positions.indices.dropFirst() {
      let (p, q) = (positions[i - 1], positions[i])
      for j in p.indices {
        energy += (q[j] - p[j]).squaredLength
        speed += (q[j] - p[j]).length
        guard i >= 3 else { continue }
        jerk += (q[j] - 3 * p[j] + 3 * positions[i - 2][j] - positions[i - 3][j]).length
      }
      path += (q[0] - p[0]).horizontal.length
    }
  }

  static func += (a: inout Harm, b: Harm) {
    a.energy += b.energy
    a.speed += b.speed
    a.path += b.path
    a.jerk += b.jerk
  }

  /// Each figure as a ratio to another's.
  func ratios(to other: Harm) -> String {
    String(
      format: "kinetic energy x %.3f, mean speed x %.3f, path x %.3f, jerk x %.3f", energy / max(other.energy, 1e-9),
      speed / max(other.speed, 1e-9), path / max(other.path, 1e-9), jerk / max(other.jerk, 1e-9))
  }
}

extension Motion {
  fileprivate func jointPositions(of frame: Int) -> [SIMD3<Double>] { skeleton.frames(of: poses[frame]).positions }
}
