import Foundation
import Linear
import Randomness

/// A small classifier of digits, whose inner features measure how far samples are from real images.
///
///     let classifier = DigitClassifier(trainedOn: images, steps: 1500, seed: 1)
///     let fid = FeatureGaussian(classifier.features(of: samples)).distance(to: real)
struct DigitClassifier: Sendable {
  private var network: DenseNetwork
  /// The number of features.
  static let width = 24

  init(trainedOn images: DigitImages, steps: Int, seed: UInt64) {
    network = DenseNetwork(inputs: 64, hidden: Self.width, outputs: 10, seed: Seed.derive(seed, "digit-classifier"))
    var random = SeededGenerator(seed: Seed.derive(seed, "digit-classifier", "training"))
    let batch = 64
    network.train(steps: steps, rows: batch, learningRate: 5e-3) {
      let places = (0..<batch).map { _ in Int(random.uniform() * Double(images.count)) }
      return (places.flatMap { images.pixels[$0] }, places.map { images.labels[$0] })
    } gradient: { outputs, labels in
      var gradient = [Float](repeating: 0, count: outputs.count)
      for (row, label) in labels.enumerated() {
        let logits = Array(outputs[row * 10..<row * 10 + 10])
        let largest = logits.max() ?? 0
        let weights = logits.map { expf($0 - largest) }
        let sum = weights.reduce(0, +)
        for digit in 0..<10 {
          gradient[row * 10 + digit] = (weights[digit] / sum - (label == digit ? 1 : 0)) / Float(batch)
        }
      }
      return gradient
    }
  }

  /// The activations before the last layer.
  func features(of images: DigitImages) -> [[Double]] {
    var tape = DenseNetwork.Tape(network, rows: images.count)
    _ = network.forward(images.pixels.flatMap { $0 }, rows: images.count, tape: &tape)
    return (0..<images.count).map { row in
      tape.inputs[2][row * Self.width..<(row + 1) * Self.width].map(Double.init)
    }
  }

  /// The share of images that it takes for the digit of their label.
  func accuracy(on images: DigitImages) -> Double {
    guard images.count > 0 else { return 0 }
    var tape = DenseNetwork.Tape(network, rows: images.count)
    let outputs = network.forward(images.pixels.flatMap { $0 }, rows: images.count, tape: &tape)
    let right = (0..<images.count).count { row in
      let logits = outputs[row * 10..<row * 10 + 10]
      return logits.firstIndex(of: logits.max() ?? 0) == row * 10 + images.labels[row]
    }
    return Double(right) / Double(images.count)
  }
}

/// The mean and covariance of some features.
struct FeatureGaussian: Sendable {
  let mean: [Double]
  /// Column-major.
  let covariance: [Double]

  /// Of two vectors or more.
  init(_ features: [[Double]]) {
    precondition(features.count > 1, "a covariance needs two vectors")
    let (n, width) = (Double(features.count), features[0].count)
    var mean = [Double](repeating: 0, count: width)
    for vector in features { for i in 0..<width { mean[i] += vector[i] / n } }
    var covariance = [Double](repeating: 0, count: width * width)
    for vector in features {
      for i in 0..<width {
        for j in 0..<width { covariance[j * width + i] += (vector[i] - mean[i]) * (vector[j] - mean[j]) / (n - 1) }
      }
    }
    self.mean = mean
    self.covariance = covariance
  }

  /// The squared Fréchet distance of the two Gaussians: FID on these features (Heusel et al., arXiv 1706.08500).
  func distance(to other: FeatureGaussian) -> Double {
    let width = mean.count
    let shift = zip(mean, other.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let trace = (0..<width).reduce(0) { $0 + covariance[$1 * width + $1] + other.covariance[$1 * width + $1] }
    guard let eigen = SymmetricEigen(covariance, size: width) else { return .nan }
    let root = eigen.matrix { max(0, $0).squareRoot() }
    let product = SquareMatrix.product(SquareMatrix.product(root, other.covariance, size: width), root, size: width)
    guard let middle = SymmetricEigen(product, size: width) else { return .nan }
    return shift + trace - 2 * middle.values.reduce(0) { $0 + max(0, $1).squareRoot() }
  }
}
