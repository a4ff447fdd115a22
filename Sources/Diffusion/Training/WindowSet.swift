import Foundation
public import Support
import Tensors
import Kinematics

/// Windows as one block of features, padded to a common length.
struct WindowSet: Sendable {
  /// `[windows, frames, width]`, zeros beyond a window's length.
  let features: Tensor
  /// Every window's number of frames.
  let lengths: [Int]
  /// Every window's class.
  let labels: [Int]

  var count: Int { lengths.count }

  /// - Parameters:
  ///   - actions: The classes; `nil` labels nothing.
  ///   - frames: The longest length; longer windows are cut at their end.
  ///   - exact: Whether every window must have that many frames at least.
  init(
    _ windows: [TrainingWindow], _ representation: MotionRepresentation, actions: [String]?, frames: Int, exact: Bool
  ) throws(SurefootError) {
    guard !windows.isEmpty else { throw SurefootError.noWindows }
    var (rows, lengths, labels) = ([[Float]](), [Int](), [Int]())
    let classes = Dictionary((actions ?? []).enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    for window in windows {
      guard !exact || window.motion.count >= frames else {
        throw SurefootError(
          .motion, message: "a window has \(window.motion.count) frames, the model \(frames)",
          suggestion: "prepare the dataset with windows of \(frames) frames")
      }
      let length = min(frames, window.motion.count)
      rows.append(Array(try representation.encode(window.motion).prefix(length * representation.width)))
      lengths.append(length)
      if let actions {
        guard let label = classes[window.action] else {
          throw SurefootError(
            .action, message: "the model does not know the action \(window.action) of a window",
            suggestion: "it knows \(actions.joined(separator: ", "))")
        }
        labels.append(label)
      }
    }
    let longest = exact ? frames : lengths.max() ?? 0
    let size = longest * representation.width
    let block = [Float](unsafeUninitializedCapacity: rows.count * size) { buffer, filled in
      buffer.initialize(repeating: 0)
      for (index, row) in rows.enumerated() {
        for (place, value) in row.enumerated() { buffer[index * size + place] = value }
      }
      filled = rows.count * size
    }
    features = Tensor(block, shape: [rows.count, longest, representation.width])
    self.lengths = lengths
    self.labels = labels
  }
}

/// 1 where a frame belongs to its motion, `[lengths, frames]`; `nil` if all do.
func lengthMask(_ lengths: [Int], frames: Int) -> Tensor? {
  guard lengths.contains(where: { $0 < frames }) else { return nil }
  let values = lengths.flatMap { length in (0..<frames).map { Float($0 < length ? 1 : 0) } }
  return Tensor(values, shape: [lengths.count, frames])
}
