import Kinematics
import Tensors

/// The loss of a batch: squared error of the clean motions, and MDM's geometric terms where their weights are positive.
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
  /// - Parameter whole: If these are a part of a batch, the lengths of all its motions: the parts' losses add up to the
  ///   batch's.
  func callAsFunction(_ batch: NoisyBatch, features: Tensor, clean: Tensor, of whole: [Int]? = nil) -> Tensor {
    let predicted = model.clean(batch, computeType: options.computeType)
    let alphaBar = model.alphaBar(batch.steps)
    var error = (predicted - clean).squared()
    if let scales = model.space.preconditioning(alphaBar, labels: batch.priors ?? batch.labels) {
      error = error / scales.output.squared()
    }
    if let weights = model.space.lossWeights { error = error * weights }
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
    let decoded = model.space.decode(predicted)
    let (p, truth) = (kinematics.positions(decoded), kinematics.positions(features))
    let frames = features.shape[1]
    var loss = Tensor(repeating: 0, shape: [])
    if options.positions > 0 {
      let error = (p - truth).squared() * weight
      loss = loss + Self.mean(error, mask?.unsqueezed(2).unsqueezed(3), rows: lengths.reduce(0, +)) * options.positions
    }
    guard options.velocities > 0 || options.feet > 0 else { return loss }
    let v = kinematics.velocities(decoded, positions: p)
    let trueVelocity = kinematics.velocities(features, positions: truth)
    let pairs = mask?.narrowed(1, 1..<frames).unsqueezed(2).unsqueezed(3)
    let steps = lengths.reduce(0) { $0 + max(0, $1 - 1) }
    if options.velocities > 0 {
      // Feet count once more: their velocities are small, and errors of them are the first to be seen.
      let error = (v - trueVelocity).squared() * weight
      let feet = error.gathered(2, Tensor(indices: model.representation.feet))
      loss = loss + (Self.mean(error, pairs, rows: steps) + Self.mean(feet, pairs, rows: steps)) * options.velocities
    }
    if options.feet > 0 {
      let feet = Tensor(indices: model.representation.feet)
      let speed = trueVelocity.gathered(2, feet).squared().sum(3, keeping: true).squareRoot()
      // MDM's threshold: 1 cm a frame at 20 frames a second.
      let isContact = speed.isLess(than: 0.2).converted(to: .float32)
      let error = v.gathered(2, feet).squared() * isContact * weight
      loss = loss + Self.mean(error, pairs, rows: steps) * options.feet
    }
    return loss
  }

  /// The sum of the entries of `[batch, rows, ...]` that `mask`, broadcast, does not hide, over the number of entries
  /// in `rows` rows.
  private static func mean(_ x: Tensor, _ mask: Tensor?, rows: Int) -> Tensor {
    let width = x.count / (x.shape[0] * x.shape[1])
    return (mask.map { x * $0 } ?? x).sum() / Double(max(1, rows) * width)
  }
}

/// Forward kinematics of batches of features, differentiable: for the geometric losses.
struct DifferentiableKinematics: Sendable {
  private let representation: MotionRepresentation
  private let parents: [Int]
  private let offsets: [Double]

  init(_ representation: MotionRepresentation) {
    self.representation = representation
    parents = representation.skeleton.joints.map { $0.parent ?? -1 }
    offsets = representation.skeleton.joints.flatMap { [$0.offset.x, $0.offset.y, $0.offset.z] }
  }

  /// The joints' positions in the facing frame, the root above the origin: `[batch, frames, joints, 3]` in metres, of
  /// features (not normalised) `[batch, frames, width]`.
  func positions(_ features: Tensor) -> Tensor {
    let shape = features.shape
    return features.reshaped(shape[0] * shape[1], shape[2])
      .forwardKinematics(
        parents: parents, offsets: offsets, rotations: MotionRepresentation.rotationsStart,
        height: MotionRepresentation.heightColumn
      )
      .reshaped(shape[0], shape[1], parents.count, 3)
  }

  /// The joints' velocities in each frame's facing frame: `[batch, frames - 1, joints, 3]` in m/s.
  func velocities(_ features: Tensor, positions: Tensor) -> Tensor {
    let frames = features.shape[1]
    let frameTime = 1 / representation.frameRate
    let root = features.narrowed(1, 0..<frames - 1).narrowed(2, 0..<3).unsqueezed(2) * frameTime
    let parts = root.unbound(3)
    let next = positions.narrowed(1, 1..<frames).unbound(3)
    let (c, s) = (parts[0].cos(), parts[0].sin())
    let x = c * next[0] + s * next[2] + parts[1]
    let z = c * next[2] - s * next[0] + parts[2]
    return (Tensor.stacked([x, next[1], z], 3) - positions.narrowed(1, 0..<frames - 1)) / frameTime
  }
}
