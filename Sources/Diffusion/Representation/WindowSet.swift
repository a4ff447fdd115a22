public import Kinematics
import Support
import Tensors

/// A motion to learn from, with its action; real or synthetic.
public struct TrainingWindow: Sendable, Hashable {
  /// The motion; all of one training share a skeleton and a frame rate.
  public var motion: Motion
  /// The action label.
  public var action: String
  /// Sentences about it, for a model with texts: at every step one of them is drawn.
  public var captions: [Caption]

  /// Labels a motion, for example a window of a prepared dataset.
  public init(motion: Motion, action: String, captions: [Caption] = []) {
    self.motion = motion
    self.action = action
    self.captions = captions
  }
}

/// Windows as one block of features, padded to a common length.
struct WindowSet: Sendable {
  /// `[windows, frames, width]`, zeros beyond a window's length.
  let features: Tensor
  /// Every window's number of frames.
  let lengths: [Int]
  /// Every window's class.
  let labels: [Int]

  var count: Int { lengths.count }

  /// Every window's rows, without padding.
  var rows: [[Float]] {
    let (size, width, values) = (features.shape[1] * features.shape[2], features.shape[2], features.floats)
    return lengths.enumerated().map { index, length in Array(values[index * size..<index * size + length * width]) }
  }

  /// Encodes windows and pads them.
  ///
  /// - Parameters:
  ///   - actions: The classes; `nil` for windows without labels.
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
        for (column, value) in row.enumerated() { buffer[index * size + column] = value }
      }
      filled = rows.count * size
    }
    features = Tensor(block, shape: [rows.count, longest, representation.width])
    self.lengths = lengths
    self.labels = labels
  }
}

extension WindowSet {
  /// A hash that identifies the windows: FNV-1a over labels, lengths and a sample of the features.
  var fingerprint: UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func absorb(_ value: UInt64) { hash = (hash ^ value) &* 0x0000_0100_0000_01B3 }
    for (label, length) in zip(labels, lengths) { absorb(UInt64(label) << 32 | UInt64(length)) }
    let values = features.reshaped(-1)
    let stride = max(1, values.count / 65536)
    let samples = Swift.stride(from: 0, to: values.count, by: stride).map { $0 }
    for value in values.gathered(0, Tensor(indices: samples)).floats { absorb(UInt64(value.bitPattern)) }
    return hash
  }
}

/// 1 where a frame belongs to its motion, `[lengths, frames]`; `nil` if all do.
func lengthMask(_ lengths: [Int], frames: Int) -> Tensor? {
  guard lengths.contains(where: { $0 < frames }) else { return nil }
  let values = lengths.flatMap { length in (0..<frames).map { Float($0 < length ? 1 : 0) } }
  return Tensor(values, shape: [lengths.count, frames])
}
