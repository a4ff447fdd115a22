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

  /// The joints' targets: those of `state`, with control `index` rotated by `angle`.
  private func targets(_ state: BodyState, _ layout: ControlLayout, _ index: Int, _ angle: Double) -> [JointTarget] {
    var targets = body.bodies.enumerated().map { i, part in
      JointTarget(rotation: part.parent.map { state.rotations[$0].inverse * state.rotations[i] } ?? .identity)
    }
    let control = layout.controls[index]
    let unrotated = targets[control.body].rotation
    targets[control.body].rotation = Quaternion(angle: angle, axis: control.axis) * unrotated
    return targets
  }

  /// The pelvis's velocity and every segment's angular velocity in a saved state.
  private func speeds(_ state: [Double]) -> [Double] {
    let saved = SavedBodyState(state)
    let vectors = [saved.velocity(of: 0)] + body.bodies.indices.map { saved.angularVelocity(of: $0) }
    return vectors.flatMap { [$0.x, $0.y, $0.z] }
  }

  /// Derivatives of the speeds after some steps by each control: in closed form, and by central differences.
  private func derivatives(height: Double, angularVelocity: SIMD3<Double>) async throws -> (
    closed: [[Double]], simulated: [[Double]]
  ) {
    let (body, layout) = (body, layout())
    let posed = body.state(of: Figures.standing(body, height: height))
    return try await SimulationThread.run {
      let simulation = Simulation(body: body)
      var velocities = BodyVelocities.zero(body)
      for i in velocities.angular.indices {
        velocities.angular[i] = angularVelocity
        velocities.linear[i] = angularVelocity.cross(posed.positions[i] - posed.positions[0])
      }
      simulation.place(posed, velocities: velocities)
      // Let contacts settle.
      for _ in 0..<(height == 0 ? 60 : 2) {
        targets(posed, layout, 0, 0).withUnsafeBufferPointer { simulation.track($0) }
        _ = simulation.step()
      }
      let start = simulation.save()
      func run(_ index: Int, _ angle: Double, _ visit: ([Double], [Double]) -> Void = { _, _ in }) -> [Double] {
        simulation.restore(start)
        for _ in 0..<LinearisationTests.steps {
          let before = simulation.save()
          targets(posed, layout, index, angle).withUnsafeBufferPointer { simulation.track($0) }
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
        let isLinearised = held.withUnsafeBufferPointer { held in
          x.withUnsafeMutableBufferPointer { x in
            linearisation.advance(
              x, columns: layout.count, from: before, to: after, contacts: simulation.contacts,
              selfContacts: simulation.selfContacts, targets: held, offsets: still, first: Int.max, second: 0,
              weights: (0, 1))
          }
        }
        #expect(isLinearised)
      }
      let closed = (0..<layout.count).map { Array(x[2 * n * $0 + n..<2 * n * ($0 + 1)]) }
      let simulated = (0..<layout.count).map { index in
        zip(run(index, 1e-4), run(index, -1e-4)).map { ($0 - $1) / 2e-4 }
      }
      return (closed, simulated)
    }
  }

  private func size(_ v: [Double]) -> Double { v.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  @Test(
    "The derivative agrees with simulated differences in the air", arguments: [SIMD3<Double>.zero, SIMD3(2, 3, -4)])
  func agreesInTheAir(angularVelocity: SIMD3<Double>) async throws {
    let (closed, simulated) = try await derivatives(height: 3, angularVelocity: angularVelocity)
    for (a, b) in zip(closed, simulated) {
      #expect(size(b) > 0.1)
      #expect(size(zip(a, b).map { $0 - $1 }) < 0.03 * size(b))
    }
  }

  @Test("The derivative agrees with simulated differences on the floor") func agreesOnTheFloor() async throws {
    let (closed, simulated) = try await derivatives(height: 0, angularVelocity: .zero)
    for (a, b) in zip(closed, simulated) {
      #expect(size(b) > 0.1)
      #expect(size(zip(a, b).map { $0 - $1 }) < 0.15 * size(b))
    }
  }
}
