import Dynamics
import Foundation
import Mocap

/// One correction by planning, from a reference's first frame to its last.
///
/// Where the body strays too far, the run goes back a little and takes the next rung of a ladder until it is past the
/// place: a longer and more patient plan, then a plan with a small residual wrench, which is reported. Past it, the run
/// is on the first rung again, so that trouble costs time only where it is.
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

  private let body: BodyModel
  private let reference: StepReference
  private let layout: ControlLayout
  private let ladder: [PredictiveSettings]
  private var planners: [HorizonPlanner?]
  private var committed = Committed()

  /// What has happened so far, with what is needed to go back to any plan's beginning.
  private struct Committed {
    var states: [[Double]] = []
    var residuals: [Double] = [0]
    var torques: [[Double]] = []
    /// By plan: the controls in force at its beginning.
    var controls: [[Double]] = []
  }

  init(_ motion: Motion, body: BodyModel, settings: PredictiveSettings, largestError: Double) {
    self.body = body
    reference = StepReference(motion, body: body, settings: settings)
    layout = ControlLayout(reference, body: body)
    ladder = settings.ladder
    planners = Array(repeating: nil, count: ladder.count)
    falls = Array(repeating: 0, count: ladder.count)
    peakTorques = Array(repeating: 0, count: body.bodies.count)
    follow(largestError)
    for planner in planners {
      work.linearisations += planner?.work.linearisations ?? 0
      work.steps += planner?.work.steps ?? 0
    }
    for torques in committed.torques { peakTorques = zip(peakTorques, torques).map { max($0, $1) } }
    sample(motion)
  }

  /// How far a run goes back from a fall, and for how long after it the higher rung is kept [s].
  private static let rewind = 0.8
  private static let patience = 0.5

  private mutating func follow(_ largestError: Double) {
    var rung = 0
    var safe = 0
    var planner = planner(0)
    planner.begin(at: 0)
    committed.states = [Array(planner.plan.state(0))]
    while planner.steps > 0 {
      planner.optimise()
      let steps = min(planner.stepsPerKnot, planner.steps)
      guard planner.cost.isFinite, error(planner, steps) < largestError else {
        let fall = planner.start
        rung += 1
        guard rung < ladder.count else {
          failure = Double(fall) * reference.step
          return
        }
        falls[rung] += 1
        safe = max(safe, fall + Int(PredictiveRun.patience / reference.step))
        planner = self.planner(rung)
        goBack(Int(PredictiveRun.rewind * Double(rung) / reference.step), from: fall, planner)
        continue
      }
      commit(planner, steps)
      planner.advance()
      guard rung > 0, planner.start >= safe, planner.steps > 0 else { continue }
      rung = 0
      planner = resume(self.planner(0), at: planner.start, controls: Array(planner.controls[..<layout.count]))
    }
  }

  private mutating func planner(_ rung: Int) -> HorizonPlanner {
    if let made = planners[rung] { return made }
    let made = HorizonPlanner(body: body, reference: reference, layout: layout, settings: ladder[rung])
    planners[rung] = made
    return made
  }

  private mutating func commit(_ planner: HorizonPlanner, _ steps: Int) {
    committed.controls.append(Array(planner.controls[..<layout.count]))
    for j in 0..<steps {
      committed.states.append(Array(planner.plan.state(j + 1)))
      committed.residuals.append(planner.plan.residuals[j])
      committed.torques.append(planner.torques(j))
    }
  }

  private mutating func goBack(_ steps: Int, from fall: Int, _ planner: HorizonPlanner) {
    let interval = planner.stepsPerKnot
    let plans = max(0, min(committed.controls.count - 1, (fall - steps) / interval))
    let start = plans * interval
    let held = plans < committed.controls.count ? committed.controls[plans] : Array(repeating: 0, count: layout.count)
    committed.controls.removeLast(max(0, committed.controls.count - plans))
    committed.states.removeLast(committed.states.count - start - 1)
    committed.residuals.removeLast(committed.residuals.count - start - 1)
    committed.torques.removeLast(committed.torques.count - start)
    _ = resume(planner, at: start, controls: held)
  }

  private func resume(_ planner: HorizonPlanner, at start: Int, controls: [Double]) -> HorizonPlanner {
    planner.begin(at: start, from: committed.states[start], controls: controls)
    return planner
  }

  /// The mean distance of the segments to the reference's after `j` planned steps [m].
  private func error(_ planner: HorizonPlanner, _ j: Int) -> Double {
    let n = StepReference.segments
    let state = planner.plan.state(j)
    var total = 0.0
    for i in 0..<n {
      let p = state.startIndex + 13 * i
      let place = SIMD3(state[p], state[p + 1], state[p + 2])
      total += (place - reference.centres[(planner.start + j) * n + i]).length
    }
    return total / Double(n)
  }

  private mutating func sample(_ motion: Motion) {
    let states = committed.states
    for frame in 0..<motion.count {
      let time = Double(frame) * motion.frameTime / reference.step
      let index = reference.stepsPerFrame.map { $0 * frame } ?? Int(time)
      guard index < states.count else { return }
      let next = states[min(index + 1, states.count - 1)]
      let part = reference.stepsPerFrame == nil ? time - time.rounded(.down) : 0
      let (pelvis, rotations) = segments(states[index], next, part)
      poses.append(body.pose(motion.poses[frame], pelvis: pelvis, rotations: rotations))
      let range = max(0, index - (reference.stepsPerFrame ?? 1) + 1)..<index + 1
      applied.append(committed.residuals[range].reduce(0, +) / Double(range.count))
    }
  }

  private func segments(_ a: [Double], _ b: [Double], _ part: Double) -> (SIMD3<Double>, [Quaternion]) {
    func turn(_ s: [Double], _ i: Int) -> Quaternion {
      Quaternion(w: s[13 * i + 3], x: s[13 * i + 4], y: s[13 * i + 5], z: s[13 * i + 6])
    }
    let rotations = body.bodies.indices.map { i in
      part == 0 ? turn(a, i) : turn(a, i).interpolated(to: turn(b, i), part)
    }
    let centre = SIMD3(a[0], a[1], a[2]) * (1 - part) + SIMD3(b[0], b[1], b[2]) * part
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
    return [self] + (patience > 0 ? [patient] : []) + (lastResort > 0 ? [helped] : [])
  }
}
