import Support
import Tensors

/// Normalised features, frame by frame: motions of any length.
struct FrameSpace: MotionSpace {
  let normalizer: Normalizer

  var channels: Int { normalizer.mean.count }
  var fixedFrames: Int? { nil }
  var lossWeights: Tensor? { nil }
  var modes: ActionModes? { nil }

  func encode(_ features: Tensor) -> Tensor { normalizer.normalize(features) }
  func decode(_ latent: Tensor) -> Tensor { normalizer.restore(latent) }
  func toFrames(_ latent: Tensor) -> Tensor { latent }
  func fromFrames(_ frames: Tensor) -> Tensor { frames }
  func preconditioning(_ alphaBar: Tensor, labels: [Int]) -> Preconditioning? { nil }
  func rows(frames: Int) -> Int { frames }
  func classes(_ features: Tensor, actions: [Int]) -> [Int] { actions }

  func view(frames: Int, label: Int, frameRate: Double) -> LinearView {
    LinearView(deviations: normalizer.deviation.map(Double.init), frames: frames, frameRate: frameRate)
  }
  func latent(ofChange change: Tensor, rows: Int) -> Tensor {
    let latent = change.converted(to: .float32)
    guard latent.shape[0] < rows else { return latent }
    let rest = Tensor(repeating: 0, shape: [rows - latent.shape[0], latent.shape[1]], on: .cpu)
    return Tensor.concatenated([latent, rest], 0)
  }

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
    let mean = try values.required("mean", [width])
    let deviation = try values.required("deviation", [width])
    guard deviation.floats.allSatisfy({ $0 > 0 && $0.isFinite }), mean.isFinite else {
      throw SurefootError(.invalidState, message: "the normaliser has deviations that are not positive")
    }
    normalizer = Normalizer(mean: mean.floats, deviation: deviation.floats)
  }
}

/// Brings features to mean 0 and a common scale: (x - mean) / deviation, with one deviation for each group of features.
///
/// One deviation a group, the mean of its features' own, is HumanML3D's rule: a joint that hardly moves is not
/// scaled up to the size of one that does.
struct Normalizer: Sendable {
  /// Every feature's mean.
  let mean: [Float]
  /// Every feature's divisor, positive.
  let deviation: [Float]

  private let meanTensor: Tensor
  private let deviationTensor: Tensor

  /// From a checkpoint or a fit.
  ///
  /// - Precondition: Both are of one length; deviations are positive.
  init(mean: [Float], deviation: [Float]) {
    precondition(mean.count == deviation.count && deviation.allSatisfy { $0 > 0 }, "positive deviations, one a mean")
    self.mean = mean
    self.deviation = deviation
    meanTensor = Tensor(mean, shape: [mean.count])
    deviationTensor = Tensor(deviation, shape: [deviation.count])
  }

  /// Fits the rows of some motions.
  ///
  /// - Precondition: Whole rows of the representation's width, at least one.
  init(fitting motions: [[Float]], _ representation: MotionRepresentation) {
    let width = representation.width
    var (sum, squares, count) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width), 0.0)
    for rows in motions {
      for base in stride(from: 0, to: rows.count, by: width) {
        for column in 0..<width {
          let value = Double(rows[base + column])
          sum[column] += value
          squares[column] += value * value
        }
        count += 1
      }
    }
    precondition(count > 0, "a normaliser is fitted to at least one row")
    let mean = sum.map { $0 / count }
    let deviations = zip(squares, mean).map { max(0, $0 / count - $1 * $1).squareRoot() }
    var deviation = deviations
    for group in representation.groups {
      let common = deviations[group.range].reduce(0, +) / Double(group.range.count)
      for column in group.range { deviation[column] = max(common, 1e-3) }
    }
    self.init(mean: mean.map(Float.init), deviation: deviation.map(Float.init))
  }

  /// (x - mean) / deviation of `[..., features]`.
  func normalize(_ x: Tensor) -> Tensor { (x - meanTensor) / deviationTensor }

  /// x deviation + mean of `[..., features]`.
  func restore(_ x: Tensor) -> Tensor { x * deviationTensor + meanTensor }
}
