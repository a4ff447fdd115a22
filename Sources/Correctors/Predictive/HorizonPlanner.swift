import Dynamics
import Foundation
import Kinematics
import Linear

/// Plans the next half second of a simulated body, over and over: the controls that bring a rollout of the simulation
/// nearest to the reference, by Gauss and Newton's method with Levenberg and Marquardt's damping.
///
/// Controls turn the joints' targets; they are given at knots and linear between. A plan's rollout is the simulation
/// itself: its first interval is what happens, so that committing a plan costs nothing. The next plan starts from the
/// last one's controls and rollout, shifted by an interval.
final class HorizonPlanner {
  let body: BodyModel
  let reference: StepReference
  let settings: PredictiveSettings
  let layout: ControlLayout
  /// Steps from knot to knot.
  let stepsPerKnot: Int
  /// Steps from residual to residual.
  let stepsPerFrame: Int

  private let simulation: Simulation
  private let linearisation: StepLinearisation
  private let residuals: FrameResiduals
  private let branches: KinematicChainState
  private let targetBuffer: WorkBuffer<JointTarget>
  private let sensitivityBuffer, rowBuffer, jacobianBuffer: WorkBuffer<Double>
  private var targets: UnsafeMutableBufferPointer<JointTarget> { targetBuffer.elements }
  private var sensitivities: UnsafeMutableBufferPointer<Double> { sensitivityBuffer.elements }
  private var row: UnsafeMutableBufferPointer<Double> { rowBuffer.elements }
  private var jacobian: UnsafeMutableBufferPointer<Double> { jacobianBuffer.elements }
  /// The turns of the segments' targets in the step that ``setTargets(_:_:)`` was called for last [rad].
  private var turns: [SIMD3<Double>]
  private let cancellation: Cancellation

  /// The reference's state that the plan starts from.
  private(set) var start = 0
  /// Controls: those in force at the start, then one row a knot.
  private(set) var controls: [Double]
  private(set) var plan: PlannedTrajectory
  /// A plan and its controls while they are tried, kept so that a trial allocates nothing.
  private var trial: PlannedTrajectory
  private var trialControls: [Double]
  private(set) var cost = Double.infinity
  /// Linearisations and rolled-out steps so far.
  private(set) var work = (linearisations: 0, steps: 0)

  init(
    body: BodyModel, reference: StepReference, layout: ControlLayout, settings: PredictiveSettings,
    cancellation: Cancellation = Cancellation()
  ) {
    self.body = body
    self.reference = reference
    self.layout = layout
    var settings = settings
    settings.simulation.step = reference.step
    self.settings = settings
    self.cancellation = cancellation
    stepsPerFrame = max(1, Int((settings.residualInterval / reference.step).rounded()))
    stepsPerKnot = stepsPerFrame * max(1, Int((settings.interval / settings.residualInterval).rounded()))
    simulation = Simulation(body: body, settings: settings.simulation)
    linearisation = StepLinearisation(body: body, settings: settings.simulation, layout: layout)
    residuals = FrameResiduals(settings: settings, body: body)
    branches = KinematicChainState(body: body)
    controls = [Double](repeating: 0, count: (settings.knots + 1) * layout.count)
    plan = PlannedTrajectory(steps: settings.knots * stepsPerKnot, stateSize: simulation.savedCount)
    trial = plan
    trialControls = controls
    turns = [SIMD3<Double>](repeating: .zero, count: body.bodies.count)
    targetBuffer = WorkBuffer(repeating: JointTarget(rotation: .identity), count: body.bodies.count)
    let unknowns = settings.knots * layout.count
    sensitivityBuffer = WorkBuffer(repeating: 0, count: 2 * linearisation.coordinates * unknowns)
    rowBuffer = WorkBuffer(repeating: 0, count: residuals.count)
    jacobianBuffer = WorkBuffer(repeating: 0, count: residuals.count * unknowns)
  }

  /// Steps that the plan covers: fewer at the motion's end.
  var steps: Int { max(0, min(settings.knots * stepsPerKnot, reference.count - 1 - start)) }

  // MARK: Starting and going on

  /// Starts at a state of the reference, with the reference's position and velocities.
  func begin(at index: Int) {
    let n = body.bodies.count
    let segments = index * n..<(index + 1) * n
    let rotations = Array(reference.rotations[segments])
    let state = body.assembled(pelvis: reference.pelvises[index], rotations: rotations)
    let spins = Array(reference.spins[segments])
    let linear = (0..<n).map { i in
      reference.velocities[index * n + i] - spins[i].cross(rotations[i].act(body.bodies[i].centreOfMass))
    }
    simulation.place(state, velocities: BodyVelocities(linear: linear, angular: spins))
    begin(at: index, from: simulation.save(), controls: [Double](repeating: 0, count: layout.count))
  }

