import Foundation
import Tensors

/// A space's features as linear functions of independent channels over time, with what is known of them beforehand.
///
/// The features of a motion are `time` x X x `toFeatures` plus a constant, where X is `[rows, channels]`. Every channel is
/// normal over time with its `covariance`. Of all changes of X that meet a constraint, the likeliest is taken: smooth, and
/// large where motions differ much. All tensors are `float64`.
struct LinearView: Sendable {
  /// `[frames, rows]`; `nil` if a row is a frame.
  let time: Tensor?
  /// `[channels, width]`.
  let toFeatures: Tensor
  /// `[width, channels]`: its inverse, as far as there is one.
  let fromFeatures: Tensor
  /// `[channels, rows, rows]`, or `[1, rows, rows]` if all channels have the same.
  let covariance: Tensor

  /// The change of the features `[frames, width]` by a change of X.
  func features(_ change: Tensor) -> Tensor {
    let mixed = change.matmul(toFeatures)
    return time.map { $0.matmul(mixed) } ?? mixed
  }

  /// Derivatives after X, `[channels, count, rows]`, from those after the features, `[count, frames, width]`.
  func derivatives(_ features: Tensor) -> Tensor {
    let channels = features.matmul(toFeatures.permuted(1, 0))
    return (time.map { $0.permuted(1, 0).matmul(channels) } ?? channels).permuted(2, 0, 1)
  }
}

extension LinearView {
  /// Independent features over the frames, each with a deviation, smooth over time.
  init(deviations: [Double], frames: Int, frameRate: Double) {
    let width = deviations.count
    var (scale, inverse) = ([Double](repeating: 0, count: width * width), [Double](repeating: 0, count: width * width))
    for (column, deviation) in deviations.enumerated() {
      scale[column * width + column] = deviation
      inverse[column * width + column] = 1 / deviation
    }
    // Matérn's covariance with a smoothness of 3/2: continuous velocities, influence over a third of a second.
    let length = 0.25 * frameRate
    let covariance = (0..<frames).flatMap { a in
      (0..<frames).map { b -> Double in
        let distance = 3.0.squareRoot() * Double(abs(a - b)) / length
        return (1 + distance) * exp(-distance)
      }
    }
    self.init(
      time: nil, toFeatures: Tensor(doubles: scale, shape: [width, width]),
      fromFeatures: Tensor(doubles: inverse, shape: [width, width]),
      covariance: Tensor(doubles: covariance, shape: [1, frames, frames]))
  }
}
