import Foundation
import Randomness

/// A diffusion model of points in the plane, small enough to train in seconds on one core.
///
///     var base = PlaneDiffusion(hidden: 64, seed: 1)
///     base.train(on: points, steps: 2000, seed: 2)
///     let auxiliary = base.fineTuned(on: base.sample(4096, seed: 3), steps: 300, seed: 4)
///     let better = base.sample(4096, negative: auxiliary, weight: 0.5, seed: 5)         // SIMS
///
/// The preconditioning and the deterministic second-order sampler are those of Karras et al., "Elucidating the Design
/// Space of Diffusion-Based Generative Models", arXiv 2206.00364; the negative model is that of SIMS, Alemohammad et al.,
/// arXiv 2408.16333. The extrapolation acts on the denoiser's output, which is linear in the score at equal noise. Not
/// guaranteed: a good model; with few steps or units it blurs, and SIMS is demonstrated on that error.
struct PlaneDiffusion: Sendable {
  /// The network F of the preconditioned denoiser.
  var network: DenseNetwork
  /// The deviation of the data, which the preconditioning assumes.
  let dataDeviation: Double
  /// The least and greatest noise of the sampler.
  let noiseRange: ClosedRange<Double> = 0.02...12

  /// An untrained model.
  init(hidden: Int, dataDeviation: Double = 2.8, seed: UInt64) {
    network = DenseNetwork(inputs: 5, hidden: hidden, outputs: 2, seed: seed)
    self.dataDeviation = dataDeviation
  }

  /// Minimises the weighted denoising loss by Adam, the learning rate falling by a cosine to zero.
  mutating func train(
    on points: [PlanePoint], steps: Int, batch: Int = 128, learningRate: Float = 4e-3, seed: UInt64
  ) {
    precondition(!points.isEmpty, "a model is trained on points")
    var random = SeededGenerator(seed: Seed.derive(seed, "plane-diffusion", "training"))
    var adam = AdamOptimizer(count: network.parameters.count, learningRate: learningRate)
    var tape = DenseNetwork.Tape(network, rows: batch)
    for step in 0..<steps {
      adam.learningRate = learningRate * Float(0.5 + 0.5 * cos(.pi * Double(step) / Double(steps)))
      let (inputs, targets) = makeBatch(points, rows: batch, using: &random)
      let outputs = network.forward(inputs, rows: batch, tape: &tape)
      var gradient = [Float](repeating: 0, count: outputs.count)
      for i in outputs.indices { gradient[i] = 2 * (outputs[i] - targets[i]) / Float(batch) }
      adam.step(&network.parameters, gradient: network.backward(gradient, tape: tape))
    }
  }

  /// A copy that was trained further on other points, with a fresh optimiser.
  func fineTuned(
    on points: [PlanePoint], steps: Int, batch: Int = 128, learningRate: Float = 1e-3, seed: UInt64
  ) -> PlaneDiffusion {
    var copy = self
    copy.train(on: points, steps: steps, batch: batch, learningRate: learningRate, seed: seed)
    return copy
  }

  /// Neon: the model of the extrapolated weights.
  func extrapolated(from other: PlaneDiffusion, weight: Double) -> PlaneDiffusion {
    var copy = self
    copy.network = network.extrapolated(from: other.network, weight: weight)
    return copy
  }

  /// Draws points; with a negative model, by the denoiser `(1 + weight) self - weight negative`.
  func sample(
    _ count: Int, steps: Int = 24, negative: PlaneDiffusion? = nil, weight: Double = 0, seed: UInt64
  ) -> [PlanePoint] {
    var random = SeededGenerator(seed: Seed.derive(seed, "plane-diffusion", "sampling"))
    var noises = schedule(steps)
    var points = (0..<count).map { _ in PlanePoint(noises[0] * random.normal(), noises[0] * random.normal()) }
    noises.append(0)
    func slopes(_ x: [PlanePoint], _ noise: Double) -> [PlanePoint] {
      var clean = denoise(x, noise: noise)
      if let negative, weight != 0 {
        let other = negative.denoise(x, noise: noise)
        clean = zip(clean, other).map {
          PlanePoint((1 + weight) * $0.x - weight * $1.x, (1 + weight) * $0.y - weight * $1.y)
        }
      }
      return zip(x, clean).map { PlanePoint(($0.x - $1.x) / noise, ($0.y - $1.y) / noise) }
    }
    func moved(_ x: [PlanePoint], _ slope: [PlanePoint], by step: Double) -> [PlanePoint] {
      zip(x, slope).map { PlanePoint($0.x + step * $1.x, $0.y + step * $1.y) }
    }
    for i in 0..<steps {
      let step = noises[i + 1] - noises[i]
      let first = slopes(points, noises[i])
      let ahead = moved(points, first, by: step)
      guard noises[i + 1] > 0 else {
        points = ahead
        continue
      }
      points = moved(moved(points, first, by: step / 2), slopes(ahead, noises[i + 1]), by: step / 2)
    }
    return points
  }

  /// The expected clean points given noisy ones at one noise level.
  func denoise(_ points: [PlanePoint], noise: Double) -> [PlanePoint] {
    let scales = Preconditioning(noise: noise, data: dataDeviation)
    var inputs = [Float]()
    inputs.reserveCapacity(points.count * 5)
    for point in points { scales.append(point, to: &inputs) }
    var tape = DenseNetwork.Tape(network, rows: points.count)
    let outputs = network.forward(inputs, rows: points.count, tape: &tape)
    return points.indices.map { i in
      PlanePoint(
        scales.skip * points[i].x + scales.output * Double(outputs[2 * i]),
        scales.skip * points[i].y + scales.output * Double(outputs[2 * i + 1]))
    }
  }

  private func makeBatch(
    _ points: [PlanePoint], rows: Int, using random: inout SeededGenerator
  ) -> (inputs: [Float], targets: [Float]) {
    var (inputs, targets): ([Float], [Float]) = ([], [])
    for _ in 0..<rows {
      let clean = points[Int(random.uniform() * Double(points.count))]
      // Log-normal noise, wide enough for the circle's radius at one end and a mode's width at the other.
      let noise = exp(-0.2 + 1.4 * random.normal())
      let scales = Preconditioning(noise: noise, data: dataDeviation)
      let noisy = PlanePoint(clean.x + noise * random.normal(), clean.y + noise * random.normal())
      scales.append(noisy, to: &inputs)
      targets.append(Float((clean.x - scales.skip * noisy.x) / scales.output))
      targets.append(Float((clean.y - scales.skip * noisy.y) / scales.output))
    }
    return (inputs, targets)
  }

  private func schedule(_ steps: Int) -> [Double] {
    let curve = 7.0
    let (low, high) = (pow(noiseRange.lowerBound, 1 / curve), pow(noiseRange.upperBound, 1 / curve))
    return (0..<steps).map { pow(high + Double($0) / Double(max(1, steps - 1)) * (low - high), curve) }
  }
}

/// The scalings of arXiv 2206.00364, table 1, and the network's inputs.
private struct Preconditioning {
  let skip: Double
  let output: Double
  private let input: Double
  private let level: Double

  init(noise: Double, data: Double) {
    let squared = noise * noise + data * data
    skip = data * data / squared
    output = noise * data / squared.squareRoot()
    input = 1 / squared.squareRoot()
    level = log(noise) / 4
  }

  func append(_ point: PlanePoint, to inputs: inout [Float]) {
    inputs.append(Float(input * point.x))
    inputs.append(Float(input * point.y))
    inputs.append(Float(level))
    inputs.append(Float(sin(4 * level)))
    inputs.append(Float(cos(4 * level)))
  }
}
