import Foundation

/// How much of the clean motion is left at every step of the diffusion.
///
/// At step t, x_t = sqrt(a_t) x_0 + sqrt(1 - a_t) noise, where a_t is ``alphaBar``; step 0 is the least noisy.
public struct NoiseSchedule: Sendable, Hashable {
  /// The shapes of a schedule, by how the signal falls.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// cos^2 (Nichol and Dhariwal, arXiv 2102.09672), each step's loss of signal at most 0.999.
    case cosine
    /// Evenly rising loss of signal (Ho et al., arXiv 2006.11239), scaled to the number of steps.
    case linear
  }

  /// The shape.
  public let kind: Kind
  /// a_t for t = 0 ..< steps, falling.
  public let alphaBar: [Double]

  /// The number of steps.
  public var steps: Int { alphaBar.count }

  /// A schedule of a number of steps, evaluated at once.
  ///
  /// - Precondition: At least one step.
  public init(_ kind: Kind = .cosine, steps: Int = 50) {
    precondition(steps > 0, "a schedule has at least one step")
    self.kind = kind
    var product = 1.0
    alphaBar = (1...steps).map { step in
      product *= 1 - NoiseSchedule.beta(kind, step: step, of: steps)
      return product
    }
  }

  private static func beta(_ kind: Kind, step: Int, of steps: Int) -> Double {
    switch kind {
    case .cosine:
      func signal(_ t: Int) -> Double {
        let angle = (Double(t) / Double(steps) + 0.008) / 1.008 * .pi / 2
        return cos(angle) * cos(angle)
      }
      return min(0.999, 1 - signal(step) / signal(step - 1))
    case .linear:
      let scale = 1000 / Double(steps)
      let fraction = steps > 1 ? Double(step - 1) / Double(steps - 1) : 0
      return min(0.999, scale * (1e-4 + (0.02 - 1e-4) * fraction))
    }
  }

  /// `count` timesteps of the schedule, evenly spread, from the noisiest to 0: the ones that a sampler takes.
  ///
  /// - Precondition: `count` is in 1 ... ``steps``.
  public func strided(_ count: Int) -> [Int] {
    precondition((1...steps).contains(count), "a sampler takes 1 to \(steps) steps, not \(count)")
    guard count > 1 else { return [steps - 1] }
    return (0..<count).map { (index: Int) -> Int in
      let position: Double = Double(steps - 1) * Double(count - 1 - index) / Double(count - 1)
      return Int(position.rounded())
    }
  }
}
