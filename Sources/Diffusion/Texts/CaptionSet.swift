import Support
import Tensors

/// The captions of a training's windows as one table.
struct CaptionSet: Sendable {
  /// Every distinct caption as the network takes it, and a row of zeros at the end: `[captions + 1, width]`.
  private let table: Tensor
  /// The rows of each window's captions.
  let byWindow: [[Int]]
  /// A hash that identifies them.
  let fingerprint: UInt64

  /// The captions of windows, scaled as those that the model learns.
  init(_ windows: [TrainingWindow], _ learnt: LearntCaptions) throws(SurefootError) {
    let width = learnt.width
    var (rows, places, values) = ([[Int]](), [String: Int](), [Float]())
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for window in windows {
      var own: [Int] = []
      for caption in window.captions {
        guard caption.embedding.count == width else {
          throw SurefootError(
            .text,
            message: "an embedding of a caption has \(caption.embedding.count) numbers, the model takes \(width)",
            suggestion: "embed captions by the encoder that the model was trained with")
        }
        if places[caption.text] == nil {
          places[caption.text] = places.count
          values += caption.embedding
        }
        own.append(places[caption.text] ?? 0)
        for byte in caption.text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
      }
      rows.append(own)
      hash = (hash ^ 0xFF) &* 0x0000_0100_0000_01B3
    }
    let none = Tensor(repeating: 0, shape: [1, width], on: .cpu)
    let known = values.isEmpty ? [] : [learnt.scaled(Tensor(values, shape: [places.count, width]))]
    table = Tensor.concatenated(known + [none], 0)
    byWindow = rows
    fingerprint = hash
  }

  /// The given captions, zeros for none: `[captions, width]`.
  func rows(_ chosen: [Int?]) -> Tensor {
    let last = table.shape[0] - 1
    return table.gathered(0, Tensor(indices: chosen.map { $0 ?? last })).moved(to: Torch.device)
  }
}
