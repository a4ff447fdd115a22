package import Kinematics

/// How well contact forces explain a motion, with points that no surface has.
///
/// Use it to ask whether a part of a body must be borne by something: the residual with that part's points is much smaller
/// than without. The method is that of ``InverseDynamics``.
package struct RequiredContacts {
  private let required: RequiredWrench
  private let solver: WrenchSolver
  private let body: BodyModel
  private let states: [BodyState]

  /// The contacts of a body's states, `frameTime` seconds apart.
  package init(states: [BodyState], frameTime: Double, body: BodyModel) {
    self.body = body
    self.states = states
    required = RequiredWrench(states: states, frameTime: frameTime, body: body)
    solver = WrenchSolver(body: body)
  }

  /// The residual of a frame where the ground and some more points push upwards [body weights].
  package func residual(at index: Int, with more: [SIMD3<Double>]) -> Double {
    let state = states[index]
    let centre = body.centreOfMass(in: state)
    let points =
      body.pointsBelow(InverseDynamics.contactHeight, in: state)
      + more.map { ContactPoint(body: 0, point: $0, distance: 0) }
    let (residual, _) = solver.solve(required.forces(index).total(about: centre), about: centre, points: points)
    return residual.bodyWeights(of: body)
  }
}

extension BodyModel {
  /// The height of a segment's lowest point, whatever is under it [m].
  package func lowestHeight(of index: Int, in state: BodyState) -> Double {
    let extremes = bodies[index].shape.extremes
    return extremes.points.reduce(Double.infinity) { min($0, state.world(index, $1).y) } - extremes.radius
  }
}
