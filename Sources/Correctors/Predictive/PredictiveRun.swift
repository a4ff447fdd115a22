public import Dynamics
import Foundation
public import Kinematics

/// One correction by planning, from a reference's first frame to its last.
///
/// Where the body strays too far, the run goes back a little and takes the next rung of a ladder until it is past the
/// place: a longer and more patient plan, other ways to plan, then a plan with a small residual wrench, which is reported. Past it, the run
/// is on the first rung again, so that trouble costs time only where it is. A stretch that was got through, but far from
/// the reference, is planned anew in other ways, and the nearest is kept.
struct PredictiveRun {
  /// A pose a frame; fewer than the reference has if the run failed.
  private(set) var poses: [Pose] = []
  /// The mean residual wrench over each frame's steps [body weights].
  private(set) var applied: [Double] = []
  /// Where the run gave up [s]; `nil` if it did not.
  private(set) var failure: Double?
  /// Each segment's largest joint torque [N m].
  private(set) var peakTorques: [Double]
  /// How often each rung was taken up.
  private(set) var falls: [Int]
  private(set) var work = (linearisations: 0, steps: 0)

  private let motion: Motion
  private let body: BodyModel
  private let reference: StepReference
  private let layout: ControlLayout
  private let settings: PredictiveSettings
  private let ladder: [PredictiveSettings]
  private var planners: [HorizonPlanner?]

  init(_ motion: Motion, body: BodyModel, settings: PredictiveSettings, largestError: Double) {
    self.motion = motion
    self.body = body
    reference = StepReference(motion, body: body, settings: settings)
    layout = ControlLayout(reference, body: body)
    self.settings = settings
    ladder = settings.ladder
    planners = Array(repeating: nil, count: ladder.count)
    falls = Array(repeating: 0, count: ladder.count)
    peakTorques = Array(repeating: 0, count: body.bodies.count)
    follow(largestError)
    for planner in planners {
      work.linearisations += planner?.work.linearisations ?? 0
      work.steps += planner?.work.steps ?? 0
    }
  }

  /// How far a run goes back from a fall, twice as far from the second on, and for how long after it the higher rung is
  /// kept [s].
  private static let rewind = 0.8
  private static let patience = 0.5

  private func rewind(_ rung: Int) -> Int {
    Int(PredictiveRun.rewind * Double(min(rung, 2)) / reference.step)
  }

  /// Steps that all falls in a row may go back, one for each rung above the first.
  private var reach: Int {
    (1..<max(2, ladder.count)).reduce(0) { $0 + rewind($1) + 1 }
  }

  private mutating func follow(_ largestError: Double) {
    var rung = 0
    var safe = 0
    var doubted: Int?
    var settled = -1
    var planner = planner(0)
    cover(from: 0, planner)
    planner.begin(at: 0)
    var past = SimulatedPast(
      from: Array(planner.plan.state(0)), segments: body.bodies.count, interval: planner.stepsPerKnot)
    defer { finish(&past) }
    while planner.steps > 0 {
      guard let steps = plan(planner, largestError) else {
        let fall = planner.start
        rung += 1
        guard rung < ladder.count else {
          failure = Double(fall) * reference.step
          return
        }
        falls[rung] += 1
        doubted = nil
        safe = max(safe, fall + Int(PredictiveRun.patience / reference.step))
        let (start, held) = past.goBack(rewind(rung), from: fall)
        planner = begin(rung, at: start, held, past)
        continue
      }
      let straying = commit(planner, steps, to: &past)
      cover(from: planner.start + steps, planner)
      planner.advance()
      if rung > 0 {
        guard planner.start >= safe, planner.steps > 0 else { continue }
        rung = 0
        planner = resume(0, after: planner, past)
      } else if let since = doubted {
        guard straying < 0.6 * settings.doubt || past.last - since > longestDoubt || planner.steps == 0 else {
          continue
        }
        doubted = nil
        settled = past.last
        let way = reconsider(since: since, &past, largestError)
        if way > 0, planner.steps > 0 { planner = resume(0, after: self.planner(way), past) }
      } else if straying > settings.doubt, settings.doubt > 0, planner.start > settled {
        doubted = planner.start
      }
    }
  }

  /// Goes on from the end of what was carried out with another planner's controls.
  private mutating func resume(_ way: Int, after planner: HorizonPlanner, _ past: SimulatedPast) -> HorizonPlanner {
    begin(way, at: past.last, Array(planner.controls[..<layout.count]), past)
  }

  /// The planner of a way, at a step of what was carried out; with no controls in force where none are held.
  private mutating func begin(_ way: Int, at start: Int, _ held: [Double]?, _ past: SimulatedPast) -> HorizonPlanner {
    let planner = planner(way)
    planner.begin(at: start, from: past.state(start), controls: held ?? Array(repeating: 0, count: layout.count))
    return planner
  }

  /// Improves a plan; how many of its steps to carry out, `nil` if they lead too far from the reference.
  private func plan(_ planner: HorizonPlanner, _ largestError: Double) -> Int? {
    planner.optimise()
    let steps = min(planner.stepsPerKnot, planner.steps)
    return planner.cost.isFinite && error(planner, steps) < largestError ? steps : nil
  }