  /// Starts at a state of the reference from a saved state of the simulation and the controls in force there.
  func begin(at index: Int, from state: [Double], controls held: [Double]) {
    start = index
    for k in 0...settings.knots { controls.replaceSubrange(k * layout.count..<(k + 1) * layout.count, with: held) }
    plan.states.replaceSubrange(0..<state.count, with: state)
    cost = rollOut(&plan, controls, fromInterval: 0) ? evaluate(plan, controls) : .infinity
    guard !cost.isFinite else { return }
    for k in controls.indices.dropFirst(layout.count) { controls[k] = 0 }
    cost = rollOut(&plan, controls, fromInterval: 0) ? evaluate(plan, controls) : .infinity
  }

  /// Shifts the plan by the interval that has been carried out.
  func advance() {
    plan.shift(min(stepsPerKnot, steps))
    start += stepsPerKnot
    let d = layout.count
    for k in 0..<settings.knots * d { controls[k] = controls[k + d] }
    guard steps > 0 else { return }
    cost = rollOut(&plan, controls, fromInterval: settings.knots - 1) ? evaluate(plan, controls) : .infinity
    if !cost.isFinite {
      for k in controls.indices.dropFirst(d) { controls[k] = controls[k % d] }
      cost = rollOut(&plan, controls, fromInterval: 0) ? evaluate(plan, controls) : .infinity
    }
  }

  /// The size of every joint's torque in a planned step [N m].
  func torques(_ j: Int) -> [Double] {
    setTargets(j, controls)
    return plan.states.withUnsafeBufferPointer { states in
      guard let base = states.baseAddress else { return [] }
      let state = base + j * plan.stateSize
      return simulation.torques(UnsafeBufferPointer(targets), from: state, to: state + plan.stateSize)
    }
  }

  // MARK: Rolling out

