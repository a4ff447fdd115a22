internal import COpenDynamics
package import Kinematics

extension Simulation {
  /// How many numbers ``save(into:)`` writes.
  package var savedCount: Int { 13 * bodies.count }

  /// Sets every joint's motor to follow its target in the next step; the pelvis's entry is not read. For planners that
  /// simulate many steps: nothing is allocated, and the residual wrench aims at nothing.
  package func track(_ targets: UnsafeBufferPointer<JointTarget>) {
    for index in bodies.indices {
      let parent = parents[index]
      guard parent >= 0, let motor = motors[index] else { continue }
      let now = rotation(parent).inverse * rotation(index)
      let target = targets[index]
      let velocity = target.spin + gains[index].pull(target, from: now) / gains[index].implicitDamping(settings.step)
      for axis in 0..<3 { dJointSetAMotorParam(motor, MotorParameter.velocity[axis], velocity[axis]) }
    }
  }

  /// The size of the torque that each joint's motor gave in a step between two saved states [N m]; 0 for the pelvis.
  package func torques(
    _ targets: UnsafeBufferPointer<JointTarget>, from start: UnsafePointer<Double>, to end: UnsafePointer<Double>
  ) -> [Double] {
    func turn(_ i: Int) -> Quaternion {
      let p = start + 13 * i
      return Quaternion(w: p[3], x: p[4], y: p[5], z: p[6])
    }
    func spin(_ i: Int) -> SIMD3<Double> {
      let p = end + 13 * i
      return SIMD3(p[10], p[11], p[12])
    }
    return bodies.indices.map { i in
      let parent = parents[i]
      guard parent >= 0 else { return 0 }
      let inward = turn(parent).inverse
      let pull = gains[i].pull(targets[i], from: inward * turn(i))
      let lag = targets[i].spin - inward.act(spin(i) - spin(parent))
      return (pull + gains[i].implicitDamping(settings.step) * lag).length
    }
  }

  /// Aims the residual wrench's motors, if there are any, at a pelvis's place, orientation and velocities.
  package func aimRoot(
    at pelvis: SIMD3<Double>, rotation wanted: Quaternion, velocity: SIMD3<Double>, spin: SIMD3<Double>
  ) {
    guard let rootMotor else { return }
    let now = rotation(0)
    let centre = body.bodies[0].centreOfMass
    let goal = pelvis + wanted.act(centre)
    rootMotor.aim(
      error: goal - vector(dBodyGetPosition(bodies[0])), velocity: velocity + spin.cross(now.act(centre)),
      turn: (wanted * now.inverse).rotationVector, spin: spin)
  }

  /// Writes position, orientation (w, x, y, z), velocity and spin of every segment's centre of mass: 13 numbers each.
  package func save(into numbers: UnsafeMutablePointer<Double>) {
    var p = numbers
    for body in bodies {
      copy(dBodyGetPosition(body), 3, to: p)
      copy(dBodyGetQuaternion(body), 4, to: p + 3)
      copy(dBodyGetLinearVel(body), 3, to: p + 7)
      copy(dBodyGetAngularVel(body), 3, to: p + 10)
      p += 13
    }
  }

  /// Goes back to what ``save(into:)`` wrote, bit for bit.
  package func restore(from numbers: UnsafePointer<Double>) {
    var p = numbers
    for body in bodies {
      dBodySetPosition(body, p[0], p[1], p[2])
      open_dynamics_restore_quaternion(body, p + 3)
      dBodySetLinearVel(body, p[7], p[8], p[9])
      dBodySetAngularVel(body, p[10], p[11], p[12])
      p += 13
    }
    placed()
  }

  private func copy(_ source: UnsafePointer<dReal>?, _ count: Int, to target: UnsafeMutablePointer<Double>) {
    guard let source else { return }
    for i in 0..<count { target[i] = source[i] }
  }
}
