import Foundation
import Linear
import Mocap
import Tensors

/// Principal components of a frame by cosine frequency over time, every coefficient brought to unit variance.
///
/// Motion has most of its variance in few poses and low frequencies. White noise over frames drowns the high ones long
/// before the low ones and so makes a short-trained network's motions shake; noise that is as large as the data in
/// every coefficient does not. Rotations are weighted by how far their joint's limb reaches before the components are
/// found, so that a radian of the hip counts for more than one of the wrist.
struct SpectralSpace: MotionSpace {
  let frames: Int
  let channels: Int
  /// `[width]` each, and `[width, channels]`.
  private let mean: Tensor
  private let weights: Tensor
  private let basis: Tensor
  /// Orthonormal cosine transform, `[frames, frames]`.
  private let cosines: Tensor
  private let inverse: Tensor
  /// Every coefficient's mean and deviation, `[frames, channels]`.
  private let center: Tensor
  private let deviation: Tensor
  let emphasis: Tensor?

  var fixedFrames: Int? { frames }

  func encode(_ features: Tensor) -> Tensor {
    (cosines.matmul(components(features)) - center) / deviation
  }
  func decode(_ latent: Tensor) -> Tensor {
    inverse.matmul(latent * deviation + center).matmul(basis.permuted(1, 0)) / weights + mean
  }
  func toFrames(_ latent: Tensor) -> Tensor { inverse.matmul(latent) }
  func fromFrames(_ frames: Tensor) -> Tensor { cosines.matmul(frames) }

  /// Data have unit variance in every coefficient, so noisy ones have, too.
  func scaling(_ alphaBar: Tensor) -> Scaling? {
    Scaling(skip: alphaBar.squareRoot(), output: (1 - alphaBar).squareRoot(), input: alphaBar * 0 + 1)
  }

  var fitted: [Parameter] {
    [
      Parameter("mean", mean), Parameter("weights", weights), Parameter("basis", basis), Parameter("center", center),
      Parameter("deviation", deviation),
    ]
  }

  private func components(_ features: Tensor) -> Tensor { ((features - mean) * weights).matmul(basis) }

  private init(frames: Int, mean: Tensor, weights: Tensor, basis: Tensor, center: Tensor, deviation: Tensor) {
    self.frames = frames
    channels = basis.shape[1]
    self.mean = mean
    self.weights = weights
    self.basis = basis
    self.center = center
    self.deviation = deviation
    cosines = Self.transform(frames)
    inverse = cosines.permuted(1, 0)
    // A coefficient's error weighs as its deviation: between equal weights and equal error in metres.
    emphasis = deviation / deviation.mean()
  }

  /// From a checkpoint's tensors.
  init(_ values: [String: Tensor], width: Int, channels: Int, frames: Int) throws(TensorError) {
    let deviation = try values.vector("deviation", [frames, channels])
    let weights = try values.vector("weights", [width])
    guard (deviation.floats + weights.floats).allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw TensorError(.invalidState, "the space has deviations that are not positive")
    }
    self.init(
      frames: frames, mean: try values.vector("mean", [width]), weights: weights,
      basis: try values.vector("basis", [width, channels]), center: try values.vector("center", [frames, channels]),
      deviation: deviation)
  }

  /// Fitted to windows of one length, `[windows, frames, width]`.
  ///
  /// - Returns: `nil` if a number in them is not finite.
  init?(fitting windows: Tensor, components: Int, skeleton: Skeleton) {
    let (count, frames, width) = (windows.shape[0], windows.shape[1], windows.shape[2])
    let rows = windows.reshaped(count * frames, width)
    let mean = rows.mean(0)
    let weights = Tensor(Self.weights(skeleton), shape: [width])
    let scaled = (rows - mean) * weights
    guard let basis = Self.principal(scaled, components) else { return nil }
    let coefficients = Self.transform(frames).matmul(((windows - mean) * weights).matmul(basis))
    let center = coefficients.mean(0)
    let own = (coefficients - center).squared().mean(0).squareRoot()
    let deviation = own.clamped(from: max(1e-6, own.max().scalar * 1e-4))
    self.init(frames: frames, mean: mean, weights: weights, basis: basis, center: center, deviation: deviation)
  }

  /// The directions of largest variance of centred rows, `[width, count]`.
  private static func principal(_ rows: Tensor, _ count: Int) -> Tensor? {
    let width = rows.shape[1]
    var covariance = [Double](repeating: 0, count: width * width)
    for start in stride(from: 0, to: rows.shape[0], by: 16384) {
      let part = rows.narrowed(0, start..<min(rows.shape[0], start + 16384)).converted(to: .float64)
      for (index, value) in part.permuted(1, 0).matmul(part).doubles.enumerated() { covariance[index] += value }
    }
    let total = Double(rows.shape[0])
    guard let eigen = SymmetricEigen(covariance.map { $0 / total }, size: width) else { return nil }
    var basis = [Float](repeating: 0, count: width * count)
    for column in 0..<count {
      let vector = eigen.vectors[(width - 1 - column) * width..<(width - column) * width]
      for (row, value) in vector.enumerated() { basis[row * count + column] = Float(value) }
    }
    return Tensor(basis, shape: [width, count])
  }

  /// Turn, velocity and height count by what they move in a second; a rotation by its limb's reach [m].
  private static func weights(_ skeleton: Skeleton) -> [Float] {
    var reach = skeleton.joints.map { Float($0.endSite?.length ?? 0) }
    for index in skeleton.joints.indices.reversed() {
      guard let parent = skeleton.joints[index].parent else { continue }
      reach[parent] = max(reach[parent], reach[index] + Float(skeleton.joints[index].offset.length))
    }
    return [0.15, 0.5, 0.5, 2] + reach.flatMap { [Float](repeating: min(1, max(0.1, $0)), count: 6) }
  }

  /// The orthonormal discrete cosine transform (DCT-II) as a matrix.
  private static func transform(_ frames: Int) -> Tensor {
    let values = (0..<frames).flatMap { k in
      (0..<frames).map { t in
        let scale = (k == 0 ? 1.0 : 2.0) / Double(frames)
        return Float(scale.squareRoot() * cos(.pi * (Double(t) + 0.5) * Double(k) / Double(frames)))
      }
    }
    return Tensor(values, shape: [frames, frames])
  }
}