  /// Simulates the plan from the beginning of an interval on.
  ///
  /// - Returns: `false` if the simulation blew up, or as soon as the frames so far cost more than `bound`.
  private func rollOut(
    _ plan: inout PlannedTrajectory, _ controls: [Double], fromInterval first: Int, bound: Double = .infinity
  ) -> Bool {
    let from = first * stepsPerKnot
    guard from < steps else { return true }
    var spent = 0.0
    let size = plan.stateSize
    plan.states.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { simulation.restore(from: base + from * size) }
    }
    for j in from..<steps {
      setTargets(j, controls)
      simulation.track(UnsafeBufferPointer(targets))
      if settings.simulation.residualBound > 0 { setRootTarget(start + j) }
      guard simulation.step() else { return false }
      plan.contacts[j] = simulation.contacts
      plan.selfContacts[j] = simulation.selfContacts
      plan.residuals[j] = simulation.residual.bodyWeights(of: body)
      plan.states.withUnsafeMutableBufferPointer { buffer in
        if let base = buffer.baseAddress { simulation.save(into: base + (j + 1) * size) }
      }
      work.steps += 1
      guard bound.isFinite, (j + 1) % stepsPerFrame == 0 else { continue }
      spent += frameCost((j + 1) / stepsPerFrame - 1, plan)
      if spent > bound { return false }
    }
    return true
  }

  /// Sets the joints' targets of a step, which are the reference's turned by the controls, and the turns.
  private func setTargets(_ j: Int, _ controls: [Double]) {
    let n = body.bodies.count
    let (interval, weight) = interval(of: j)
    for i in 0..<n { turns[i] = .zero }
    let (a, b) = (interval * layout.count, (interval + 1) * layout.count)
    for (c, control) in layout.controls.enumerated() {
      let angle: Double = controls[a + c] * (1 - weight) + controls[b + c] * weight
      turns[control.body] += control.axis * angle
    }
    for i in 1..<n {
      var target = reference.targets[(start + j) * n + i]
      target.rotation = Quaternion(rotationVector: turns[i]) * target.rotation
      targets[i] = target
    }
  }

  private func setRootTarget(_ k: Int) {
    let n = body.bodies.count
    let arm = reference.rotations[k * n].act(body.bodies[0].centreOfMass)
    simulation.trackRoot(
      at: reference.pelvises[k], rotation: reference.rotations[k * n],
      velocity: reference.velocities[k * n] - reference.spins[k * n].cross(arm), angularVelocity: reference.spins[k * n]
    )
  }

  /// The interval of a step, and the weight of the knot at its end.
  private func interval(of j: Int) -> (Int, Double) {
    (j / stepsPerKnot, Double(j % stepsPerKnot + 1) / Double(stepsPerKnot))
  }

  // MARK: Cost

  private var frames: Int { steps / stepsPerFrame }

  private func frameWeight(_ f: Int) -> Double {
    let most = Double(settings.knots * stepsPerKnot / stepsPerFrame)
    return (f == frames - 1 ? settings.terminalWeight : 1) / most.squareRoot()
  }

  private func frameCost(_ f: Int, _ plan: PlannedTrajectory) -> Double {
    let j = (f + 1) * stepsPerFrame
    return plan.states.withUnsafeBufferPointer { states in
      guard let states = states.baseAddress, let row = row.baseAddress else { return .infinity }
      residuals.evaluate(states + j * plan.stateSize, reference, start + j, weight: frameWeight(f), into: row)
      return self.row.reduce(0) { $0 + $1 * $1 }
    }
  }

  private func evaluate(_ plan: PlannedTrajectory, _ controls: [Double]) -> Double {
    var total = 0.0
    for f in 0..<frames { total += frameCost(f, plan) }
    let weight = settings.effortWeight * settings.effortWeight / Double(settings.knots)
    for x in controls.dropFirst(layout.count) { total += weight * x * x }
    return total
  }

  // MARK: Optimising

  /// Improves the plan until it is good enough, no step improves it, or the iterations are used up; stops early if the work
  /// is cancelled.
  func optimise() {
    for _ in 0..<settings.iterations {
      guard !cancellation.isCancelled, cost.isFinite, cost > settings.costTolerance, let equations = linearise() else {
        return
      }
      let before = cost
      guard improve(equations), cost < (1 - settings.minRelativeDecrease) * before else { return }
    }
  }

  /// Takes the first of some damped and shortened steps that lowers the cost.
  private func improve(_ equations: NormalEquations) -> Bool {
    trial.copyStart(of: plan)
    for damping in [settings.damping, 10 * settings.damping, 100 * settings.damping] {
      guard !cancellation.isCancelled else { return false }
      guard let step = equations.step(damping: damping) else { continue }
      for length in [1.0, 0.4] {
        for k in controls.indices { trialControls[k] = controls[k] }
        for (k, d) in step.enumerated() {
          let value = trialControls[layout.count + k] + length * d
          trialControls[layout.count + k] = min(max(value, -settings.maxControl), settings.maxControl)
        }
        guard rollOut(&trial, trialControls, fromInterval: 0, bound: cost) else { continue }
        let reached = evaluate(trial, trialControls)
        guard reached < cost else { continue }
        cost = reached
        swap(&controls, &trialControls)
        swap(&plan, &trial)
        return true
      }
    }
    return false
  }

  /// The normal equations of the residuals, linearised about the plan.
  private func linearise() -> NormalEquations? {
    guard let x = sensitivities.baseAddress, let rows = jacobian.baseAddress else { return nil }
    work.linearisations += 1
    let intervals = (steps + stepsPerKnot - 1) / stepsPerKnot
    let d = layout.count
    var equations = NormalEquations(size: intervals * d)
    sensitivities.update(repeating: 0)
    for j in 0..<steps {
      let (interval, weight) = interval(of: j)
      let columns = (interval + 1) * d
      setTargets(j, controls)
      let advanced = plan.states.withUnsafeBufferPointer { states in
        guard let base = states.baseAddress else { return false }
        return linearisation.advance(
          sensitivities, columns: columns, from: base + j * plan.stateSize, to: base + (j + 1) * plan.stateSize,
          contacts: plan.contacts[j], selfContacts: plan.selfContacts[j], targets: UnsafeBufferPointer(targets),
          offsets: turns,
          first: interval == 0 ? Int.max : (interval - 1) * d, second: interval * d, weights: (1 - weight, weight))
      }
      guard advanced else { return nil }
      guard (j + 1) % stepsPerFrame == 0 else { continue }
      let f = (j + 1) / stepsPerFrame - 1
      plan.states.withUnsafeBufferPointer { states in
        guard let base = states.baseAddress else { return }
        let state = base + (j + 1) * plan.stateSize
        branches.load(state)
        if let row = row.baseAddress {
          residuals.evaluate(state, reference, start + j + 1, weight: frameWeight(f), into: row)
        }
      }
      residuals.differentiate(
        branches, reference, start + j + 1, x, columns: columns, coordinates: linearisation.coordinates,
        weight: frameWeight(f), into: rows)
      equations.add(
        UnsafeBufferPointer(jacobian), rows: residuals.count, columns: columns, residuals: UnsafeBufferPointer(row))
    }
    let weight = settings.effortWeight / Double(settings.knots).squareRoot()
    for k in 0..<equations.size { equations.add(diagonal: weight, at: k, value: weight * controls[d + k]) }
    return equations
  }
}
