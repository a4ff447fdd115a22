import Dynamics
import Foundation
import Kinematics
import Testing

/// The closed-form derivative of simulated steps against differences of simulations.
@Suite struct LinearisationTests {
  let body: BodyModel

  init() throws { body = try Figures.canonical() }

  private static let steps = 8

  private func layout() -> ControlLayout {
    ControlLayout(
      [Segment.chest, .leftThigh, .leftShank, .leftFoot, .rightForearm].flatMap { segment in
        [SIMD3<Double>.unitX, .unitY, .unitZ].map { ControlLayout.Control(body: segment.rawValue, axis: $0) }
      })
  }

  /// The joints' targets: those of `state`, with control `index` turned by `turn`.
  private func targets(_ state: BodyState, _ layout: ControlLayout, _ index: Int, _ turn: Double) -> [JointTarget] {
    var targets = body.bodies.enumerated().map { i, part in
      JointTarget(rotation: part.parent.map { state.rotations[$0].inverse * state.rotations[i] } ?? .identity)
    }
    let control = layout.controls[index]
    let own = targets[control.body].rotation
    targets[control.body].rotation = Quaternion(angle: turn, axis: control.axis) * own
    return targets
  }

  /// The pelvis's velocity and every segment's spin in a saved state.
  private func speeds(_ state: [Double]) -> [Double] {
    Array(state[7..<10]) + body.bodies.indices.flatMap { Array(state[13 * $0 + 10..<13 * $0 + 13]) }
  }

  /// Derivatives of the speeds after some steps by each control: in closed form, and by central differences.
  private func derivatives(height: Double, spin: SIMD3<Double>) async throws -> (
    closed: [[Double]], simulated: [[Double]]
  ) {
    let (body, layout) = (body, layout())
    let posed = body.state(of: Figures.standing(body, height: height))
    return try await SimulationThread.run {
      let simulation = Simulation(body: body)
      var velocities = BodyVelocities.zero(body)
      for i in velocities.angular.indices {
        velocities.angular[i] = spin
        velocities.linear[i] = spin.cross(posed.positions[i] - posed.positions[0])
      }
      simulation.place(posed, velocities: velocities)
      // Let contacts settle.
      for _ in 0..<(height == 0 ? 60 : 2) {
        targets(posed, layout, 0, 0).withUnsafeBufferPointer { simulation.track($0) }
        _ = simulation.step()
      }
      let start = simulation.save()
      func run(_ index: Int, _ turn: Double, _ visit: ([Double], [Double]) -> Void = { _, _ in }) -> [Double] {
        simulation.restore(start)
        for _ in 0..<LinearisationTests.steps {
          let before = simulation.save()
          targets(posed, layout, index, turn).withUnsafeBufferPointer { simulation.track($0) }
          _ = simulation.step()
          visit(before, simulation.save())
        }
        return speeds(simulation.save())
      }
      let linearisation = StepLinearisation(body: body, settings: simulation.settings, layout: layout)
      let n = linearisation.coordinates
      var x = [Double](repeating: 0, count: 2 * n * layout.count)
      let still = [SIMD3<Double>](repeating: .zero, count: body.bodies.count)
      _ = run(0, 0) { before, after in
        let held = targets(posed, layout, 0, 0)
        let carried = held.withUnsafeBufferPointer { held in
          linearisation.advance(
            &x, columns: layout.count, from: before, to: after, contacts: simulation.contacts,
            selfContacts: simulation.selfContacts, targets: held, offsets: still, first: Int.max, second: 0,
            weights: (0, 1))
        }
        #expect(carried)
      }
      let closed = (0..<layout.count).map { Array(x[2 * n * $0 + n..<2 * n * ($0 + 1)]) }
      let simulated = (0..<layout.count).map { index in
        zip(run(index, 1e-4), run(index, -1e-4)).map { ($0 - $1) / 2e-4 }
      }
      return (closed, simulated)
    }
  }

  private func size(_ v: [Double]) -> Double { v.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  @Test(arguments: [SIMD3<Double>.zero, SIMD3(2, 3, -4)]) func agreesInTheAir(spin: SIMD3<Double>) async throws {
    let (closed, simulated) = try await derivatives(height: 3, spin: spin)
    for (a, b) in zip(closed, simulated) {
      #expect(size(b) > 0.1)
      #expect(size(zip(a, b).map { $0 - $1 }) < 0.03 * size(b))
    }
  }

  @Test func agreesOnTheFloor() async throws {
    let (closed, simulated) = try await derivatives(height: 0, spin: .zero)
    for (a, b) in zip(closed, simulated) {
      #expect(size(b) > 0.1)
      #expect(size(zip(a, b).map { $0 - $1 }) < 0.15 * size(b))
    }
  }
}
