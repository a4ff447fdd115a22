internal import COpenDynamics
import Kinematics

/// A point at which a segment touched the floor in a step, and the force there.
public struct SimulatedContact: Sendable, Hashable {
  /// The segment's index in ``BodyModel/bodies``.
  public var body: Int
  /// The place in the world [m].
  public var point: SIMD3<Double>
  /// The depth below the floor [m].
  public var depth: Double
  /// The force of the floor on the segment in the step [N].
  public var force = SIMD3<Double>.zero
  /// The direction out of the surface that is touched: up, but on a scene's slopes and sides.
  public var normal = SIMD3<Double>.unitY
}

/// A point at which two segments that are not neighbours touched, or nearly touched, in a step.
package struct SelfContact: Sendable, Hashable {
  /// The segment that the normal points into.
  package var first: Int
  /// The other segment.
  package var second: Int
  /// The place in the world [m].
  package var point: SIMD3<Double>
  /// A unit vector.
  package var normal: SIMD3<Double>
  /// Whether the two do not touch yet, but may within the step.
  package var isSpeculative = false
  /// The force on the first segment [N].
  package var force = SIMD3<Double>.zero
}

extension Simulation {
  /// Finds the contacts, and makes the step's contact joints.
  func collide() {
    contacts.removeAll(keepingCapacity: true)
    selfContacts.removeAll(keepingCapacity: true)
    for index in bodies.indices {
      let origin = vector(dBodyGetPosition(bodies[index])) - rotation(index).act(centres[index])
      origins[index] = origin
      if origin.y < boundingRadii[index] { touch(index, floor, isFloor: true) }
      for (surface, box) in zip(surfaces, body.ground.boxes) {
        let reach = boundingRadii[index] + box.halfExtents.length
        guard (origin - box.centre).squaredLength < reach * reach else { continue }
        touch(index, surface, isFloor: false)
      }
    }
    if settings.selfCollision { collideWithSelf() }
  }

  /// Makes the contacts of a segment with the floor or a box of the scene.
  private func touch(_ index: Int, _ surface: dGeomID, isFloor: Bool) {
    let count = open_dynamics_collide(geometries[index], surface, Int32(Simulation.maxContactsPerPair), contactBuffer)
    for k in 0..<Int(count) {
      let geometry = contactBuffer[k].geom
      let joint = open_dynamics_contact(
        world, contactGroup, contactBuffer + k, settings.friction, settings.contactErrorReduction,
        settings.contactForceMixing, bodies[index], nil)
      if contacts.count < Simulation.maxContactForces {
        dJointSetFeedback(joint, contactFeedback + contacts.count)
      }
      var contact = SimulatedContact(
        body: index, point: SIMD3(geometry.pos.0, geometry.pos.1, geometry.pos.2), depth: geometry.depth)
      if !isFloor { contact.normal = SIMD3(geometry.normal.0, geometry.normal.1, geometry.normal.2) }
      contacts.append(contact)
    }
  }

  /// Makes the contacts between parts of the body: those that touch and, with a contact margin, those that are about to.
  private func collideWithSelf() {
    let solids = proximityGeometries.isEmpty ? geometries : proximityGeometries
    for (a, b) in collisionPairs {
      let reach = boundingRadii[a] + boundingRadii[b] + settings.selfContactMargin
      guard (origins[a] - origins[b]).squaredLength < reach * reach else { continue }
      guard open_dynamics_collide(solids[a], solids[b], 1, contactBuffer) > 0 else { continue }
      let depth = contactBuffer[0].geom.depth - settings.selfContactMargin - settings.selfOverlap
      guard depth > 0 || !proximityGeometries.isEmpty else { continue }
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
          isSpeculative: depth <= 0))
    }
  }
}
