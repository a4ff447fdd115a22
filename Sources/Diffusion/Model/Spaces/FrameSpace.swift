public import Support
import Tensors

/// Normalised features, frame by frame.
struct FrameSpace: MotionSpace {
  let normalizer: Normalizer

  var channels: Int { normalizer.mean.count }
  var fixedFrames: Int? { nil }
  var emphasis: Tensor? { nil }
  var modes: ActionModes? { nil }

  func encode(_ features: Tensor) -> Tensor { normalizer.normalize(features) }
  func decode(_ latent: Tensor) -> Tensor { normalizer.restore(latent) }
  func toFrames(_ latent: Tensor) -> Tensor { latent }
  func fromFrames(_ frames: Tensor) -> Tensor { frames }
  func scaling(_ alphaBar: Tensor, labels: [Int]) -> Scaling? { nil }
  func rows(frames: Int) -> Int { frames }
  func classes(_ features: Tensor, actions: [Int]) -> [Int] { actions }

  var fitted: [Parameter] {
    let count = normalizer.mean.count
    return [
      Parameter("mean", Tensor(normalizer.mean, shape: [count])),
      Parameter("deviation", Tensor(normalizer.deviation, shape: [count])),
    ]
  }

  init(normalizer: Normalizer) { self.normalizer = normalizer }

  /// From a checkpoint's tensors.
  init(_ values: [String: Tensor], width: Int) throws(SurefootError) {
    let mean = try values.vector("mean", [width])
    let deviation = try values.vector("deviation", [width])
    guard deviation.floats.allSatisfy({ $0 > 0 && $0.isFinite }), mean.isFinite else {
      throw SurefootError(.invalidState, message: "the normaliser has deviations that are not positive")
    }
    normalizer = Normalizer(mean: mean.floats, deviation: deviation.floats)
  }
}

extension [String: Tensor] {
  /// A tensor by name and shape.
  func vector(_ name: String, _ shape: [Int]) throws(SurefootError) -> Tensor {
    guard let value = self[name] else { throw SurefootError(.missing, message: "the tensor \(name) is missing") }
    guard value.shape == shape else {
      throw SurefootError(.shape, message: "the tensor \(name) has the shape \(value.shape), not \(shape)")
    }
    return value
  }
}
