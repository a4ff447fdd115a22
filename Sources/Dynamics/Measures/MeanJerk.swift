package import Kinematics

/// The mean magnitude of the joints' third derivative of position, from differences of four frames [m/s^3].
package struct MeanJerk: Sendable {
  private var sum = 0.0
  private var differences = 0
  /// The joints of the last three frames.
  private var joints: [[SIMD3<Double>]] = []

  package init() {}

  /// Of a whole motion; 0 for fewer than four frames.
  package static func of(_ motion: Motion) -> Double {
    var jerk = MeanJerk()
    for pose in motion.poses { jerk.add(motion.skeleton.frames(of: pose).positions) }
    return jerk.value(frameTime: motion.frameTime)
  }

  /// Adds the next frame's joints.
  package mutating func add(_ positions: [SIMD3<Double>]) {
    if joints.count == 3 {
      for j in positions.indices {
        sum += (positions[j] - joints[0][j] - 3 * (joints[2][j] - joints[1][j])).length
      }
      differences += 1
      joints.removeFirst()
    }
    joints.append(positions)
  }

  /// The mean of all frames so far, which are `frameTime` seconds apart.
  package func value(frameTime: Double) -> Double {
    guard differences > 0, let count = joints.last?.count, count > 0 else { return 0 }
    return sum / (Double(differences) * Double(count)) / (frameTime * frameTime * frameTime)
  }
}
