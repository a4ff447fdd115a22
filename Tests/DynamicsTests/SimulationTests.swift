import Dynamics
import Foundation
import Kinematics
import Testing

@Suite struct SimulationTests {
  let body: BodyModel

  init() throws { body = try Figures.canonical() }

  private func target(_ state: BodyState) -> TrackingTarget {
    TrackingTarget(
      rotations: state.rotations, angularVelocities: Array(repeating: .zero, count: 13), pelvis: state.positions[0],
      pelvisVelocity: .zero)
  }

  /// Simulates `steps` steps that hold the standing pose. Returns the saved state of every step, then its residual.
  private func hold(_ steps: Int, height: Double = 0, bound: Double = 0) async throws -> [[Double]] {
    let body = body
    let start = body.state(of: Figures.standing(body, height: height))
    let target = target(start)
    return try await SimulationThread.run {
      var settings = SimulationSettings()
      settings.residualBound = bound
      let simulation = Simulation(body: body, settings: settings)
      simulation.place(start, velocities: .zero(body))
      return (0..<steps).map { _ in
        simulation.track(target)
        _ = simulation.step()
        return simulation.save() + [simulation.residual.bodyWeights(of: body)]
      }
    }
  }

  @Test("A body stands for a second without a residual wrench") func standsForASecondWithoutAnyResidual() async throws {
    let states = try await hold(120)
    let last = try #require(states.last)
    #expect(abs(last[1] - states[0][1]) < 0.03)
    #expect(last[last.count - 1] == 0)
  }

  /// The largest depth of an arm that a strong motor pulls against the trunk [m].
  private func deepest(margin: Double) async throws -> Double {
    let body = body
    let start = body.state(of: Figures.standing(body, height: 0))
    var target = target(start)
    for segment in [Segment.leftUpperArm, .leftForearm] {
      target.rotations[segment.rawValue] = Quaternion(angle: -2.2, axis: .unitZ) * start.rotations[segment.rawValue]
    }
    return try await SimulationThread.run { [target] in
      var settings = SimulationSettings()
      settings.selfOverlap = 0.002
      settings.selfContactMargin = margin
      let simulation = Simulation(body: body, settings: settings)
      simulation.place(start, velocities: .zero(body))
      var deepest = 0.0
      for _ in 0..<60 {
        simulation.track(target)
        guard simulation.step() else { return .infinity }
        deepest = max(deepest, body.selfPenetration(in: simulation.state))
      }
      return deepest
    }
  }

  @Test("A contact margin stops parts of the body before they are deep")
  func aContactMarginStopsPartsBeforeTheyAreDeep() async throws {
    let (without, with) = (try await deepest(margin: 0), try await deepest(margin: 0.08))
    #expect(without > 0.007)
    #expect(with < 0.5 * without)
  }

  @Test("A body falls at the rate of gravity") func fallsAtTheRateOfGravity() async throws {
    let states = try await hold(60, height: 5)
    // Semi-implicit Euler: after n steps, h^2 n (n + 1) / 2 of gravity.
    let fallen = states[0][1] - states[59][1]
    let expected = BodyModel.gravity / (120 * 120) * (60.0 * 61 / 2 - 1)
    #expect(abs(fallen - expected) < 1e-6)
  }

  @Test("The residual wrench keeps to its bound") func theResidualCarriesAtMostItsBound() async throws {
    let strong = try await hold(120, height: 0.3, bound: 2)
    let lastStrong = try #require(strong.last)
    #expect(abs(lastStrong[1] - strong[0][1]) < 0.1)
    #expect(abs(lastStrong[lastStrong.count - 1] - 1) < 0.05)
    let weak = try await hold(120, height: 0.3, bound: 0.2)
    #expect(weak.allSatisfy { $0[$0.count - 1] < 0.2 * 2.0.squareRoot() + 1e-6 })
    #expect(strong[0][1] - weak[119][1] > 0.1)
  }

  @Test("Two runs are bit-identical") func twoRunsAreBitIdentical() async throws {
    async let a = hold(100, bound: 0.5)
    async let b = hold(100, bound: 0.5)
    let (first, second) = try await (a, b)
    #expect(first == second)
  }

  @Test("A restored state continues as before") func aRestoredStateGoesOnAsBefore() async throws {
    let body = body
    let start = body.state(of: Figures.standing(body, height: 0.02))
    let target = target(start)
    let (first, second) = try await SimulationThread.run {
      let simulation = Simulation(body: body)
      simulation.place(start, velocities: .zero(body))
      let advance = {
        for _ in 0..<30 {
          simulation.track(target)
          _ = simulation.step()
        }
      }
      advance()
      let saved = simulation.save()
      advance()
      let first = simulation.save()
      simulation.restore(saved)
      advance()
      return (first, simulation.save())
    }
    #expect(zip(first, second).allSatisfy { $0 == $1 })
  }

