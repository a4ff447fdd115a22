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
    let model = self
    network.train(steps: steps, rows: batch, learningRate: learningRate) {
      model.makeBatch(points, rows: batch, using: &random)
    } gradient: {
      DenseNetwork.squaredErrorGradient($0, $1, rows: batch)
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
    let noises = EDM.schedule(steps, in: noiseRange)
    let points = (0..<count).map { _ in PlanePoint(noises[0] * random.normal(), noises[0] * random.normal()) }
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
    return EDM.denoised(points, noises: noises, slopes: slopes) { x, slope, step in
      zip(x, slope).map { PlanePoint($0.x + step * $1.x, $0.y + step * $1.y) }
    }
  }

  /// The expected clean points given noisy ones at one noise level.
  func denoise(_ points: [PlanePoint], noise: Double) -> [PlanePoint] {
    let scales = EDM.Preconditioning(noise: noise, data: dataDeviation)
    var inputs = [Float]()
    inputs.reserveCapacity(points.count * 5)
    for point in points { append(point, scales, to: &inputs) }
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
      let scales = EDM.Preconditioning(noise: noise, data: dataDeviation)
      let noisy = PlanePoint(clean.x + noise * random.normal(), clean.y + noise * random.normal())
      append(noisy, scales, to: &inputs)
      targets.append(Float((clean.x - scales.skip * noisy.x) / scales.output))
      targets.append(Float((clean.y - scales.skip * noisy.y) / scales.output))
    }
    return (inputs, targets)
  }

  private func append(_ point: PlanePoint, _ scales: EDM.Preconditioning, to inputs: inout [Float]) {
    inputs.append(Float(scales.input * point.x))
    inputs.append(Float(scales.input * point.y))
    scales.appendNoise(to: &inputs)
  }
}
