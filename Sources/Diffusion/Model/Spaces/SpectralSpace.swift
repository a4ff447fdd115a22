import Foundation
public import Kinematics
public import Linear
public import Support
import Tensors

/// Principal components of a frame by cosine frequency over time: the low frequencies of a window of one length.
///
/// Motion has most of its variance in few poses and low frequencies. White noise over frames drowns the high ones long
/// before the low ones and so makes a short-trained network's motions shake. Here a coefficient's noise grows with the
/// square root of its deviation, halfway between white noise and noise as large as the data everywhere. Rotations are
/// weighted by how far their joint's limb reaches before the components are found, so that a radian of the hip counts
/// for more than one of the wrist. What lies above the kept frequencies and components is lost: the space's own floor.
struct SpectralSpace: MotionSpace {
  let frames: Int
  let frequencies: Int
  let channels: Int
  /// `[width]` each, and `[width, channels]`.
  private let mean: Tensor
  private let weights: Tensor
  private let basis: Tensor
  /// Orthonormal cosine transform, `[frequencies, frames]`.
  private let cosines: Tensor
  private let inverse: Tensor
  /// Every coefficient's mean and the deviation of its noise, `[frequencies, channels]`.
  private let center: Tensor
  private let noise: Tensor
  /// What an error of every coefficient weighs in the loss, `[frequencies, channels]`.
  private let importance: Tensor
  private let energy: ActionModes
  private let frameRate: Double
  /// What is known of each class before any network, `[classes + 1, frequencies, channels]`.
  private let prior: ClassPrior

  var fixedFrames: Int? { frames }
  var emphasis: Tensor? { importance }
  var modes: ActionModes? { energy }

  func rows(frames: Int) -> Int { frequencies }
  func encode(_ features: Tensor) -> Tensor {
    (cosines.matmul(((features - mean) * weights).matmul(basis)) - center) / noise
  }
  func decode(_ latent: Tensor) -> Tensor {
    inverse.matmul(latent * noise + center).matmul(basis.permuted(1, 0)) / weights + mean
  }
  func classes(_ features: Tensor, actions: [Int]) -> [Int] {
    let energies = ActionModes.energies(features, weights: weights, frameRate: frameRate)
    return zip(actions, energies).map(energy.classOf(action:energy:))
  }
  func toFrames(_ latent: Tensor) -> Tensor { inverse.matmul(latent) }
  func fromFrames(_ frames: Tensor) -> Tensor { cosines.matmul(frames) }

  func scaling(_ alphaBar: Tensor, labels: [Int]) -> Scaling? {
    let classes = Tensor(indices: labels)
    let (center, deviation) = (prior.mean.gathered(0, classes), prior.deviation.gathered(0, classes))
    let variance = deviation.squared() * alphaBar + (1 - alphaBar)
    let input = variance.reciprocalSquareRoot()
    return Scaling(
      center: center, skip: alphaBar.squareRoot() * deviation.squared() / variance,
      output: (1 - alphaBar).squareRoot() * deviation * input, input: input)
  }

  var fitted: [Parameter] {
    [
      Parameter("mean", mean), Parameter("weights", weights), Parameter("basis", basis), Parameter("center", center),
      Parameter("noise", noise), Parameter("importance", importance), Parameter("prior.mean", prior.mean),
      Parameter("prior.deviation", prior.deviation),
    ] + energy.fitted
  }

  private init(
    frames: Int, mean: Tensor, weights: Tensor, basis: Tensor, center: Tensor, noise: Tensor, importance: Tensor,
    prior: ClassPrior, modes: ActionModes, frameRate: Double
  ) {
    self.frames = frames
    frequencies = center.shape[0]
    channels = basis.shape[1]
    self.mean = mean
    self.weights = weights
    self.basis = basis
    self.center = center
    self.noise = noise
    self.importance = importance
    self.prior = prior
    energy = modes
    self.frameRate = frameRate
    cosines = Self.transform(frames, frequencies: frequencies)
    inverse = cosines.permuted(1, 0)
  }

  /// From a checkpoint's tensors.
  init(
    _ values: [String: Tensor], width: Int, channels: Int, frequencies: Int, frames: Int, actions: Int,
    frameRate: Double
  ) throws(SurefootError) {
    let modes = try ActionModes(values, actions: actions)
    let (table, tables) = ([frequencies, channels], [modes.classes + 1, frequencies, channels])
    let noise = try values.vector("noise", table)
    let weights = try values.vector("weights", [width])
    let deviation = try values.vector("prior.deviation", tables)
    guard (noise.floats + weights.floats + deviation.floats).allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw SurefootError(.invalidState, message: "the space has deviations that are not positive")
    }
    self.init(
      frames: frames, mean: try values.vector("mean", [width]), weights: weights,
      basis: try values.vector("basis", [width, channels]), center: try values.vector("center", table), noise: noise,
      importance: try values.vector("importance", table),
      prior: ClassPrior(mean: try values.vector("prior.mean", tables), deviation: deviation), modes: modes,
      frameRate: frameRate)
  }

  /// Fitted to windows of one length, `[windows, frames, width]`, whose actions are told.
  ///
  /// - Returns: `nil` if a number in them is not finite.
  init?(
    fitting windows: Tensor, labels: [Int], actions: Int, components: Int, frequencies: Int, skeleton: Skeleton,
    frameRate: Double
  ) {
    let (count, frames, width) = (windows.shape[0], windows.shape[1], windows.shape[2])
    let rows = windows.reshaped(count * frames, width)
    let mean = rows.mean(0)
    let weights = Tensor(Self.weights(skeleton), shape: [width])
    guard let basis = Self.principal((rows - mean) * weights, components) else { return nil }
    let cosines = Self.transform(frames, frequencies: frequencies)
    let coefficients = cosines.matmul(((windows - mean) * weights).matmul(basis))
    let center = coefficients.mean(0)
    let own = (coefficients - center).squared().mean(0).squareRoot()
    let deviation = own.clamped(from: max(1e-6, own.max().scalar * 1e-4))
    let noise = (deviation * deviation.squared().mean().squareRoot()).squareRoot()
    let energies = ActionModes.energies(windows, weights: weights, frameRate: frameRate)
    let modes = ActionModes(fitting: energies, labels: labels, actions: actions)
    let classes = zip(labels, energies).map(modes.classOf(action:energy:))
    self.init(
      frames: frames, mean: mean, weights: weights, basis: basis, center: center, noise: noise,
      // Halfway between equal weights for equal variance and equal weights for equal metres.
      importance: deviation / deviation.mean(),
      prior: ClassPrior(fitting: (coefficients - center) / noise, labels: classes, classes: modes.classes),
      modes: modes, frameRate: frameRate)
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

  /// The orthonormal discrete cosine transform (DCT-II) as a matrix, its lowest rows.
  private static func transform(_ frames: Int, frequencies: Int) -> Tensor {
    let values = (0..<frequencies).flatMap { k in
      (0..<frames).map { t in
        let scale = (k == 0 ? 1.0 : 2.0) / Double(frames)
        return Float(scale.squareRoot() * cos(.pi * (Double(t) + 0.5) * Double(k) / Double(frames)))
      }
    }
    return Tensor(values, shape: [frequencies, frames])
  }
}
