import Foundation

/// What the diffusion models of this module share: the preconditioning, the noise schedule and the deterministic
/// second-order sampler of Karras et al., "Elucidating the Design Space of Diffusion-Based Generative Models" (EDM),
/// arXiv 2206.00364.
enum EDM {
  /// The noises of a sampler's steps, from the greatest to the least.
  static func schedule(_ steps: Int, in range: ClosedRange<Double>) -> [Double] {
    let curve = 7.0
    let (low, high) = (pow(range.lowerBound, 1 / curve), pow(range.upperBound, 1 / curve))
    return (0..<steps).map { pow(high + Double($0) / Double(max(1, steps - 1)) * (low - high), curve) }
  }

  /// Takes the noise away by Heun's method.
  ///
  /// - Parameters:
  ///   - start: A sample of the first noise.
  ///   - noises: Of every step; 0 follows the last one.
  ///   - slopes: The derivative by the noise at a noise.
  ///   - moved: A sample plus so much of a derivative.
  static func denoised<Sample>(
    _ start: Sample, noises: [Double], slopes: (Sample, Double) -> Sample, moved: (Sample, Sample, Double) -> Sample
  ) -> Sample {
    var sample = start
    for (index, noise) in noises.enumerated() {
      let next = index + 1 < noises.count ? noises[index + 1] : 0
      let step = next - noise
      let first = slopes(sample, noise)
      let ahead = moved(sample, first, step)
      sample = next > 0 ? moved(moved(sample, first, step / 2), slopes(ahead, next), step / 2) : ahead
    }
    return sample
  }

  /// The scalings of table 1 at one noise.
  struct Preconditioning {
    let skip: Double
    let output: Double
    let input: Double
    private let level: Double

    /// - Parameter data: The data's deviation.
    init(noise: Double, data: Double) {
      let squared = noise * noise + data * data
      skip = data * data / squared
      output = noise * data / squared.squareRoot()
      input = 1 / squared.squareRoot()
      level = log(noise) / 4
    }

    /// Tells the network the noise, in three numbers.
    func appendNoise(to inputs: inout [Float]) {
      for value in [level, sin(4 * level), cos(4 * level)] { inputs.append(Float(value)) }
    }
  }
}

extension DenseNetwork {
  /// Trains by a new Adam, the learning rate falling by a cosine to zero.
  ///
  /// - Parameters:
  ///   - rows: The rows of a batch.
  ///   - batch: Draws inputs, and what they are to give.
  ///   - gradient: The loss's gradient by the outputs.
  mutating func train<Targets>(
    steps: Int, rows: Int, learningRate: Float, batch: () -> (inputs: [Float], targets: Targets),
    gradient: (_ outputs: [Float], _ targets: Targets) -> [Float]
  ) {
    var adam = AdamOptimizer(count: parameters.count, learningRate: learningRate)
    var tape = Tape(self, rows: rows)
    for step in 0..<steps {
      adam.learningRate = learningRate * Float(0.5 + 0.5 * cos(.pi * Double(step) / Double(steps)))
      let (inputs, targets) = batch()
      let outputs = forward(inputs, rows: rows, tape: &tape)
      adam.step(&parameters, gradient: backward(gradient(outputs, targets), tape: tape))
    }
  }

  /// The gradient of the squared error, the mean over the rows.
  static func squaredErrorGradient(_ outputs: [Float], _ targets: [Float], rows: Int) -> [Float] {
    zip(outputs, targets).map { 2 * ($0 - $1) / Float(rows) }
  }
}
