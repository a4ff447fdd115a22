import Dynamics
import Foundation
import Kinematics
import Testing

@Suite struct SimulationTests {
  let body: BodyModel

  init() throws { body = try Figures.canonical() }

  private func target(_ state: BodyState) -> TrackingTarget {
    TrackingTarget(
      rotations: state.rotations, spins: Array(repeating: .zero, count: 13), pelvis: state.positions[0],
      pelvisVelocity: .zero)
  }

  /// Simulates `steps` steps that hold the standing pose, and gives the state of every step as saved numbers.
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

  @Test func standsForASecondWithoutAnyResidual() async throws {
    let states = try await hold(120)
    let last = try #require(states.last)
    #expect(abs(last[1] - states[0][1]) < 0.03)
    #expect(last[last.count - 1] == 0)
  }

  /// An arm that is pulled against the trunk by a strong motor; how deep it gets at most [m].
  private func deepest(foresight: Double) async throws -> Double {
    let body = body
    let start = body.state(of: Figures.standing(body, height: 0))
    var target = target(start)
    for segment in [Segment.leftUpperArm, .leftForearm] {
      target.rotations[segment.rawValue] = Quaternion(angle: -2.2, axis: .unitZ) * start.rotations[segment.rawValue]
    }
    return try await SimulationThread.run { [target] in
      var settings = SimulationSettings()
      settings.selfOverlap = 0.002
      settings.selfForesight = foresight
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

  @Test func whatIsSeenComingIsStoppedBeforeItIsDeep() async throws {
    let (blind, seeing) = (try await deepest(foresight: 0), try await deepest(foresight: 0.08))
    #expect(blind > 0.007)
    #expect(seeing < 0.5 * blind)
  }

  @Test func fallsAtTheRateOfGravity() async throws {
    let states = try await hold(60, height: 5)
    // Semi-implicit Euler: after n steps, h^2 n (n + 1) / 2 of gravity.
    let fallen = states[0][1] - states[59][1]
    let expected = BodyModel.gravity / (120 * 120) * (60.0 * 61 / 2 - 1)
    #expect(abs(fallen - expected) < 1e-6)
  }

  @Test func theResidualCarriesAtMostItsBound() async throws {
    let strong = try await hold(120, height: 0.3, bound: 2)
    let lastStrong = try #require(strong.last)
    #expect(abs(lastStrong[1] - strong[0][1]) < 0.1)
    #expect(abs(lastStrong[lastStrong.count - 1] - 1) < 0.05)
    let weak = try await hold(120, height: 0.3, bound: 0.2)
    #expect(weak.allSatisfy { $0[$0.count - 1] < 0.2 * 2.0.squareRoot() + 1e-6 })
    #expect(strong[0][1] - weak[119][1] > 0.1)
  }

  @Test func twoRunsAreBitIdentical() async throws {
    async let a = hold(100, bound: 0.5)
    async let b = hold(100, bound: 0.5)
    let (first, second) = try await (a, b)
    #expect(first == second)
  }

  @Test func aRestoredStateGoesOnAsBefore() async throws {
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

  @Test func contactsAreTheFeets() async throws {
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

  @Test(arguments: [Double.nan, .infinity, 1e9]) func neverStepsABrokenState(number: Double) async throws {
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
}