  @Test("The contacts of a standing body are its feet's") func contactsAreTheFeets() async throws {
    let body = body
    let start = body.state(of: Figures.standing(body))
    let target = target(start)
    let touching = try await SimulationThread.run {
      let simulation = Simulation(body: body)
      simulation.place(start, velocities: .zero(body))
      for _ in 0..<20 {
        simulation.track(target)
        _ = simulation.step()
      }
      return Set(simulation.contacts.map(\.body))
    }
    #expect(touching == [Segment.leftFoot.rawValue, Segment.rightFoot.rawValue])
  }

  @Test("A state that is not finite is not stepped", arguments: [Double.nan, .infinity, 1e9])
  func neverStepsABrokenState(number: Double) async throws {
    let body = body
    let start = body.state(of: Figures.standing(body))
    let stepped = try await SimulationThread.run {
      let simulation = Simulation(body: body)
      var velocities = BodyVelocities.zero(body)
      velocities.linear[3].x = number
      simulation.place(start, velocities: velocities)
      let stepped = simulation.step()
      simulation.place(start, velocities: .zero(body))
      return (stepped, simulation.step())
    }
    #expect(stepped == (false, true))
  }

  @Test("A rotation that ODE cannot normalise is not stepped", arguments: [Double.nan, .infinity, 0, 1e200])
  func neverStepsAnImpossibleRotation(number: Double) async throws {
    let body = body
    let start = body.state(of: Figures.standing(body))
    let stepped = try await SimulationThread.run {
      let simulation = Simulation(body: body)
      var state = start
      state.rotations[5] = Quaternion(w: number, x: 0, y: 0, z: 0)
      simulation.place(state, velocities: .zero(body))
      let saved = simulation.save()
      let stepped = simulation.step()
      simulation.restore(saved)
      let restored = simulation.step()
      simulation.place(start, velocities: .zero(body))
      return [stepped, restored, simulation.step()]
    }
    #expect(stepped == [false, false, true])
  }

  @Test("A target that is not finite breaks the simulation", arguments: [Double.nan, .infinity, 1e300], [0, 2])
  func aTargetThatIsNotFiniteBreaksTheSimulation(number: Double, bound: Double) async throws {
    let body = body
    let start = body.state(of: Figures.standing(body))
    var target = target(start)
    if bound > 0 { target.pelvis.x = number } else { target.angularVelocities[3].y = number }
    let stepped = try await SimulationThread.run { [target] in
      var settings = SimulationSettings()
      settings.residualBound = bound
      let simulation = Simulation(body: body, settings: settings)
      simulation.place(start, velocities: .zero(body))
      simulation.track(target)
      return simulation.step()
    }
    #expect(!stepped)
  }

  @Test("A saved state has one layout for arrays, slices and pointers")
  func aSavedStateHasOneLayout() async throws {
    let body = body
    let start = body.state(of: Figures.random(body.skeleton, seed: 3))
    let (numbers, state) = try await SimulationThread.run {
      let simulation = Simulation(body: body)
      var velocities = BodyVelocities.zero(body)
      velocities.angular[4] = SIMD3(1, 2, 3)
      velocities.linear[0] = SIMD3(4, 5, 6)
      simulation.place(start, velocities: velocities)
      return (simulation.save(), simulation.state)
    }
    let saved = SavedBodyState(numbers)
    let slice = SavedBodyState(([0, 0] + numbers)[2...])
    for (i, part) in body.bodies.enumerated() {
      #expect(saved.rotation(of: i) == state.rotations[i])
      #expect((saved.position(of: i) - state.world(i, part.centreOfMass)).length < 1e-12)
      #expect(slice.velocity(of: i) == saved.velocity(of: i))
      numbers.withUnsafeBufferPointer { buffer in
        guard let pointer = buffer.baseAddress else { return }
        let view = SavedBodyState(pointer, segments: body.bodies.count)
        #expect(view.position(of: i) == saved.position(of: i))
      }
    }
    #expect(saved.angularVelocity(of: 4) == SIMD3(1, 2, 3))
    #expect((saved.velocity(of: 0) - SIMD3(4, 5, 6)).length < 1e-12)
  }

  @Test("Cancelling a task stops its simulation", .timeLimit(.minutes(10)))
  func cancellingATaskStopsItsSimulation() async throws {
    let body = body
    let start = body.state(of: Figures.standing(body))
    let target = target(start)
    let task = Task {
      try await SimulationThread.run {
        let simulation = Simulation(body: body)
        simulation.place(start, velocities: .zero(body))
        while true {
          try SimulationThread.checkCancellation()
          simulation.track(target)
          guard simulation.step() else { return }
        }
      }
    }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("A task that is cancelled before its simulation begins does not begin it", .timeLimit(.minutes(10)))
  func aCancelledTaskDoesNotBegin() async throws {
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await SimulationThread.run { true }
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
  }
}
