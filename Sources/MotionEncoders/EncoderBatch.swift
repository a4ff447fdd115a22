import Tensors

/// Motions of any lengths side by side: standardised frames, and which of them exist.
struct EncoderBatch: Sendable {
  /// `[batch, width, frames]`, noughts beyond a motion's end.
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

  /// Some of its motions, padded as far as all are.
  func narrowed(to range: Range<Int>) -> EncoderBatch {
    EncoderBatch(frames: frames.narrowed(0, range), mask: mask.narrowed(0, range))
  }

  private init(frames: Tensor, mask: Tensor) {
    self.frames = frames
    self.mask = mask
  }
}
