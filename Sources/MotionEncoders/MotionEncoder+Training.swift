import Foundation
public import Kinematics
public import Randomness
public import Support
import Tensors
import Evaluation

extension MotionEncoder {
  /// Motions in a part of a batch; one thread computes a part.
  private static let partSize = 8

  /// Trains an encoder on real windows.
  ///
  /// The loss is the mean squared error of the rebuilt, standardised frames plus a tenth of the cross-entropy of the
  /// action.
  ///
  /// - Parameters:
  ///   - motions: Motions on the canonical skeleton, at one frame rate.
  ///   - actions: One label a motion.
  ///   - progress: Called after each step with the steps done and the latest loss.
  /// - Returns: The encoder and the mean loss of the last 50 steps.
  /// - Throws: ``SurefootError`` for too few motions, differing rates, or a loss that is not finite; `CancellationError` if
  ///   the task is cancelled.
  public static func train(
    on motions: [Motion], actions: [String], _ training: Training,
    progress: (_ done: Int, _ loss: Double) -> Void = { _, _ in }
  ) throws -> (encoder: MotionEncoder, loss: Double) {
    precondition(actions.count == motions.count, "one label a motion")
    guard let first = motions.first, motions.count > 1 else {
      throw SurefootError.tooFew(what: "the encoder's training", have: motions.count, need: 2)
    }
    guard motions.allSatisfy({ abs($0.frameTime - first.frameTime) < 1e-3 * first.frameTime }) else {
      throw SurefootError.mismatch(
        "the encoder's training motions have more than one frame rate; prepare them together")
    }
    var rows: [[[Float]]] = []
    for motion in motions { rows.append(try MotionInput.rows(of: motion)) }
    let (mean, deviation) = scale(rows)
    let labels = Array(Set(actions)).sorted()
    let network = EncoderNetwork(
      dimension: training.dimension, actions: labels.count, seed: Seed.derive(training.seed, "encoder weights"))
    let encoder = MotionEncoder(
      dimension: training.dimension, frameRate: first.frameRate, actions: labels, network: network, mean: mean,
      deviation: deviation)
    let classes = actions.map { labels.firstIndex(of: $0) ?? 0 }
    let loss = try encoder.fit(rows, classes, frameTime: first.frameTime, training, progress)
    return (encoder, loss)
  }

  private func fit(
    _ rows: [[[Float]]], _ classes: [Int], frameTime: Double, _ training: Training, _ progress: (Int, Double) -> Void
  ) throws -> Double {
    let optimizer = AdamW(network.parameters, rate: training.rate, decay: 1e-4)
    let (dimension, count) = (training.dimension, actions.count)
    let parts = BatchParts(network.parameters, size: Self.partSize) {
      let copy = EncoderNetwork(dimension: dimension, actions: count, seed: 0)
      return (copy, copy.parameters)
    }
    var random = SeededGenerator(seed: Seed.derive(training.seed, "encoder batches"))
    var recent: [Double] = []
    for step in 0..<training.steps {
      try DedicatedThread.checkCancellation()
      let chosen = (0..<min(training.batch, rows.count)).map { _ in Int.random(in: 0..<rows.count, using: &random) }
      let batch = EncoderBatch(chosen.map { rows[$0] }, mean: mean, deviation: deviation)
      let (labels, entries) = (chosen.map { classes[$0] }, batch.mask.sum().scalar * Double(MotionInput.width))
      let clock = EncoderNetwork.clock(frames: batch.frames.shape[2], frameTime: frameTime)
      let value = parts.backward(batch: chosen.count) { network, range in
        let part = batch.narrowed(to: range)
        let code = network.encode(part.frames, mask: part.mask)
        let errors = (network.decode(code, clock: clock) - part.frames).squared() * part.mask
        let entropy = Self.entropy(network.actions(code), classes: labels[range])
        return errors.sum() / entries + entropy * (0.1 / Double(labels.count))
      }
      guard value.isFinite else { throw SurefootError.notFinite("the encoder's loss at step \(step)") }
      let fraction = Double(step) / Double(max(1, training.steps))
      optimizer.rate = training.rate * (0.1 + 0.45 * (1 + cos(.pi * fraction)))
      optimizer.step(clipping: 1)
      recent = Array((recent + [value]).suffix(50))
      progress(step + 1, value)
    }
    return recent.isEmpty ? 0 : recent.reduce(0, +) / Double(recent.count)
  }

  /// The sum of the cross-entropies of some classes.
  private static func entropy(_ scores: Tensor, classes: ArraySlice<Int>) -> Tensor {
    let count = scores.shape[1]
    var picked = [Float](repeating: 0, count: classes.count * count)
    for (row, label) in classes.enumerated() { picked[row * count + label] = 1 }
    return -(scores.logSoftmax(1) * Tensor(picked, shape: [classes.count, count])).sum()
  }

  /// Mean and deviation of every input over all frames; inputs that hardly vary are divided by 1 cm or 1 cm/s.
  private static func scale(_ rows: [[[Float]]]) -> (mean: [Float], deviation: [Float]) {
    let frames = rows.joined()
    let count = Double(frames.count)
    var sums = [Double](repeating: 0, count: MotionInput.width)
    var squares = sums
    for row in frames {
      for (column, value) in row.enumerated() {
        sums[column] += Double(value)
        squares[column] += Double(value) * Double(value)
      }
    }
    let mean = sums.map { $0 / count }
    let deviation = zip(squares, mean).map { max(0.01, max(0, $0 / count - $1 * $1).squareRoot()) }
    return (mean.map { Float($0) }, deviation.map { Float($0) })
  }
}
