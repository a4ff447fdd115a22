import Support
import Tensors

/// How energetic a motion of an action is, in a few steps: the model treats every step of an action as a class.
///
/// The windows under one label are of many kinds ("gesture" holds a wave and a sigh), and their speeds are spread over
/// a factor of ten. With one mean and one deviation for all of them, a model makes the calm ones lively and the lively
/// ones calm. A window's class follows from its energy; a prompt's is drawn as often as the fitted windows fell in it.
struct ActionModes: Sendable {
  /// The boundaries between steps, in the logarithm of energy, `[actions, most - 1]`; never reached where an
  /// action has fewer steps.
  let thresholds: [[Float]]
  /// The share of an action's windows in each step, `[actions, most]`.
  let shares: [[Float]]

  /// The most steps of an action.
  static let most = 4
  /// An action has one step for this many windows.
  private static let windowsEach = 24

  /// The number of classes.
  var classes: Int { thresholds.count * Self.most }

  init(thresholds: [[Float]], shares: [[Float]]) {
    self.thresholds = thresholds
    self.shares = shares
  }

  /// Steps of equal shares.
  init(fitting energies: [Float], labels: [Int], actions: Int) {
    var (thresholds, shares) = ([[Float]](), [[Float]]())
    for action in 0..<actions {
      let sorted = labels.indices.filter { labels[$0] == action }.map { energies[$0] }.sorted()
      let steps = min(Self.most, max(1, sorted.count / Self.windowsEach))
      let edges = (1..<Self.most).map { $0 < steps ? sorted[sorted.count * $0 / steps] : Float.greatestFiniteMagnitude }
      var counts = [Float](repeating: 0, count: Self.most)
      for energy in sorted { counts[Self.step(energy, edges)] += 1 }
      if sorted.isEmpty { counts[0] = 1 }
      thresholds.append(edges)
      shares.append(counts.map { $0 / max(1, Float(sorted.count)) })
    }
    self.init(thresholds: thresholds, shares: shares)
  }

  /// The class of a motion of an action with an energy.
  func classOf(action: Int, energy: Float) -> Int { action * Self.most + Self.step(energy, thresholds[action]) }

  /// The class that a number of 0..<1 falls in when an action's classes are laid side by side by their shares.
  func classOf(action: Int, share: Double) -> Int {
    var left = Float(share)
    for (step, part) in shares[action].enumerated() {
      if left < part { return action * Self.most + step }
      left -= part
    }
    return action * Self.most + (shares[action].lastIndex { $0 > 0 } ?? 0)
  }

  private static func step(_ energy: Float, _ edges: [Float]) -> Int { edges.prefix { $0 <= energy }.count }

  /// The logarithm of motions' mean square speed [m^2/s^2], from compact features `[motions, frames, width]`.
  ///
  /// - Parameter weights: The length in metres that a unit of each feature counts as, `[width]`.
  static func energies(_ features: Tensor, weights: Tensor, frameRate: Double) -> [Float] {
    let (frames, width) = (features.shape[1], features.shape[2])
    // A row's first four numbers are the root's turn and velocity a second, and its height.
    let root = features.narrowed(2, 1..<3).squared().sum(2).mean(1)
    let limbs = features.narrowed(2, 4..<width) * weights.narrowed(0, 4..<width)
    let speeds = (limbs.narrowed(1, 1..<frames) - limbs.narrowed(1, 0..<frames - 1)) * frameRate
    return (root + speeds.squared().sum(2).mean(1) / 6 + 1e-6).log().floats
  }
}

extension ActionModes {
  /// From a checkpoint's tensors.
  init(_ values: [String: Tensor], actions: Int) throws(SurefootError) {
    let thresholds = try values.required("modes.thresholds", [actions, Self.most - 1]).floats
    let shares = try values.required("modes.shares", [actions, Self.most]).floats
    guard thresholds.allSatisfy({ !$0.isNaN }), shares.allSatisfy({ (0...1).contains($0) }) else {
      throw SurefootError(.invalidState, message: "the steps of an action's energy hold a number that cannot be")
    }
    self.init(
      thresholds: (0..<actions).map { Array(thresholds[$0 * (Self.most - 1)..<($0 + 1) * (Self.most - 1)]) },
      shares: (0..<actions).map { Array(shares[$0 * Self.most..<($0 + 1) * Self.most]) })
  }

  var fitted: [Parameter] {
    [
      Parameter("modes.thresholds", Tensor(thresholds.flatMap { $0 }, shape: [thresholds.count, Self.most - 1])),
      Parameter("modes.shares", Tensor(shares.flatMap { $0 }, shape: [shares.count, Self.most])),
    ]
  }
}
