internal import COpenDynamics
import Foundation
public import Kinematics

/// What a body is to follow at one instant.
public struct TrackingTarget: Sendable, Hashable {
  /// Every segment's orientation in the world.
  public var rotations: [Quaternion]
  /// Every segment's spin in the world [rad/s].
  public var spins: [SIMD3<Double>]
  /// Where the pelvis's frame is to be [m].
  public var pelvis: SIMD3<Double>
  /// How fast it is to move [m/s].
  public var pelvisVelocity: SIMD3<Double>
  /// The torque that every segment is given by its parent beside spring and damper, in the world [N m]; empty for none.
  public var torques: [SIMD3<Double>]

  /// A target by its parts.
  public init(
    rotations: [Quaternion], spins: [SIMD3<Double>], pelvis: SIMD3<Double>, pelvisVelocity: SIMD3<Double>,
    torques: [SIMD3<Double>] = []
  ) {
    self.torques = torques
    self.rotations = rotations
    self.spins = spins
    self.pelvis = pelvis
    self.pelvisVelocity = pelvisVelocity
  }
}

extension Simulation {
  /// Sets every joint's motor, and the residual wrench's if there is one, to follow `target` in the next step.
  public func track(_ target: TrackingTarget) {
    for (index, part) in body.bodies.enumerated() {
      guard let parent = part.parent, let motor = motors[index] else { continue }
      let wanted = target.rotations[parent].inverse * target.rotations[index]
      let spin = target.rotations[parent].inverse.act(target.spins[index] - target.spins[parent])
      let inward = rotation(parent).inverse
      let now = inward * rotation(index)
      let torque = target.torques.isEmpty ? .zero : inward.act(target.torques[index])
      drive(motor, gains[index], toward: wanted, spin: spin, torque: torque, from: now)
    }
    guard let rootMotor else { return }
    let turn = rotation(0)
    let part = body.bodies[0]
    let arm = turn.act(part.centreOfMass)
    let centre = target.pelvis + target.rotations[0].act(part.centreOfMass)
    rootMotor.aim(
      error: centre - vector(dBodyGetPosition(bodies[0])),
      velocity: target.pelvisVelocity + target.spins[0].cross(arm),
      turn: (target.rotations[0] * turn.inverse).rotationVector, spin: target.spins[0])
  }

  /// An implicit spring and damper: the motor's velocity is where the damped spring would be after the step, its
  /// softness (set once) the reciprocal of the two together.
  private func drive(
    _ motor: dJointID, _ gain: JointStrength, toward wanted: Quaternion, spin: SIMD3<Double>, torque: SIMD3<Double>,
    from now: Quaternion
  ) {
    let pull = gain.pull(JointTarget(rotation: wanted, torque: torque), from: now)
    let velocity = spin + pull / gain.implicitDamping(settings.step)
    for axis in 0..<3 { dJointSetAMotorParam(motor, MotorParameter.velocity[axis], velocity[axis]) }
  }

  /// Finds what touches what, and makes the step's contact joints.
  func collide() {
    contacts.removeAll(keepingCapacity: true)
    selfContacts.removeAll(keepingCapacity: true)
    for index in bodies.indices {
      let origin = vector(dBodyGetPosition(bodies[index])) - rotation(index).act(centres[index])
      origins[index] = origin
      guard origin.y < reaches[index] else { continue }
      let count = open_dynamics_collide(geometries[index], floor, Int32(Simulation.contactsAtMost), contactBuffer)
      for k in 0..<Int(count) {
        let geometry = contactBuffer[k].geom
        let joint = open_dynamics_contact(
          world, contactGroup, contactBuffer + k, settings.friction, settings.contactErrorReduction,
          settings.contactForceMixing, bodies[index], nil)
        if contacts.count < Simulation.feedbacksAtMost {
          dJointSetFeedback(joint, contactFeedback + contacts.count)
        }
        contacts.append(
          SimulatedContact(
            body: index, point: SIMD3(geometry.pos.0, geometry.pos.1, geometry.pos.2), depth: geometry.depth))
      }
    }
    if settings.selfCollision { collideWithSelf() }
  }

  /// Makes the contacts of parts of the body with each other: with what touches, and with foresight with what is about to.
  private func collideWithSelf() {
    let solids = sights.isEmpty ? geometries : sights
    for (a, b) in collisionPairs {
      let reach = reaches[a] + reaches[b] + settings.selfForesight
      guard (origins[a] - origins[b]).squaredLength < reach * reach else { continue }
      guard open_dynamics_collide(solids[a], solids[b], 1, contactBuffer) > 0 else { continue }
      let depth = contactBuffer[0].geom.depth - settings.selfForesight - settings.selfOverlap
      guard depth > 0 || !sights.isEmpty else { continue }
      contactBuffer[0].geom.depth = depth
      let joint =
        depth > 0
        ? open_dynamics_contact(
          world, contactGroup, contactBuffer, Simulation.selfFriction, settings.contactErrorReduction,
          settings.contactForceMixing, bodies[a], bodies[b])
        : open_dynamics_approach(
          world, contactGroup, contactBuffer, -depth, settings.step, settings.contactForceMixing, bodies[a], bodies[b])
      dJointSetFeedback(joint, selfFeedback + selfContacts.count)
      let (point, normal) = (contactBuffer[0].geom.pos, contactBuffer[0].geom.normal)
      selfContacts.append(
        SelfContact(
          first: a, second: b, point: SIMD3(point.0, point.1, point.2), normal: SIMD3(normal.0, normal.1, normal.2),
          isAhead: depth <= 0))
    }
  }
}
