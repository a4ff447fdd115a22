import Foundation
import Tensors

func cosine(_ x: Double) -> Double { cos(x) }

/// The loss of a batch: squared error of the clean motions, and MDM's geometric terms where asked for.
struct DiffusionLoss: Sendable {
  let model: MotionModel
  let options: TrainingOptions
  let kinematics: DifferentiableKinematics?

  init(model: MotionModel, options: TrainingOptions) {
    self.model = model
    self.options = options
    let geometric = options.positions > 0 || options.velocities > 0 || options.feet > 0
    kinematics = geometric ? DifferentiableKinematics(model.representation) : nil
  }

  /// One number. Every entry of a motion counts once, padding never.
  ///
  /// - Parameter whole: The lengths of all motions of the batch that these are a part of, if they are one: the parts'
  ///   losses add up to the batch's.
  func callAsFunction(_ batch: NoisyBatch, features: Tensor, clean: Tensor, of whole: [Int]? = nil) -> Tensor {
    let predicted = model.clean(batch, products: options.products)
    let alphaBar = model.alphaBar(batch.steps)
    var error = (predicted - clean).squared()
    if let scaling = model.space.scaling(alphaBar, labels: batch.priors ?? batch.labels) {
      error = error / scaling.output.squared()
    }
    if let emphasis = model.space.emphasis { error = error * emphasis }
    let lengths = whole ?? batch.lengths
    let mask = model.space.fixedFrames == nil ? lengthMask(batch.lengths, frames: clean.shape[1]) : nil
    let rows = model.space.fixedFrames == nil ? lengths.reduce(0, +) : lengths.count * clean.shape[1]
    let loss = Self.mean(error, mask?.unsqueezed(2), rows: rows)
    guard let kinematics else { return loss }
    let weight = (alphaBar / (1 - alphaBar)).clamped(to: 20).unsqueezed(3)
    return loss + geometric(kinematics, predicted, features, weight: weight, mask: mask, lengths: lengths)
  }

  private func geometric(
    _ kinematics: DifferentiableKinematics, _ predicted: Tensor, _ features: Tensor, weight: Tensor, mask: Tensor?,
    lengths: [Int]
  ) -> Tensor {
    let found = model.space.decode(predicted)
    let (p, truth) = (kinematics.positions(found), kinematics.positions(features))
    let frames = features.shape[1]
    var loss = Tensor(repeating: 0, shape: [])
    if options.positions > 0 {
      let error = (p - truth).squared() * weight
      loss = loss + Self.mean(error, mask?.unsqueezed(2).unsqueezed(3), rows: lengths.reduce(0, +)) * options.positions
    }
    guard options.velocities > 0 || options.feet > 0 else { return loss }
    let v = kinematics.velocities(found, positions: p)
    let trueVelocity = kinematics.velocities(features, positions: truth)
    let pairs = mask?.narrowed(1, 1..<frames).unsqueezed(2).unsqueezed(3)
    let steps = lengths.reduce(0) { $0 + max(0, $1 - 1) }
    if options.velocities > 0 {
      // Feet count once more: their velocities are small, and seen first when they are wrong.
      let error = (v - trueVelocity).squared() * weight
      let feet = error.gathered(2, Tensor(indices: model.representation.feet))
      loss = loss + (Self.mean(error, pairs, rows: steps) + Self.mean(feet, pairs, rows: steps)) * options.velocities
    }
    if options.feet > 0 {
      let feet = Tensor(indices: model.representation.feet)
      let speed = trueVelocity.gathered(2, feet).squared().sum(3, keeping: true).squareRoot()
      // MDM's threshold: 1 cm a frame at 20 frames a second.
      let standing = speed.isLess(than: 0.2).converted(to: .float32)
      let error = v.gathered(2, feet).squared() * standing * weight
      loss = loss + Self.mean(error, pairs, rows: steps) * options.feet
    }
    return loss
  }

  /// The sum of the entries of `[batch, rows, ...]` that `mask`, broadcast, does not hide, by the number of entries in
  /// `rows` rows.
  private static func mean(_ x: Tensor, _ mask: Tensor?, rows: Int) -> Tensor {
    let width = x.count / (x.shape[0] * x.shape[1])
    return (mask.map { x * $0 } ?? x).sum() / Double(max(1, rows) * width)
  }
}
