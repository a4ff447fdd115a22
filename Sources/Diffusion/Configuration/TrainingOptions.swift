import Foundation
import Support
public import Tensors

/// How a model is trained. Start from ``preset(_:)`` and change what differs:
///
///     var options = TrainingOptions.preset(.cpu)
///     options.batch = 64
public struct TrainingOptions: Sendable, Hashable, Codable {
  /// How the learning rate changes after the warm-up.
  public enum RateSchedule: String, Sendable, Hashable, Codable, CaseIterable {
    /// It stays the same.
    case constant
    /// It falls to a fiftieth along half a cosine until ``TrainingOptions/steps``, and stays there.
    case cosine
  }

  /// Windows a step.
  public var batch = 64
  /// The learning rate after the warm-up.
  public var rate = 1e-4
  /// Steps in which the rate rises from 0.
  public var warmUp = 100
  /// How the rate changes after that.
  public var schedule = RateSchedule.constant
  /// The number of steps over which the rate falls.
  public var steps = 10_000
  /// AdamW's weight decay.
  public var decay = 0.01
  /// The decay rate of AdamW's second moment (beta_2).
  public var beta2 = 0.99
  /// Gradients with a larger norm are scaled down to it.
  public var clip = 1.0
  /// The decay rate of the averaged weights; at first less, (1 + step) / (10 + step).
  public var average = 0.999
  /// The share of windows that train without their action, for classifier-free guidance (p_uncond of Ho and Salimans,
  /// arXiv 2207.12598).
  public var conditionDropout = 0.1
  /// The weight of the joints' positions in the loss [1/m^2]; MDM's l_pos.
  public var positions = 0.0
  /// The weight of the joints' velocities [s^2/m^2]; MDM's l_vel.
  public var velocities = 0.0
  /// The weight of the velocity of feet in contact [s^2/m^2]; MDM's l_foot.
  public var feet = 0.0
  /// The element type of matrix products and convolutions: `float32` or `bfloat16`.
  public var computeType = ElementType.float32

  /// The defaults of the members.
  public init() {}

  /// The names in a checkpoint's metadata.
  private enum CodingKeys: String, CodingKey {
    case batch, rate, warmUp, schedule, steps, decay, beta2, clip, average
    case conditionDropout = "hiddenActions"
    case positions, velocities, feet
    case computeType = "products"
  }

  /// The options that suit a preset of ``ModelConfiguration``.
  public static func preset(_ configuration: ModelConfiguration) -> TrainingOptions {
    var options = TrainingOptions()
    var configuration = configuration
    configuration.textWidth = nil
    guard configuration != .paper else { return options }
    options.rate = 1e-3
    options.schedule = .cosine
    if configuration == .tiny {
      options.batch = 16
      options.warmUp = 20
      options.average = 0.98
    } else {
      options.batch = 32
      options.warmUp = 200
      options.positions = 30
      options.velocities = 2.25
    }
    return options
  }

  /// The learning rate of a step, which counts from 0.
  func rate(at step: Int) -> Double {
    if step < warmUp { return rate * Double(step + 1) / Double(warmUp + 1) }
    guard schedule == .cosine else { return rate }
    let share = min(1, Double(step - warmUp) / Double(max(1, steps - warmUp)))
    return rate * max(0.02, 0.5 * (1 + cos(.pi * share)))
  }

  /// Checks that every number lies in its range.
  func validate() throws(SurefootError) {
    let faults: [(Bool, String)] = [
      (batch > 0 && batch <= 65536, "a batch of \(batch) windows"),
      (rate > 0 && rate.isFinite, "a learning rate of \(rate)"),
      (warmUp >= 0 && steps >= 0, "\(warmUp) warm-up steps of \(steps)"),
      (decay >= 0 && decay.isFinite, "a weight decay of \(decay)"),
      ((0..<1).contains(beta2) && (0..<1).contains(average), "decay rates of \(beta2) and \(average)"),
      (clip > 0, "a gradient norm of at most \(clip)"),
      ((0...1).contains(conditionDropout), "a condition dropout of \(conditionDropout)"),
      ([positions, velocities, feet].allSatisfy { $0 >= 0 && $0.isFinite }, "a negative weight of a loss"),
      (computeType == .float32 || computeType == .bfloat16, "products in \(computeType)"),
    ]
    for (isValid, setting) in faults where !isValid {
      throw SurefootError(
        .configuration, message: "\(setting) cannot be trained with", suggestion: "change the training options")
    }
  }
}
