public import Support
public import Tensors

/// How a model is trained.
public struct TrainingOptions: Sendable, Hashable, Codable {
  /// How the learning rate moves after warming up.
  public enum RateSchedule: String, Sendable, Hashable, Codable, CaseIterable {
    /// It stays.
    case constant
    /// It falls to a fiftieth along half a cosine until ``TrainingOptions/steps``, and stays there.
    case cosine
  }

  /// Windows a step.
  public var batch = 64
  /// The learning rate after warming up.
  public var rate = 1e-4
  /// Steps in which the rate rises from 0.
  public var warmUp = 100
  /// How the rate moves then.
  public var schedule = RateSchedule.constant
  /// The steps that the schedule is laid out for.
  public var steps = 10_000
  /// AdamW's weight decay.
  public var decay = 0.01
  /// How slowly AdamW's second moment forgets.
  public var beta2 = 0.99
  /// Gradients with a larger norm are scaled down to it.
  public var clip = 1.0
  /// How slowly the averaged weights forget; less at first, (1 + step) / (10 + step).
  public var average = 0.999
  /// The share of windows whose action is hidden, for guidance.
  public var hiddenActions = 0.1
  /// The weight of the joints' positions in the loss [1/m^2]; MDM's l_pos.
  public var positions = 0.0
  /// The weight of the joints' velocities [s^2/m^2]; MDM's l_vel.
  public var velocities = 0.0
  /// The weight of the velocity of feet that stand [s^2/m^2]; MDM's l_foot.
  public var feet = 0.0
  /// The element type of products: `float32` or `bfloat16`.
  public var products = ElementType.float32

  /// The defaults; see the members.
  public init() {}

  /// What a preset of ``ModelConfiguration`` trains with.
  public static func preset(_ configuration: ModelConfiguration) -> TrainingOptions {
    var options = TrainingOptions()
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
    return rate * max(0.02, 0.5 * (1 + cosine(.pi * share)))
  }

  /// Checks that every number lies in its range.
  func validate() throws(SurefootError) {
    let faults: [(Bool, String)] = [
      (batch > 0 && batch <= 65536, "a batch of \(batch) windows"),
      (rate > 0 && rate.isFinite, "a learning rate of \(rate)"),
      (warmUp >= 0 && steps >= 0, "\(warmUp) warm-up steps of \(steps)"),
      (decay >= 0 && decay.isFinite, "a weight decay of \(decay)"),
      ((0..<1).contains(beta2) && (0..<1).contains(average), "forgetting of \(beta2) and \(average)"),
      (clip > 0, "a gradient norm of at most \(clip)"),
      ((0...1).contains(hiddenActions), "a share of \(hiddenActions) hidden actions"),
      ([positions, velocities, feet].allSatisfy { $0 >= 0 && $0.isFinite }, "a negative weight of a loss"),
      (products == .float32 || products == .bfloat16, "products in \(products)"),
    ]
    for (fine, problem) in faults where !fine {
      throw SurefootError(
        .configuration, message: "\(problem) cannot be trained with", suggestion: "change the training options")
    }
  }
}
