import Foundation
import Tensors

/// The motion encoder's layers, with the decoder and the classifier of its training.
///
/// Encoder: three residual convolutions over time (kernel 5, dilations 1, 2 and 4), then the mean and the root mean square
/// over the frames that exist, then one linear map to the features. Decoder: a small network from the features and a
/// frame's time to that frame. The classifier reads the action from the features.
struct EncoderNetwork: Module {
  let first: Conv1d
  let second: Conv1d
  let third: Conv1d
  let features: Linear
  let content: Linear
  let clock: Linear
  let hidden: Linear
  let output: Linear
  let actions: Linear

  init(dimension: Int, width: Int = 96, actions count: Int, seed: UInt64) {
    let initial = Initializer(seed: seed)
    first = Conv1d(MotionInput.width, width, kernel: 5, initial)
    second = Conv1d(width, width, kernel: 5, dilation: 2, initial)
    third = Conv1d(width, width, kernel: 5, dilation: 4, initial)
    features = Linear(2 * width, dimension, initial)
    content = Linear(dimension, 2 * width, initial)
    clock = Linear(EncoderNetwork.clockWidth, 2 * width, initial)
    hidden = Linear(2 * width, 2 * width, initial)
    output = Linear(2 * width, MotionInput.width, initial)
    actions = Linear(dimension, count, initial)
  }

  var parameters: [Parameter] {
    [
      first.parameters(in: "first"), second.parameters(in: "second"), third.parameters(in: "third"),
      features.parameters(in: "features"), content.parameters(in: "content"), clock.parameters(in: "clock"),
      hidden.parameters(in: "hidden"), output.parameters(in: "output"), actions.parameters(in: "actions"),
    ].flatMap { $0 }
  }

  /// Features `[batch, dimension]` of frames `[batch, width, frames]`, of which `mask` `[batch, 1, frames]` exist.
  func encode(_ frames: Tensor, mask: Tensor) -> Tensor {
    var x = first(frames * mask).gelu() * mask
    x = x + second(x).gelu() * mask
    x = x + third(x).gelu() * mask
    let counts = mask.sum(2)
    let mean = x.sum(2) / counts
    let square = (x.squared().sum(2) / counts + 1e-6).squareRoot()
    return features(Tensor.concatenated([mean, square], 1))
  }

  /// Frames `[batch, width, frames]` of features, at times given by their clock `[frames, clockWidth]`.
  func decode(_ code: Tensor, clock times: Tensor) -> Tensor {
    let x = (content(code).unsqueezed(1) + clock(times).unsqueezed(0)).gelu()
    return output(x + hidden(x).gelu()).permuted(0, 2, 1)
  }

  static let clockWidth = 16

  /// Sines and cosines of a frame's time, with periods from 8 s to 1/16 s: `[frames, clockWidth]`.
  static func clock(frames: Int, frameTime: Double) -> Tensor {
    let values = (0..<frames).flatMap { frame in
      (0..<clockWidth / 2).flatMap { octave in
        let angle = 2 * Double.pi * Double(frame) * frameTime / 8 * pow(2, Double(octave))
        return [Float(sin(angle)), Float(cos(angle))]
      }
    }
    return Tensor(values, shape: [frames, clockWidth])
  }
}
