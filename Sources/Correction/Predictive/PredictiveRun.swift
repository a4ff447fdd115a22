import Dynamics
import Foundation
import Mocap

/// One correction by planning, from a reference's first frame to its last.
struct PredictiveRun {
  /// A pose a frame; fewer than the reference has if the run failed.
  private(set) var poses: [Pose] = []
  /// The mean residual wrench over each frame's steps [body weights].
  private(set) var applied: [Double] = []
  /// Where the run gave up [s]; `nil` if it did not.
  private(set) var failure: Double?
  private(set) var work = (linearisations: 0, steps: 0)
  var trace = ""

  init(_ motion: Motion, body: BodyModel, settings: PredictiveSettings, largestError: Double) {
    let reference = StepReference(motion, body: body, settings: settings)
    let layout = ControlLayout(reference, body: body)
    let planner = HorizonPlanner(body: body, reference: reference, layout: layout, settings: settings)
    planner.begin(at: 0)
    var states: [[Double]] = [Array(planner.plan.state(0))]
    var residual: [Double] = [0]
    while planner.steps > 0 {
      planner.optimise()
      let steps = min(planner.stepsPerKnot, planner.steps)
      let error = planner.cost.isFinite ? PredictiveRun.error(planner, steps) : .infinity
      if error > largestError {
        failure = Double(planner.start) * reference.step
        break
      }
      for j in 1...steps {
        states.append(Array(planner.plan.state(j)))
        residual.append(planner.plan.residuals[j - 1])
      }
      planner.advance()
    }
    work = planner.work
    sample(motion, body, reference, states, residual)
  }

  /// The mean distance of the segments to the reference's after `j` planned steps [m].
  private static func error(_ planner: HorizonPlanner, _ j: Int) -> Double {
    let n = StepReference.segments
    let state = planner.plan.state(j)
    var total = 0.0
    for i in 0..<n {
      let p = state.startIndex + 13 * i
      let place = SIMD3(state[p], state[p + 1], state[p + 2])
      total += (place - planner.reference.centres[(planner.start + j) * n + i]).length
    }
    return total / Double(n)
  }

  private mutating func sample(
    _ motion: Motion, _ body: BodyModel, _ reference: StepReference, _ states: [[Double]], _ residual: [Double]
  ) {
    for frame in 0..<motion.count {
      let time = Double(frame) * motion.frameTime / reference.step
      let index = reference.stepsPerFrame.map { $0 * frame } ?? Int(time)
      guard index < states.count else { return }
      let next = states[min(index + 1, states.count - 1)]
      let part = reference.stepsPerFrame == nil ? time - time.rounded(.down) : 0
      let (pelvis, rotations) = PredictiveRun.segments(states[index], next, part, body)
      poses.append(body.pose(motion.poses[frame], pelvis: pelvis, rotations: rotations))
      let steps = reference.stepsPerFrame ?? 1
      let range = max(0, index - steps + 1)..<index + 1
      applied.append(residual[range].reduce(0, +) / Double(range.count))
    }
  }

  private static func segments(_ a: [Double], _ b: [Double], _ part: Double, _ body: BodyModel)
    -> (SIMD3<Double>, [Quaternion])
  {
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
