import Dynamics
import Foundation
import Kinematics

/// One correction by planning, from a reference's first frame to its last.
///
///     let run = try PredictiveRun.follow(reference, body: body, settings: settings, maxTrackingError: 0.3)
///
/// Where the body leaves the reference, the run goes back a little and takes the next fallback level
/// (``PredictiveSettings/fallbackLevels``) until it is past the place: a longer and more thorough plan, two other sets of
/// weights, then a plan with a small residual wrench, which is reported. Past it, the run is on the first level again, so
/// that difficulties cost time only where they are. A stretch that was followed, but far from the reference, is planned
/// again with the other levels, and the nearest result is kept.
struct PredictiveRun {
  /// A pose a frame; fewer than the reference has if the run failed.
  private(set) var poses: [Pose] = []
  /// The mean residual wrench over each frame's steps [body weights].
  private(set) var applied: [Double] = []
  /// Where the run gave up [s]; `nil` if it did not.
  private(set) var failure: Double?
  /// Each segment's largest joint torque [N m].
  private(set) var peakTorques: [Double]
  /// How often each level was taken after a plan had failed.
  private(set) var falls: [Int]
  /// All planners' linearisations and simulated steps.
  private(set) var work = (linearisations: 0, steps: 0)

  /// How often plans failed, and how often the level with a residual wrench was taken.
  var counts: PlanningCounts {
    PlanningCounts(
      replans: falls.reduce(0, +), fallbacks: settings.fallbackResidualBound > 0 ? falls[falls.count - 1] : 0)
  }

  private let motion: Motion
  private let body: BodyModel
  private let reference: StepReference
  private let layout: ControlLayout
  private let settings: PredictiveSettings
  private let levels: [PredictiveSettings]
  private let cancellation: Cancellation
  private var planners: [HorizonPlanner?]

  /// Follows a reference.
  ///
  /// - Parameters:
  ///   - maxTrackingError: A body further from its reference than this in the mean of its segments has fallen [m].
  ///   - layout: The controls; those of the motion unless given.
  /// - Throws: A `CancellationError`.
  static func follow(
    _ motion: Motion, body: BodyModel, settings: PredictiveSettings, maxTrackingError: Double,
    cancellation: Cancellation = Cancellation(), layout: ControlLayout? = nil
  ) throws -> PredictiveRun {
    var run = PredictiveRun(motion, body: body, settings: settings, cancellation: cancellation, layout: layout)
    try run.follow(maxTrackingError)
    for planner in run.planners {
      run.work.linearisations += planner?.work.linearisations ?? 0
      run.work.steps += planner?.work.steps ?? 0
    }
    return run
  }

  private init(
    _ motion: Motion, body: BodyModel, settings: PredictiveSettings, cancellation: Cancellation, layout: ControlLayout?
  ) {
    self.motion = motion
    self.body = body
    reference = StepReference(motion, body: body, settings: settings)
    self.layout = layout ?? ControlLayout(reference, body: body)
    self.settings = settings
    self.cancellation = cancellation
    levels = settings.fallbackLevels
    planners = Array(repeating: nil, count: levels.count)
    falls = Array(repeating: 0, count: levels.count)
    peakTorques = Array(repeating: 0, count: body.bodies.count)
  }

  // MARK: Following

  private mutating func follow(_ maxTrackingError: Double) throws {
    var planner = planner(0)
    cover(from: 0, planner)
    planner.begin(at: 0)
    var past = SimulatedPast(
      from: Array(planner.plan.state(0)), segments: body.bodies.count, interval: planner.stepsPerKnot)
    defer { finish(&past) }
    var recovery = Recovery()
    var review = Review()

    while planner.steps > 0 {
      try cancellation.check(done: planner.start, of: reference.count - 1)
      // 1. Plan. A plan that falls sends the run back, to the next fallback level; without one the motion is rejected.
      guard let steps = plan(planner, maxTrackingError) else {
        guard let next = retreat(from: planner.start, &past, &recovery) else { return }
        planner = next
        review.start = nil
        continue
      }

      // 2. Carry out the plan's first interval. The rollout is the simulation itself, so that this costs nothing.
      let trackingError = commit(planner, steps, to: &past)
      cover(from: planner.start + steps, planner)
      planner.advance()

      if recovery.level > 0 {
        // 3a. On a fallback level: back to the first one once the place of the fall lies behind.
        guard planner.start >= recovery.end, planner.steps > 0 else { continue }
        recovery.level = 0
        planner = resume(0, after: planner, past)
      } else if let start = review.start {
        // 3b. In a stretch far from the reference: at its end, plan all of it again with the other levels.
        let isOver = trackingError < settings.replanEndThreshold || past.last - start > maxReviewedSteps
        guard isOver || planner.steps == 0 else { continue }
        review.start = nil
        // What was reviewed once is not reviewed again, or the run would turn in a circle.
        review.end = past.last
        let level = try reconsider(since: start, &past, maxTrackingError)
        // The kept result ends in another state: go on from there with the controls that led to it.
        if level > 0, planner.steps > 0 { planner = resume(0, after: self.planner(level), past) }
      } else if trackingError > settings.replanThreshold, settings.replanThreshold > 0, planner.start > review.end {
        // 3c. On the reference until now: from here on it is far.
        review.start = planner.start
      }
    }
  }

