internal import COpenDynamics
public import Kinematics

/// The velocities of a body model's segments in the world.
public struct BodyVelocities: Sendable, Hashable {
  /// Of the origin of every segment's frame [m/s].
  public var linear: [SIMD3<Double>]
  /// [rad/s].
  public var angular: [SIMD3<Double>]

  /// Velocities by their parts.
  public init(linear: [SIMD3<Double>], angular: [SIMD3<Double>]) {
    self.linear = linear
    self.angular = angular
  }

  /// At rest.
  public static func zero(_ body: BodyModel) -> BodyVelocities {
    let zeros = [SIMD3<Double>](repeating: .zero, count: body.bodies.count)
    return BodyVelocities(linear: zeros, angular: zeros)
  }

  /// The mean velocities from one state to another, `time` seconds later.
  public init(from a: BodyState, to b: BodyState, time: Double) {
    linear = zip(a.positions, b.positions).map { ($1 - $0) / time }
    angular = zip(a.rotations, b.rotations).map { ($1 * $0.inverse).rotationVector / time }
  }
}

extension Simulation {
  /// Puts every segment where `state` has it, moving as `velocities` say.
  public func place(_ state: BodyState, velocities: BodyVelocities) {
    for (index, part) in body.bodies.enumerated() {
      let arm = state.rotations[index].act(part.centreOfMass)
      let spin = velocities.angular[index]
      set(
        bodies[index], position: state.positions[index] + arm, rotation: state.rotations[index],
        velocity: velocities.linear[index] + spin.cross(arm), spin: spin)
    }
    placed()
  }

  /// Where every segment is.
  public var state: BodyState {
    var positions: [SIMD3<Double>] = []
    var rotations: [Quaternion] = []
    positions.reserveCapacity(bodies.count)
    rotations.reserveCapacity(bodies.count)
    for (index, part) in body.bodies.enumerated() {
      let turn = rotation(index)
      rotations.append(turn)
      positions.append(vector(dBodyGetPosition(bodies[index])) - turn.act(part.centreOfMass))
    }
    return BodyState(positions: positions, rotations: rotations)
  }

  /// Position, orientation, velocity and spin of every segment's centre of mass: 13 numbers each, exactly.
  public func save() -> [Double] {
    var numbers = [Double](repeating: 0, count: savedCount)
    numbers.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { save(into: base) }
    }
    return numbers
  }

  /// Goes back to what ``save()`` gave.
  ///
  /// - Precondition: The numbers are of the same body model.
  public func restore(_ numbers: [Double]) {
    precondition(numbers.count == savedCount, "a saved state has 13 numbers a segment")
    numbers.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { restore(from: base) }
    }
  }

  func rotation(_ index: Int) -> Quaternion {
    guard let q = dBodyGetQuaternion(bodies[index]) else { return .identity }
    return Quaternion(w: q[0], x: q[1], y: q[2], z: q[3])
  }

  private func set(
    _ body: dBodyID, position: SIMD3<Double>, rotation: Quaternion, velocity: SIMD3<Double>, spin: SIMD3<Double>
  ) {
    dBodySetPosition(body, position.x, position.y, position.z)
    dBodySetQuaternion(body, [rotation.w, rotation.imaginary.x, rotation.imaginary.y, rotation.imaginary.z])
    dBodySetLinearVel(body, velocity.x, velocity.y, velocity.z)
    dBodySetAngularVel(body, spin.x, spin.y, spin.z)
  }
}
