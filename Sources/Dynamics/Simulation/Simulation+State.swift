internal import COpenDynamics
import Kinematics

extension Simulation {
  /// Puts every segment where `state` has it, with these velocities, and repairs a broken simulation.
  ///
  /// Numbers that are not finite are not an error here: the next ``step()`` returns `false`.
  ///
  /// - Precondition: One position, rotation and velocity for each segment.
  public func place(_ state: BodyState, velocities: BodyVelocities) {
    precondition(
      state.positions.count == bodies.count && state.rotations.count == bodies.count
        && velocities.linear.count == bodies.count && velocities.angular.count == bodies.count,
      "a state has one entry for each of \(bodies.count) segments")
    for (index, part) in body.bodies.enumerated() {
      let arm = state.rotations[index].act(part.centreOfMass)
      let angular = velocities.angular[index]
      set(
        bodies[index], position: state.positions[index] + arm, rotation: state.rotations[index],
        velocity: velocities.linear[index] + angular.cross(arm), angularVelocity: angular)
    }
    isBroken = false
  }

  /// Every segment's position and orientation.
  public var state: BodyState {
    var positions: [SIMD3<Double>] = []
    var rotations: [Quaternion] = []
    positions.reserveCapacity(bodies.count)
    rotations.reserveCapacity(bodies.count)
    for (index, part) in body.bodies.enumerated() {
      let rotation = rotation(index)
      rotations.append(rotation)
      positions.append(vector(dBodyGetPosition(bodies[index])) - rotation.act(part.centreOfMass))
    }
    return BodyState(positions: positions, rotations: rotations)
  }

  func rotation(_ index: Int) -> Quaternion {
    guard let q = dBodyGetQuaternion(bodies[index]) else { return .identity }
    return Quaternion(w: q[0], x: q[1], y: q[2], z: q[3])
  }

  private func set(
    _ body: dBodyID, position: SIMD3<Double>, rotation: Quaternion, velocity: SIMD3<Double>,
    angularVelocity: SIMD3<Double>
  ) {
    // ODE normalises the quaternion, and ends the process if it cannot. A position that is not a number keeps the
    // segment from being stepped, through save and restore too.
    let squaredNorm = rotation.w.squared + rotation.imaginary.squaredLength
    guard squaredNorm > 1e-12, squaredNorm < 1e12 else {
      dBodySetPosition(body, .nan, .nan, .nan)
      return
    }
    dBodySetPosition(body, position.x, position.y, position.z)
    dBodySetQuaternion(body, [rotation.w, rotation.imaginary.x, rotation.imaginary.y, rotation.imaginary.z])
    dBodySetLinearVel(body, velocity.x, velocity.y, velocity.z)
    dBodySetAngularVel(body, angularVelocity.x, angularVelocity.y, angularVelocity.z)
  }
}
