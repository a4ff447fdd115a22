import Foundation
import Kinematics

/// A motion as rows of numbers that can be averaged and mixed: one row a frame, in about metres.
///
/// A row holds the root's turn about the vertical and its horizontal velocity in the facing frame [1/s], its height, its
/// tilt, and every biped joint's rotation as a rotation vector about the joint's mean rotation in the real windows. Each
/// number is weighted by how far it moves the body, so that distances between rows are about those of joints. Decoding
/// takes back what encoding did: nothing is lost. Joints that are no part of a biped keep the sample's motion.
struct MotionLatents: Sendable {
  let skeleton: Skeleton
  let frameTime: Double
  /// The joints whose rotations are encoded, the root first.
  let joints: [Int]
  /// The mean rotation of each of them; the root's without its heading.
  private let means: [Quaternion]
  /// The weight of each number of a row.
  private let weights: [Double]

  /// The numbers in a row.
  var width: Int { weights.count }

  /// Fitted to motions of one skeleton and rate, at least one frame in all.
  ///
  /// - Parameter biped: The skeleton's joints that make a biped.
  init(fitting motions: [Motion], biped: some Sequence<Int>) {
    let first = motions[0]
    (skeleton, frameTime) = (first.skeleton, first.frameTime)
    joints = [0] + Set(biped).subtracting([0]).sorted()
    // A quarter of the frames gives the same means.
    let poses = motions.flatMap { motion in stride(from: 0, to: motion.count, by: 4).map { motion.poses[$0] } }
    means = joints.map { joint in
      let rotations = poses.map { MotionLatents.local($0, joint) }
      var mean = rotations[0]
      for _ in 0..<3 {
        let sum = rotations.reduce(SIMD3<Double>.zero) { $0 + (mean.inverse * $1).rotationVector }
        mean = (mean * Quaternion(rotationVector: sum / Double(rotations.count))).normalized
      }
      return mean
    }
    let reach = MotionLatents.reach(first.skeleton)
    weights =
      [0.15, 0.5, 0.5, 2] + joints.flatMap { [Double](repeating: min(1, max(0.1, reach[$0])), count: 3) }
  }

  /// How far the tips below a joint are from it [m]: the way that a radian of the joint moves them.
  private static func reach(_ skeleton: Skeleton) -> [Double] {
    var reach = skeleton.joints.map { $0.endSite?.length ?? 0 }
    for index in skeleton.joints.indices.reversed() {
      guard let parent = skeleton.joints[index].parent else { continue }
      reach[parent] = max(reach[parent], reach[index] + skeleton.joints[index].offset.length)
    }
    return reach
  }

  /// A joint's local rotation; the root's without its turn about the vertical.
  private static func local(_ pose: Pose, _ joint: Int) -> Quaternion {
    let rotation = pose.rotations[joint]
    return joint == 0 ? rotation.heading.inverse * rotation : rotation
  }

  private static func yaw(_ pose: Pose) -> Double {
    let heading = pose.rotations[0].heading
    return 2 * atan2(heading.imaginary.y, heading.w)
  }

  /// Turned about the vertical by an angle [rad].
  private static func turned(_ v: SIMD3<Double>, by yaw: Double) -> SIMD3<Double> {
    let (c, s) = (cos(yaw), sin(yaw))
    return SIMD3(c * v.x + s * v.z, v.y, c * v.z - s * v.x)
  }

  /// The rows of a motion of the skeleton and rate, row-major. The last row's velocities repeat those of the row before.
  func encode(_ motion: Motion) -> [Double] {
    var rows: [Double] = []
    rows.reserveCapacity(motion.count * width)
    var former = [SIMD3<Double>](repeating: .zero, count: joints.count)
    let yaws = motion.poses.map(MotionLatents.yaw)
    for index in motion.poses.indices {
      let pose = motion.poses[index]
      let here = max(0, min(index, motion.count - 2))
      let next = min(here + 1, motion.count - 1)
      let turn = remainder(yaws[next] - yaws[here], 2 * .pi) / frameTime
      let step = motion.poses[next].rootPosition - motion.poses[here].rootPosition
      let velocity = MotionLatents.turned(step / frameTime, by: -yaws[here])
      var row = [turn, velocity.x, velocity.z, pose.rootPosition.y]
      for (place, joint) in joints.enumerated() {
        var vector = (means[place].inverse * MotionLatents.local(pose, joint)).rotationVector
        // Of the two vectors of a rotation, the one that continues the frame before.
        let angle = vector.length
        if index > 0, angle > 1e-9 {
          let other = vector * (1 - 2 * .pi / angle)
          if (other - former[place]).length < (vector - former[place]).length { vector = other }
        }
        former[place] = vector
        row += [vector.x, vector.y, vector.z]
      }
      for (value, weight) in zip(row, weights) { rows.append(value * weight) }
    }
    return rows
  }

  /// The motion of some rows, from where a sample begins and facing as it does.
  ///
  /// - Parameter sample: As long as the rows; its other joints and its joints' translations are kept.
  func decode(_ rows: [Double], like sample: Motion) -> Motion {
    var output = sample
    guard let first = sample.poses.first else { return sample }
    var (yaw, position) = (MotionLatents.yaw(first), first.rootPosition)
    for index in sample.poses.indices {
      let row = (0..<width).map { rows[index * width + $0] / weights[$0] }
      position.y = row[3]
      output.poses[index].rootPosition = position
      for (place, joint) in joints.enumerated() {
        let at = 4 + 3 * place
        let vector = SIMD3(row[at], row[at + 1], row[at + 2])
        let local = means[place] * Quaternion(rotationVector: vector)
        output.poses[index].rotations[joint] =
          (joint == 0 ? Quaternion(angle: yaw, axis: .unitY) * local : local).normalized
      }
      position += MotionLatents.turned(SIMD3(row[1], 0, row[2]) * frameTime, by: yaw)
      yaw += row[0] * frameTime
    }
    return output
  }
}