  // MARK: Second thoughts

  /// A stretch far from the reference is planned anew from so long before it, and after so long at most [s].
  private static let lead = 0.4
  private static let longest = 1.2
  /// Another way is kept if it strays at most so many times as far as the one before.
  private static let improvement = 0.95

  private var longestDoubt: Int { Int(PredictiveRun.longest / reference.step) }

  /// Plans the stretch from a step to the present in other ways, and keeps the one that is nearest to the reference.
  ///
  /// - Returns: The way that is kept; 0 if it is what was carried out.
  private mutating func reconsider(since: Int, _ past: inout SimulatedPast, _ largestError: Double) -> Int {
    let end = past.last
    var rewound = past
    let (start, held) = rewound.goBack(end - since + Int(PredictiveRun.lead / reference.step), from: end)
    var kept = 0
    for way in ladder.indices.dropFirst()
    where ladder[way].simulation.residualBound <= settings.simulation.residualBound {
      let nearest = past.straying(since: start)
      guard nearest > 0.6 * settings.doubt else { break }
      var trial = rewound
      let planner = begin(way, at: start, held, trial)
      // A trial that has strayed so far in sum is given up: what is still to come cannot take any of it back.
      var left = PredictiveRun.improvement * past.strayings(since: start).reduce(0, +)
      while trial.last < end, left > 0, let steps = plan(planner, largestError) {
        left -= append(planner, steps, to: &trial)
        planner.advance()
      }
      guard trial.last >= end, trial.straying(since: start) < PredictiveRun.improvement * nearest else { continue }
      past = trial
      kept = way
    }
    return kept
  }

  private mutating func planner(_ rung: Int) -> HorizonPlanner {
    if let made = planners[rung] { return made }
    let made = HorizonPlanner(body: body, reference: reference, layout: layout, settings: ladder[rung])
    planners[rung] = made
    return made
  }

  /// Carries out the first steps of a plan; returns how far they lead from the reference [m].
  private mutating func commit(_ planner: HorizonPlanner, _ steps: Int, to past: inout SimulatedPast) -> Double {
    let straying = append(planner, steps, to: &past)
    // In pieces, so that little is moved.
    if past.last - past.first > 2 * reach { settle(&past, through: past.last - reach) }
    return straying
  }

  @discardableResult
  private func append(_ planner: HorizonPlanner, _ steps: Int, to past: inout SimulatedPast) -> Double {
    let straying = error(planner, steps)
    past.begin(controls: Array(planner.controls[..<layout.count]), straying: straying)
    for j in 0..<steps {
      past.append(
        Array(planner.plan.state(j + 1)), residual: planner.plan.residuals[j], torques: planner.torques(j))
    }
    return straying
  }

  /// Makes the reference ready for every rung's plan from a step on, and for all that may be gone back to from there.
  private func cover(from step: Int, _ planner: HorizonPlanner) {
    let most = ladder.map(\.knots).max() ?? 0
    reference.cover(max(0, step - 2 * reach)..<step + (most + 1) * planner.stepsPerKnot + 1)
  }

  private mutating func finish(_ past: inout SimulatedPast) {
    settle(&past, through: past.last)
    past.settle(before: past.last)
    peakTorques = zip(past.peakTorques, past.lastTorques).map { max($0, $1) }
  }

  /// The mean distance of the segments to the reference's after `j` planned steps [m].
  private func error(_ planner: HorizonPlanner, _ j: Int) -> Double {
    let n = StepReference.segments
    let state = SavedBodyState(planner.plan.state(j))
    var total = 0.0
    for i in 0..<n {
      total += (state.position(of: i) - reference.centres[(planner.start + j) * n + i]).length
    }
    return total / Double(n)
  }

  // MARK: Frames

  /// Takes the frames up to a step, to which no fall goes back, into the result, and forgets what they came from.
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

  /// The step before a frame, and how far on to the next it is; `nil` if that is not settled by `step`.
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

extension PredictiveSettings {
  /// These settings, then what is tried where they fail.
  var ladder: [PredictiveSettings] {
    var patient = self
    patient.knots += patience
    patient.iterations *= 2
    patient.leastGain /= 4
    patient.goodCost = 0
    patient.effort /= 2
    var helped = self
    helped.simulation.residualBound = max(simulation.residualBound, lastResort)
    return [self] + (patience > 0 ? [patient] : []) + secondThoughts + (lastResort > 0 ? [helped] : [])
  }

  /// Other ways through a stretch that went far from the reference: which is the nearest is no matter of principle, for
  /// the landscape of contacts is rugged.
  var secondThoughts: [PredictiveSettings] {
    guard doubt > 0 else { return [] }
    var loose = self
    loose.knots += 2
    loose.effort /= 2
    loose.velocity *= 0.6
    loose.goodCost = 0
    var firm = self
    firm.knots += 1
    firm.place *= 1.4
    firm.centreVelocity /= 2
    firm.iterations *= 2
    firm.goodCost = 0
    return [loose, firm]
  }
}
