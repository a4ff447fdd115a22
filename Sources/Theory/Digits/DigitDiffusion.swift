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
    network.train(steps: steps, rows: batch, learningRate: learningRate) {
      var (inputs, targets): ([Float], [Float]) = ([], [])
      for _ in 0..<batch {
        let place = Int(random.uniform() * Double(images.count))
        let noise = exp(-0.4 + 1.3 * random.normal())
        let scales = EDM.Preconditioning(noise: noise, data: Self.deviation)
        let clean = images.pixels[place]
        let noisy = clean.map { $0 + Float(noise * random.normal()) }
        Self.append(noisy, images.labels[place], scales, to: &inputs)
        for (a, b) in zip(clean, noisy) { targets.append((a - Float(scales.skip) * b) / Float(scales.output)) }
      }
      return (inputs, targets)
    } gradient: {
      DenseNetwork.squaredErrorGradient($0, $1, rows: batch)
    }
  }

  /// Draws an image of each digit.
  func sample(_ labels: [Int], steps: Int = 16, seed: UInt64) -> DigitImages {
    guard !labels.isEmpty else { return DigitImages(pixels: [], labels: []) }
    var random = SeededGenerator(seed: Seed.derive(seed, "digit-diffusion", "sampling"))
    let noises = EDM.schedule(steps, in: Self.noises)
    let start = labels.map { _ in (0..<Self.pixels).map { _ in Float(noises[0] * random.normal()) } }
    func slopes(_ x: [[Float]], _ noise: Double) -> [[Float]] {
      zip(x, denoised(x, labels, noise)).map { noisy, clean in
        zip(noisy, clean).map { ($0 - $1) / Float(noise) }
      }
    }
    let x = EDM.denoised(start, noises: noises, slopes: slopes) { x, slopes, step in
      zip(x, slopes).map { x, slope in zip(x, slope).map { $0 + Float(step) * $1 } }
    }
    return DigitImages(pixels: x.map { $0.map { min(1, max(-1, $0)) } }, labels: labels)
  }

  private func denoised(_ x: [[Float]], _ labels: [Int], _ noise: Double) -> [[Float]] {
    let scales = EDM.Preconditioning(noise: noise, data: Self.deviation)
    var inputs: [Float] = []
    inputs.reserveCapacity(x.count * Self.inputs)
    for (image, label) in zip(x, labels) { Self.append(image, label, scales, to: &inputs) }
    var tape = DenseNetwork.Tape(network, rows: x.count)
    let outputs = network.forward(inputs, rows: x.count, tape: &tape)
    return x.indices.map { row in
      (0..<Self.pixels).map { Float(scales.skip) * x[row][$0] + Float(scales.output) * outputs[row * Self.pixels + $0] }
    }
  }

  /// The network's inputs: the pixels, the digit and the noise.
  private static func append(_ image: [Float], _ label: Int, _ scales: EDM.Preconditioning, to inputs: inout [Float]) {
    for pixel in image { inputs.append(Float(scales.input) * pixel) }
    for digit in 0..<10 { inputs.append(digit == label ? 1 : 0) }
    scales.appendNoise(to: &inputs)
  }
}
