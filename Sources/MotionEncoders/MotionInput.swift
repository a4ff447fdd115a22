import Foundation
public import Kinematics
public import Support
import Evaluation

/// What the motion encoder sees of a frame: joints as the body itself sees them, wherever it stands and faces.
///
/// For each of the 22 canonical joints its position [m] and velocity [m/s] relative to the point of the floor below the
/// pelvis, turned so that the pelvis faces +Z: 132 numbers. The pelvis' own velocity tells how the body travels.
enum MotionInput {
  static let width = 6 * CanonicalJoint.allCases.count

  /// One row of ``width`` numbers a frame.
  static func rows(of motion: Motion) throws(SurefootError) -> [[Float]] {
    let trajectory = try CanonicalTrajectory(motion, minimumFrames: 2)
    return (0..<trajectory.count).map { frame in
      let turn = motion.poses[frame].rotations[0].heading.inverse
      let ground = trajectory.position(.pelvis, frame).horizontal
      var row: [Float] = []
      row.reserveCapacity(width)
      for joint in CanonicalJoint.allCases {
        append(turn.act(trajectory.position(joint, frame) - ground), to: &row)
        append(turn.act(trajectory.velocity(joint, max(1, frame))), to: &row)
      }
      return row
    }
  }

  private static func append(_ v: SIMD3<Double>, to row: inout [Float]) {
    row.append(Float(v.x))
    row.append(Float(v.y))
    row.append(Float(v.z))
  }
}