  /// A fall that the run has gone back from.
  private struct Recovery {
    /// The fallback level in use; 0 is none.
    var level = 0
    /// The step from which on the first level is tried again.
    var end = 0
  }

  /// The stretches far from the reference.
  private struct Review {
    /// The first step of such a stretch, while in one.
    var start: Int?
    /// The last step that was planned again.
    var end = -1
  }

  /// How far a run goes back from a fall, twice as far from the second level on [s].
  private static let rewindTime = 0.8
  /// For how long after a fall the fallback level is kept [s].
  private static let recoveryTime = 0.5

  private func rewindSteps(_ level: Int) -> Int {
    Int(PredictiveRun.rewindTime * Double(min(level, 2)) / reference.step)
  }

  /// Steps that all falls in a row may go back, one for each fallback level.
  private var reach: Int {
    (1..<max(2, levels.count)).reduce(0) { $0 + rewindSteps($1) + 1 }
  }

  /// Goes back from a fall to a planner of the next level; `nil`, with the failure noted, if there is none.
  private mutating func retreat(
    from fall: Int, _ past: inout SimulatedPast, _ recovery: inout Recovery
  ) -> HorizonPlanner? {
    recovery.level += 1
    guard recovery.level < levels.count else {
      failure = Double(fall) * reference.step
      return nil
    }
    falls[recovery.level] += 1
    recovery.end = max(recovery.end, fall + Int(PredictiveRun.recoveryTime / reference.step))
    let (start, held) = past.goBack(rewindSteps(recovery.level), from: fall)
    return begin(recovery.level, at: start, held, past)
  }

  /// Goes on from the last simulated state with another planner's controls.
  private mutating func resume(_ level: Int, after planner: HorizonPlanner, _ past: SimulatedPast) -> HorizonPlanner {
    begin(level, at: past.last, Array(planner.controls[..<layout.count]), past)
  }

  /// The planner of a level, at a simulated step; with no controls in force where none are held.
  private mutating func begin(_ level: Int, at start: Int, _ held: [Double]?, _ past: SimulatedPast) -> HorizonPlanner {
    let planner = planner(level)
    planner.begin(at: start, from: past.state(start), controls: held ?? Array(repeating: 0, count: layout.count))
    return planner
  }

  private mutating func planner(_ level: Int) -> HorizonPlanner {
    if let made = planners[level] { return made }
    let made = HorizonPlanner(
      body: body, reference: reference, layout: layout, settings: levels[level], cancellation: cancellation)
    planners[level] = made
    return made
  }

  /// Improves a plan; how many of its steps to carry out, `nil` if they lead too far from the reference.
  private func plan(_ planner: HorizonPlanner, _ maxTrackingError: Double) -> Int? {
    planner.optimise()
    let steps = min(planner.stepsPerKnot, planner.steps)
    return planner.cost.isFinite && error(planner, steps) < maxTrackingError ? steps : nil
  }

  // MARK: Replanning

  /// A stretch far from the reference is planned again from so long before it, and after so long at most [s].
  private static let leadTime = 0.4
  private static let maxReviewTime = 1.2
  /// Another result is kept if its tracking error is at most so many times the one before.
  private static let improvement = 0.95

  private var maxReviewedSteps: Int { Int(PredictiveRun.maxReviewTime / reference.step) }

