import Foundation
import Kinematics
import Linear
import Support
import Tensors

/// Principal components of a frame by cosine frequency over time: the low frequencies of a window of one length.
///
/// Motion has most of its variance in few poses and low frequencies. White noise over frames hides the high frequencies
/// long before the low ones, which makes the motions of a network with little training shake. Here a coefficient's noise
/// grows with the square root of its deviation, halfway between white noise and noise in proportion to the data.
/// Rotations are weighted by the reach of their joint's limb before the components are computed, so that a radian of the
/// hip counts for more than one of the wrist. Higher frequencies and components are lost.
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
  /// The weight of an error of every coefficient in the loss, `[frequencies, channels]`.
  private let importance: Tensor
  private let energy: ActionModes
  private let frameRate: Double
  /// Every class's mean and deviation, `[classes + 1, frequencies, channels]`.
  private let prior: ClassPrior

  var fixedFrames: Int? { frames }
  var lossWeights: Tensor? { importance }
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

  func preconditioning(_ alphaBar: Tensor, labels: [Int]) -> Preconditioning? {
    let classes = Tensor(indices: labels)
    let (center, deviation) = (prior.mean.gathered(0, classes), prior.deviation.gathered(0, classes))
    let variance = deviation.squared() * alphaBar + (1 - alphaBar)
    let input = variance.reciprocalSquareRoot()
    return Preconditioning(
      center: center, skip: alphaBar.squareRoot() * deviation.squared() / variance,
      output: (1 - alphaBar).squareRoot() * deviation * input, input: input)
  }

  func view(frames: Int, label: Int, frameRate: Double) -> LinearView {
    func exact(_ x: Tensor) -> Tensor { x.moved(to: .cpu).converted(to: .float64) }
    let (weights, basis) = (exact(weights).unsqueezed(1), exact(basis))
    // A coefficient's deviation in the class, `[channels, frequencies]`, as diagonals.
    let deviation = (exact(prior.deviation).selected(0, label) * exact(noise)).permuted(1, 0)
    let diagonals = (0..<frequencies).flatMap { row in (0..<frequencies).map { $0 == row ? 1.0 : 0 } }
    let unit = Tensor(doubles: diagonals, shape: [1, frequencies, frequencies])
    return LinearView(
      time: exact(inverse), toFeatures: (basis / weights).permuted(1, 0), fromFeatures: basis * weights,
      covariance: unit * deviation.squared().unsqueezed(2))
  }
  func latent(ofChange change: Tensor, rows: Int) -> Tensor {
    (change / noise.moved(to: .cpu).converted(to: .float64)).converted(to: .float32)
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
    let noise = try values.required("noise", table)
    let weights = try values.required("weights", [width])
    let deviation = try values.required("prior.deviation", tables)
    guard (noise.floats + weights.floats + deviation.floats).allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw SurefootError(.invalidState, message: "the space has deviations that are not positive")
    }
    self.init(
      frames: frames, mean: try values.required("mean", [width]), weights: weights,
      basis: try values.required("basis", [width, channels]), center: try values.required("center", table),
      noise: noise,
      importance: try values.required("importance", table),
      prior: ClassPrior(mean: try values.required("prior.mean", tables), deviation: deviation), modes: modes,
      frameRate: frameRate)
  }

  /// Fitted to windows of one length, `[windows, frames, width]`, with known actions.
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
    let deviations = (coefficients - center).squared().mean(0).squareRoot()
    let deviation = deviations.clamped(from: max(1e-6, deviations.max().scalar * 1e-4))
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

  /// Turn, velocity and height weigh as much as they move in a second; a rotation as its limb's reach [m].
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

/// Every class's mean and deviation of every coefficient, and last those of all motions: the prior before any network.
///
/// Classes with few windows are shrunk towards the whole: a class weighs its windows over ``overlap``, since windows
/// overlap and are mirrored, against ``strength``. Deviations are 1.2533 times the mean absolute value, which is the
/// same for normal numbers; the root of the mean square is several times larger for motion's heavy tails, and noise of
/// that size makes motions shake.
struct ClassPrior: Sendable {
  /// `[classes + 1, ...]`.
  let mean: Tensor
  /// `[classes + 1, ...]`, positive.
  let deviation: Tensor

  private static let overlap = 6.0
  private static let strength = 5.0

  init(mean: Tensor, deviation: Tensor) {
    self.mean = mean
    self.deviation = deviation
  }

  /// Fitted to centred data `[windows, ...]`; labels without a class (of unlabelled windows) count for the whole alone.
  init(fitting data: Tensor, labels: [Int], classes: Int) {
    func spread(_ x: Tensor) -> Tensor { x.magnitude().mean(0) * (Double.pi / 2).squareRoot() }
    let largest = data.squared().mean(0).max().scalar.squareRoot()
    let whole = spread(data).clamped(from: max(1e-6, largest * 1e-4))
    var (means, deviations) = ([Tensor](), [Tensor]())
    for label in 0..<classes {
      let members = labels.indices.filter { labels[$0] == label }
      guard !members.isEmpty else {
        means.append(whole * 0)
        deviations.append(whole)
        continue
      }
      let windows = data.gathered(0, Tensor(indices: members))
      let weight = Double(members.count) / Self.overlap
      let share = weight / (weight + Self.strength)
      let mean = windows.mean(0) * share
      // The shape over frequencies is shared by all; the size of the motion is the class's.
      let logarithm = spread(windows - mean).clamped(from: 1e-6).log()
      let size = (logarithm - whole.log()).mean().scalar
      means.append(mean)
      deviations.append((logarithm * share + (whole.log() + size) * (1 - share)).exp())
    }
    mean = Tensor.stacked(means + [whole * 0])
    deviation = Tensor.stacked(deviations + [whole])
  }
}
