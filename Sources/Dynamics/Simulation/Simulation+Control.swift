internal import COpenDynamics
import Foundation
public import Kinematics

/// The state that a body follows at one instant.
public struct TrackingTarget: Sendable, Hashable {
  /// Every segment's orientation in the world.
  public var rotations: [Quaternion]
  /// Every segment's angular velocity in the world [rad/s].
  public var angularVelocities: [SIMD3<Double>]
  /// The position of the pelvis's frame [m].
  public var pelvis: SIMD3<Double>
  /// The velocity of the pelvis's frame [m/s].
  public var pelvisVelocity: SIMD3<Double>
  /// The feed-forward torque of every segment's joint to its parent, in the world [N m]; empty for none.
  public var torques: [SIMD3<Double>]

  /// A target for every segment, in the order of ``BodyModel/bodies``. The pelvis's position and velocity are for the
  /// residual wrench; a simulation without one ignores them.
  public init(
    rotations: [Quaternion], angularVelocities: [SIMD3<Double>], pelvis: SIMD3<Double>,
    pelvisVelocity: SIMD3<Double>, torques: [SIMD3<Double>] = []
  ) {
    self.rotations = rotations
    self.angularVelocities = angularVelocities
    self.pelvis = pelvis
    self.pelvisVelocity = pelvisVelocity
    self.torques = torques
  }
}

extension Simulation {
  /// Sets every joint's motor, and the residual wrench's if there is one, to follow `target` in the next step.
  ///
  /// A target that is not finite breaks the simulation: the next ``step()`` returns `false`.
  ///
  /// - Precondition: One rotation, angular velocity and, if any, torque for each segment.
  public func track(_ target: TrackingTarget) {
    precondition(
      target.rotations.count == bodies.count && target.angularVelocities.count == bodies.count
        && (target.torques.isEmpty || target.torques.count == bodies.count),
      "a target has one entry for each of \(bodies.count) segments")
    for (index, part) in body.bodies.enumerated() {
      guard let parent = part.parent, let motor = motors[index] else { continue }
      let toParent = target.rotations[parent].inverse
      let wanted = JointTarget(
        rotation: toParent * target.rotations[index],
        angularVelocity: toParent.act(target.angularVelocities[index] - target.angularVelocities[parent]),
        torque: target.torques.isEmpty ? .zero : rotation(parent).inverse.act(target.torques[index]))
      drive(motor, gains[index], toward: wanted, from: rotation(parent).inverse * rotation(index))
    }
    guard let rootMotor else { return }
    let now = rotation(0)
    let centre = body.bodies[0].centreOfMass
    let goal = target.pelvis + target.rotations[0].act(centre)
    setRootMotor(
      rootMotor, error: goal - vector(dBodyGetPosition(bodies[0])),
      velocity: target.pelvisVelocity + target.angularVelocities[0].cross(now.act(centre)),
      rotationError: (target.rotations[0] * now.inverse).rotationVector,
      angularVelocity: target.angularVelocities[0])
  }

  /// Sets every joint's motor to follow its target in the next step; the pelvis's entry is not read.
  ///
  /// For planners that simulate many steps: nothing is allocated. `trackRoot` sets the residual wrench.
  package func track(_ targets: UnsafeBufferPointer<JointTarget>) {
    precondition(targets.count == bodies.count, "\(targets.count) targets for \(bodies.count) segments")
    for index in bodies.indices {
      let parent = parents[index]
      guard parent >= 0, let motor = motors[index] else { continue }
      drive(motor, gains[index], toward: targets[index], from: rotation(parent).inverse * rotation(index))
    }
  }

  /// Sets the residual wrench's motors, if there are any, to follow a pelvis's position, orientation and velocities.
  package func trackRoot(
    at pelvis: SIMD3<Double>, rotation wanted: Quaternion, velocity: SIMD3<Double>, angularVelocity: SIMD3<Double>
  ) {
    guard let rootMotor else { return }
    let now = rotation(0)
    let centre = body.bodies[0].centreOfMass
    let goal = pelvis + wanted.act(centre)
    setRootMotor(
      rootMotor, error: goal - vector(dBodyGetPosition(bodies[0])),
      velocity: velocity + angularVelocity.cross(now.act(centre)),
      rotationError: (wanted * now.inverse).rotationVector, angularVelocity: angularVelocity)
  }

  /// The norm of the torque that each joint's motor gave in a step between two saved states [N m]; 0 for the pelvis.
  package func torques(
    _ targets: UnsafeBufferPointer<JointTarget>, from start: UnsafePointer<Double>, to end: UnsafePointer<Double>
  ) -> [Double] {
    let before = SavedBodyState(start, segments: bodies.count)
    let after = SavedBodyState(end, segments: bodies.count)
    return bodies.indices.map { i in
      let parent = parents[i]
      guard parent >= 0 else { return 0 }
      let toParent = before.rotation(of: parent).inverse
      let torque = gains[i].torque(toward: targets[i], from: toParent * before.rotation(of: i))
      let lag =
        targets[i].angularVelocity
        - toParent.act(after.angularVelocity(of: i) - after.angularVelocity(of: parent))
      return (torque + gains[i].implicitDamping(settings.step) * lag).length
    }
  }

  /// Makes a motor an implicit spring and damper: its velocity is that of the damped spring after the step, its softness
  /// (set once) the reciprocal of the two together.
  private func drive(_ motor: dJointID, _ gain: JointGains, toward target: JointTarget, from rotation: Quaternion) {
    let velocity =
      target.angularVelocity
      + gain.torque(toward: target, from: rotation) / gain.implicitDamping(settings.step)
    guard isUsable(velocity) else { return }
    for axis in 0..<3 { dJointSetAMotorParam(motor, MotorParameter.velocity[axis], velocity[axis]) }
  }

  private func setRootMotor(
    _ motor: RootMotor, error: SIMD3<Double>, velocity: SIMD3<Double>, rotationError: SIMD3<Double>,
    angularVelocity: SIMD3<Double>
  ) {
    guard isUsable(error), isUsable(velocity), isUsable(rotationError), isUsable(angularVelocity) else { return }
    motor.setTarget(
      error: error, velocity: velocity, rotationError: rotationError, angularVelocity: angularVelocity)
  }

  /// Whether ODE can use a target. One that is not finite, or so large that its solver overflows, breaks the simulation:
  /// ODE would end the process over it.
  private func isUsable(_ target: SIMD3<Double>) -> Bool {
    if target.squaredLength < 1e24 { return true }
    isBroken = true
    return false
  }
}
