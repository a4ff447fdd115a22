import Tensors

/// Normal noise for a batch. Each motion has its own stream and length, with zeros beyond.
final class BatchNoise: Sendable {
  private let streams: [RandomStream]
  private let lengths: [Int]
  private let channels: Int
  private let scale: Double

  /// - Parameter seeds: One a motion.
  init(seeds: [UInt64], lengths: [Int], channels: Int, scale: Double) {
    streams = seeds.map { RandomStream(seed: $0) }
    self.lengths = lengths
    self.channels = channels
    self.scale = scale
  }

  func next() -> Tensor {
    let longest = lengths.max() ?? 0
    let parts = zip(streams, lengths).map { stream, length in
      let noise = stream.normal([length, channels], on: .cpu)
      let rest = Tensor(repeating: 0, shape: [longest - length, channels], on: .cpu)
      return length == longest ? noise : Tensor.concatenated([noise, rest], 0)
    }
    // Drawn and joined on the processor: moving every motion's few numbers one by one would take longer.
    return Tensor.stacked(parts).moved(to: Torch.device) * scale
  }
}
