import Foundation
import Randomness

/// A diffusion model of digits by class, small enough to train in a minute on one core.
///
///     var model = DigitDiffusion(hidden: 128, seed: 1)
///     model.train(on: images, steps: 3000, seed: 2)
///     let samples = model.sample(labels, seed: 3)
///
/// ``PlaneDiffusion`` in 64 dimensions and with the digit as an input: the preconditioning and the second-order sampler of
/// Karras et al., arXiv 2206.00364.
struct DigitDiffusion: Sendable {
  private(set) var network: DenseNetwork
  private static let pixels = DigitImages.side * DigitImages.side
  /// The pixels' deviation, which the preconditioning assumes.
  private static let deviation = 0.75
  /// The pixels, the digit, and the noise in three numbers.
  private static let inputs = pixels + 10 + 3
  private static let noises = 0.03...15.0

  init(hidden: Int, seed: UInt64) {
    network = DenseNetwork(inputs: Self.inputs, hidden: hidden, outputs: Self.pixels, seed: seed)
  }

  /// Minimises the weighted denoising loss by a new Adam, the learning rate falling by a cosine to zero.
  mutating func train(on images: DigitImages, steps: Int, batch: Int = 64, learningRate: Float = 2e-3, seed: UInt64) {
    precondition(images.count > 0, "a model is trained on images")
    var random = SeededGenerator(seed: Seed.derive(seed, "digit-diffusion", "training"))
    var adam = AdamOptimizer(count: network.parameters.count, learningRate: learningRate)
    var tape = DenseNetwork.Tape(network, rows: batch)
    for step in 0..<steps {
      adam.learningRate = learningRate * Float(0.5 + 0.5 * cos(.pi * Double(step) / Double(steps)))
      var (inputs, targets): ([Float], [Float]) = ([], [])
      for _ in 0..<batch {
        let place = Int(random.uniform() * Double(images.count))
        let scales = Scales(noise: exp(-0.4 + 1.3 * random.normal()))
        let clean = images.pixels[place]
        let noisy = clean.map { $0 + Float(scales.noise * random.normal()) }
        scales.append(noisy, images.labels[place], to: &inputs)
        for (a, b) in zip(clean, noisy) { targets.append((a - Float(scales.skip) * b) / Float(scales.output)) }
      }
      let outputs = network.forward(inputs, rows: batch, tape: &tape)
      var gradient = [Float](repeating: 0, count: outputs.count)
      for i in outputs.indices { gradient[i] = 2 * (outputs[i] - targets[i]) / Float(batch) }
      adam.step(&network.parameters, gradient: network.backward(gradient, tape: tape))
    }
  }

  /// Draws an image of each digit.
  func sample(_ labels: [Int], steps: Int = 16, seed: UInt64) -> DigitImages {
    guard !labels.isEmpty else { return DigitImages(pixels: [], labels: []) }
    var random = SeededGenerator(seed: Seed.derive(seed, "digit-diffusion", "sampling"))
    let noises = schedule(steps) + [0]
    var x = labels.map { _ in (0..<Self.pixels).map { _ in Float(noises[0] * random.normal()) } }
    func slopes(_ x: [[Float]], _ noise: Double) -> [[Float]] {
      zip(x, denoised(x, labels, noise)).map { noisy, clean in
        zip(noisy, clean).map { ($0 - $1) / Float(noise) }
      }
    }
    func moved(_ x: [[Float]], _ slopes: [[Float]], by step: Double) -> [[Float]] {
      zip(x, slopes).map { x, slope in zip(x, slope).map { $0 + Float(step) * $1 } }
    }
    for i in 0..<steps {
      let step = noises[i + 1] - noises[i]
      let first = slopes(x, noises[i])
      let ahead = moved(x, first, by: step)
      guard noises[i + 1] > 0 else {
        x = ahead
        continue
      }
      x = moved(moved(x, first, by: step / 2), slopes(ahead, noises[i + 1]), by: step / 2)
    }
    return DigitImages(pixels: x.map { $0.map { min(1, max(-1, $0)) } }, labels: labels)
  }

  private func denoised(_ x: [[Float]], _ labels: [Int], _ noise: Double) -> [[Float]] {
    let scales = Scales(noise: noise)
    var inputs: [Float] = []
    inputs.reserveCapacity(x.count * Self.inputs)
    for (image, label) in zip(x, labels) { scales.append(image, label, to: &inputs) }
    var tape = DenseNetwork.Tape(network, rows: x.count)
    let outputs = network.forward(inputs, rows: x.count, tape: &tape)
    return x.indices.map { row in
      (0..<Self.pixels).map { Float(scales.skip) * x[row][$0] + Float(scales.output) * outputs[row * Self.pixels + $0] }
    }
  }

  private func schedule(_ steps: Int) -> [Double] {
    let curve = 7.0
    let (low, high) = (pow(Self.noises.lowerBound, 1 / curve), pow(Self.noises.upperBound, 1 / curve))
    return (0..<steps).map { pow(high + Double($0) / Double(max(1, steps - 1)) * (low - high), curve) }
  }

  /// The scalings of arXiv 2206.00364, table 1, and the network's inputs.
  private struct Scales {
    let noise: Double
    let skip: Double
    let output: Double
    private let input: Double

    init(noise: Double) {
      let deviation = DigitDiffusion.deviation
      let squared = noise * noise + deviation * deviation
      self.noise = noise
      skip = deviation * deviation / squared
      output = noise * deviation / squared.squareRoot()
      input = 1 / squared.squareRoot()
    }

    func append(_ image: [Float], _ label: Int, to inputs: inout [Float]) {
      for pixel in image { inputs.append(Float(input) * pixel) }
      for digit in 0..<10 { inputs.append(digit == label ? 1 : 0) }
      let level = log(noise) / 4
      for value in [level, sin(4 * level), cos(4 * level)] { inputs.append(Float(value)) }
    }
  }
}