  /// Plans the stretch from a step to the present again with the levels that need no more residual, and keeps the result
  /// that is nearest to the reference.
  ///
  /// - Returns: The level that is kept; 0 if it is the present one.
  private mutating func reconsider(
    since: Int, _ past: inout SimulatedPast, _ maxTrackingError: Double
  ) throws -> Int {
    let end = past.last
    var rewound = past
    let (start, held) = rewound.goBack(end - since + Int(PredictiveRun.leadTime / reference.step), from: end)
    var kept = 0
    for level in levels.indices.dropFirst()
    where levels[level].simulation.residualBound <= settings.simulation.residualBound {
      let nearest = past.trackingError(since: start)
      guard nearest > settings.replanEndThreshold else { break }
      var trial = rewound
      let planner = begin(level, at: start, held, trial)
      // A trial whose errors add up to more than this is given up: no later frame can bring its mean down.
      var left = PredictiveRun.improvement * past.trackingErrors(since: start).reduce(0, +)
      while trial.last < end, left > 0, let steps = plan(planner, maxTrackingError) {
        try cancellation.check()
        left -= append(planner, steps, to: &trial)
        planner.advance()
      }
      guard trial.last >= end, trial.trackingError(since: start) < PredictiveRun.improvement * nearest else { continue }
      past = trial
      kept = level
    }
    return kept
  }

  // MARK: Carrying out

  /// Carries out the first steps of a plan; returns how far they lead from the reference [m].
  private mutating func commit(_ planner: HorizonPlanner, _ steps: Int, to past: inout SimulatedPast) -> Double {
    let trackingError = append(planner, steps, to: &past)
    // In pieces, so that little is moved.
    if past.last - past.first > 2 * reach { settle(&past, through: past.last - reach) }
    return trackingError
  }

  private func append(_ planner: HorizonPlanner, _ steps: Int, to past: inout SimulatedPast) -> Double {
    let trackingError = error(planner, steps)
    past.begin(controls: Array(planner.controls[..<layout.count]), trackingError: trackingError)
    for j in 0..<steps {
      past.append(
        Array(planner.plan.state(j + 1)), residual: planner.plan.residuals[j], torques: planner.torques(j))
    }
    return trackingError
  }

  /// Makes the reference ready for every level's plan from a step on, and for all that may be gone back to from there.
  private func cover(from step: Int, _ planner: HorizonPlanner) {
    let knots = levels.map(\.knots).max() ?? 0
    reference.cover(max(0, step - 2 * reach)..<step + (knots + 1) * planner.stepsPerKnot + 1)
  }

  private mutating func finish(_ past: inout SimulatedPast) {
    settle(&past, through: past.last)
    past.settle(before: past.last)
    peakTorques = zip(past.peakTorques, past.lastTorques).map { max($0, $1) }
  }

  /// The mean distance of the segments to the reference's after `j` planned steps [m].
  private func error(_ planner: HorizonPlanner, _ j: Int) -> Double {
    let n = body.bodies.count
    let state = SavedBodyState(planner.plan.state(j))
    var total = 0.0
    for i in 0..<n {
      total += (state.position(of: i) - reference.centres[(planner.start + j) * n + i]).length
    }
    return total / Double(n)
  }

  // MARK: Frames

  /// Takes the frames up to a step, which no fall goes back behind, into the result, and forgets the states before it.
  private mutating func settle(_ past: inout SimulatedPast, through step: Int) {
    while poses.count < motion.count, let (index, part) = place(ofFrame: poses.count, through: step) {
      let next = past.state(min(index + 1, past.last))
      let (pelvis, rotations) = segments(past.state(index), next, part)
      poses.append(body.pose(motion.poses[poses.count], pelvis: pelvis, rotations: rotations))
      applied.append(past.residual(max(0, index - stepsPerFrame + 1)..<index + 1))
    }
    past.settle(before: min(step, Int(Double(poses.count) * motion.frameTime / reference.step) - stepsPerFrame))
  }

  private var stepsPerFrame: Int { reference.stepsPerFrame ?? 1 }

  /// The step before a frame, and the fraction of the way to the next step; `nil` if that is not settled by `step`.
  private func place(ofFrame frame: Int, through step: Int) -> (Int, Double)? {
    let time = Double(frame) * motion.frameTime / reference.step
    let index = reference.stepsPerFrame.map { $0 * frame } ?? Int(time)
    guard index <= step else { return nil }
    return (index, reference.stepsPerFrame == nil ? time - time.rounded(.down) : 0)
  }

  private func segments(_ a: [Double], _ b: [Double], _ part: Double) -> (SIMD3<Double>, [Quaternion]) {
    let (before, after) = (SavedBodyState(a), SavedBodyState(b))
    let rotations = body.bodies.indices.map { i in
      part == 0 ? before.rotation(of: i) : before.rotation(of: i).interpolated(to: after.rotation(of: i), part)
    }
    let centre = before.position(of: 0) * (1 - part) + after.position(of: 0) * part
    return (centre - rotations[0].act(body.bodies[0].centreOfMass), rotations)
  }
}
