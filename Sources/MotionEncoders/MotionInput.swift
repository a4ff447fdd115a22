import Evaluation
import Kinematics
import Support
import Tensors

/// The encoder's features of a frame: joints in the body's frame, wherever it stands and faces.
///
/// For each of the 22 canonical joints its position [m] and velocity [m/s] relative to the point of the floor below the
/// pelvis, turned so that the pelvis faces +Z: 132 numbers. The pelvis' velocity is how the body travels.
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

/// Motions of any lengths as one batch: standardised frames, and which of them exist.
struct EncoderBatch: Sendable {
  /// `[batch, width, frames]`, zeros beyond a motion's end.
  let frames: Tensor
  /// `[batch, 1, frames]`, 1 where a frame exists.
  let mask: Tensor

  init(_ rows: [[[Float]]], mean: [Float], deviation: [Float]) {
    let longest = rows.map(\.count).max() ?? 0
    let width = MotionInput.width
    var values = [Float](repeating: 0, count: rows.count * width * longest)
    var exists = [Float](repeating: 0, count: rows.count * longest)
    for (index, motion) in rows.enumerated() {
      for (frame, row) in motion.enumerated() {
        exists[index * longest + frame] = 1
        for column in 0..<width {
          values[(index * width + column) * longest + frame] = (row[column] - mean[column]) / deviation[column]
        }
      }
    }
    frames = Tensor(values, shape: [rows.count, width, longest])
    mask = Tensor(exists, shape: [rows.count, 1, longest])
  }

  /// Some of its motions, with the padding of the whole batch.
  func narrowed(to range: Range<Int>) -> EncoderBatch {
    EncoderBatch(frames: frames.narrowed(0, range), mask: mask.narrowed(0, range))
  }

  private init(frames: Tensor, mask: Tensor) {
    self.frames = frames
    self.mask = mask
  }
}
