/// The last seconds of a planned run: enough to go back to the beginning of any plan in them.
///
/// All before is settled: taken into the result and forgotten, so that a run needs the same memory however long its
/// motion is.
struct SimulatedPast {
  /// The step of the oldest state that is kept.
  private(set) var first = 0
  /// The last step that was carried out.
  var last: Int { first + states.count - 1 }
  /// Each segment's largest joint torque in the steps that are settled [N m].
  private(set) var peakTorques: [Double]

  private let interval: Int
  private var states: [[Double]]
  /// Of the step that led to each state.
  private var residuals: [Double] = [0]
  private var torques: [[Double]]
  /// By plan, from `firstPlan` on: the controls in force at its beginning.
  private var controls: [[Double]] = []
  /// By plan: how far the body was from its reference at its end [m].
  private var trackingErrors: [Double] = []
  private var firstPlan = 0

  /// - Parameters:
  ///   - state: Where the run starts.
  ///   - segments: The number of segments.
  ///   - interval: Steps from plan to plan.
  init(from state: [Double], segments: Int, interval: Int) {
    self.interval = interval
    states = [state]
    torques = [Array(repeating: 0, count: segments)]
    peakTorques = torques[0]
  }

  /// Of the last step [N m].
  var lastTorques: [Double] { torques[torques.count - 1] }

  func state(_ step: Int) -> [Double] { states[step - first] }

  /// The mean residual wrench of the steps in `range`, of which the first is kept [body weights].
  func residual(_ range: Range<Int>) -> Double {
    residuals[range.lowerBound - first..<range.upperBound - first].reduce(0, +) / Double(range.count)
  }

  /// Records a plan that is carried out, by the controls in force at its beginning and its tracking error at its end [m].
  mutating func begin(controls held: [Double], trackingError: Double) {
    controls.append(held)
    trackingErrors.append(trackingError)
  }

  /// The tracking errors of the plans that began at a step or later [m].
  func trackingErrors(since step: Int) -> [Double] {
    Array(trackingErrors.dropFirst(max(0, step / interval - firstPlan)))
  }

  /// The mean of ``trackingErrors(since:)`` [m].
  func trackingError(since step: Int) -> Double {
    let plans = trackingErrors(since: step)
    return plans.reduce(0, +) / Double(max(1, plans.count))
  }

  /// A step was carried out.
  mutating func append(_ state: [Double], residual: Double, torques step: [Double]) {
    states.append(state)
    residuals.append(residual)
    torques.append(step)
  }

  /// Forgets all after the plan that began `steps` before step `fall`, or the oldest that is kept.
  ///
  /// - Returns: The step at which that plan began, and the controls then in force; `nil` for none if no plan was
  ///   carried out.
  mutating func goBack(_ steps: Int, from fall: Int) -> (step: Int, controls: [Double]?) {
    let oldest = max(firstPlan, (first + interval - 1) / interval)
    let plan = max(oldest, min(firstPlan + controls.count - 1, (fall - steps) / interval))
    let index = plan - firstPlan
    let held = controls.indices.contains(index) ? controls[index] : nil
    controls.removeLast(max(0, controls.count - index))
    trackingErrors.removeLast(max(0, trackingErrors.count - index))
    let start = plan * interval
    let kept = start - first + 1
    states.removeLast(states.count - kept)
    residuals.removeLast(residuals.count - kept)
    torques.removeLast(torques.count - kept)
    return (start, held)
  }

  /// Forgets all before a step, but for the largest torques.
  mutating func settle(before step: Int) {
    let count = min(step - first, states.count - 1)
    guard count > 0 else { return }
    for step in torques[..<count] { peakTorques = zip(peakTorques, step).map { max($0, $1) } }
    states.removeFirst(count)
    residuals.removeFirst(count)
    torques.removeFirst(count)
    first += count
    let plans = min(controls.count, max(0, first / interval - firstPlan))
    controls.removeFirst(plans)
    trackingErrors.removeFirst(plans)
    firstPlan += plans
  }
}
