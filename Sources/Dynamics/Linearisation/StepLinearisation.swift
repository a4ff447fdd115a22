import Foundation
import Kinematics

/// The derivative of one simulated step by state and control, in closed form.
///
/// ODE's step is semi-implicit: with M the mass matrix in the coordinates of ``KinematicChainState``, it solves
///
///     M (v' - v) / h + bias(q, v) = gravity + motors(q, v') + contacts(q, v')
///
/// where motors and contacts are implicit springs and dampers themselves. Differentiated at the step that the simulation
/// took, with its contact forces, this is one linear system, built here and solved by `SensitivityStep`. Against
/// differences of simulated runs it costs a few percent of the time.
///
/// Contacts keep their mode: corners that press stay on the floor, sliding ones slide. A corner that presses lightly counts
/// as softer than it is, so that a foot about to lift is not treated as fixed to the floor. Parts of the body that press
/// on each other stay in contact.
package final class StepLinearisation {
  /// The derivative's matrices.
  let system: SensitivityStep
  /// The number of coordinates: three for the pelvis's position and three for each segment's rotation.
  package let coordinates: Int

  let body: BodyModel
  let settings: SimulationSettings
  private let gains: [JointGains]
  private let layout: ControlLayout
  let before: KinematicChainState
  let after: KinematicChainState
  var rows: [ContactRow] = []

  /// Corners soften below this force [N].
  static let lightForce = 30.0
  static let maxRows = 96

  /// One equation of a contact: the relative velocity of two segments, or of one and the floor, along a direction.
  struct ContactRow {
    var body: Int
    var other: Int?
    var point: SIMD3<Double>
    var direction: SIMD3<Double>
    var force: SIMD3<Double>
    var compliance: Double
    var restoring: Double
  }

  /// A linearisation for a body that is simulated with `settings`.
  package init(body: BodyModel, settings: SimulationSettings, layout: ControlLayout) {
    self.body = body
    self.settings = settings
    self.layout = layout
    gains = body.bodies.map { JointGains.of($0.segment).scaled(settings, mass: body.mass) }
    before = KinematicChainState(body: body)
    after = KinematicChainState(body: body)
    coordinates = 3 * (1 + body.bodies.count)
    system = SensitivityStep(
      coordinates: coordinates, controls: layout.count, capacity: StepLinearisation.maxRows, step: settings.step)
  }

  /// Linearises the step from one saved state to the next, and carries derivatives over it.
  ///
  /// - Parameters:
  ///   - x: Derivatives of positions over those of velocities by `columns` unknowns, column-major.
  ///   - targets: The targets that the joints followed in the step.
  ///   - offsets: The rotation (as a vector in the parent's frame) that the controls add to each target.
  ///   - first: The column of the controls at the interval's beginning, `second` of those at its end.
  /// - Returns: `false` if the step cannot be linearised.
  package func advance(
    _ x: UnsafeMutableBufferPointer<Double>, columns: Int, from start: UnsafePointer<Double>,
    to end: UnsafePointer<Double>, contacts: [SimulatedContact], selfContacts: [SelfContact],
    targets: UnsafeBufferPointer<JointTarget>, offsets: [SIMD3<Double>], first: Int, second: Int,
    weights: (Double, Double)
  ) -> Bool {
    before.load(start)
    after.load(end)
    system.mass.update(repeating: 0)
    system.state.update(repeating: 0)
    system.control.update(repeating: 0)
    for i in body.bodies.indices {
      addInertia(i)
      addRotation(i)
      if body.bodies[i].parent != nil { addMotor(i, targets[i], offsets[i]) }
    }
    addContacts(contacts, selfContacts)
    return system.advance(x, columns: columns, first: first, second: second, weights: weights)
  }

  /// Newton's law for a segment's centre of mass.
  private func addInertia(_ i: Int) {
    let h = settings.step
    let mass = body.bodies[i].mass
    let path = before.paths[i]
    let velocity = (before.velocities[i], after.velocities[i])
    let force = mass * ((velocity.1 - velocity.0) / h + SIMD3(0, BodyModel.gravity, 0))
    let forceSkew = Matrix3(skew: force)
    let inertia = Matrix3.identity * (mass / h)
    add(inertia, to: system.mass, 0, 0)
    add(inertia, to: system.state, 0, width + 0)
    for place in path.indices {
      let k = path[place]
      let arm = Matrix3(skew: before.arm(place, of: i, to: before.centres[i]))
      let angularVelocity = Matrix3(skew: before.angularVelocities[k])
      let acceleration = Matrix3(skew: (after.angularVelocities[k] - before.angularVelocities[k]) / h)
      // By the rotation: the arm rotates, and with it tangential and centripetal acceleration.
      let byRotation = -((acceleration + angularVelocity * angularVelocity) * arm) * mass
      // By the angular velocity: centripetal acceleration.
      let byVelocity = (Matrix3(skew: arm * before.angularVelocities[k]) - angularVelocity * arm) * mass
      let byChange = -(arm * (mass / h))
      add(byChange, to: system.mass, 0, 1 + k)
      add(-byRotation, to: system.state, 0, 1 + k)
      add(byChange - byVelocity, to: system.state, 0, width + 1 + k)
      add(arm * (mass / h), to: system.mass, 1 + k, 0)
      add(arm * (mass / h), to: system.state, 1 + k, width + 0)
      add(-(forceSkew * arm), to: system.state, 1 + k, 1 + k)
      for other in path.indices {
        let l = path[other]
        let otherArm = Matrix3(skew: before.arm(other, of: i, to: before.centres[i]))
        add(otherArm * byChange, to: system.mass, 1 + l, 1 + k)
        add(-(otherArm * byRotation), to: system.state, 1 + l, 1 + k)
        add(otherArm * (byChange - byVelocity), to: system.state, 1 + l, width + 1 + k)
      }
    }
  }

  /// Euler's law about a segment's centre of mass.
  private func addRotation(_ i: Int) {
    let part = body.bodies[i]
    let h = settings.step
    let axis = before.rotations[i].act(part.axis)
    let inertia =
      Matrix3.identity * part.transverseInertia
      + Matrix3(outer: axis, axis) * (part.longitudinalInertia - part.transverseInertia)
    let angularVelocity = before.angularVelocities[i]
    let change = (after.angularVelocities[i] - angularVelocity) / h
    let momentum = inertia * angularVelocity
    let skew = Matrix3(skew: angularVelocity)
    add(inertia * (1 / h), to: system.mass, 1 + i, 1 + i)
    add(
      inertia * (1 / h) - skew * inertia + Matrix3(skew: momentum), to: system.state, 1 + i, width + 1 + i)
    let byRotation =
      inertia * Matrix3(skew: change) - Matrix3(skew: inertia * change)
      + skew * (inertia * skew - Matrix3(skew: momentum))
    add(-byRotation, to: system.state, 1 + i, 1 + i)
  }

  /// The joint's spring and damper, and the controls that rotate its target.
  private func addMotor(_ i: Int, _ target: JointTarget, _ offset: SIMD3<Double>) {
    guard let p = body.bodies[i].parent else { return }
    let gain = gains[i]
    let damping = gain.implicitDamping(settings.step)
    let toWorld = Matrix3(before.rotations[p])
    let now = before.rotations[p].inverse * before.rotations[i]
    let (error, derivative) = gain.torqueDerivative(toward: target, from: now)
    let damper = Matrix3.identity * damping
    add(damper, to: system.mass, 1 + i, 1 + i)
    add(damper, to: system.mass, 1 + p, 1 + p)
    add(-damper, to: system.mass, 1 + i, 1 + p)
    add(-damper, to: system.mass, 1 + p, 1 + i)
    let byChild = -(toWorld * derivative * Matrix3.inverseLeftJacobian(-error) * toWorld.transposed)
    let torque = toWorld * (gain.torque(toward: target, from: now) + damping * target.angularVelocity)
    let byParent = -byChild - Matrix3(skew: torque)
    add(byChild, to: system.state, 1 + i, 1 + i)
    add(byParent, to: system.state, 1 + i, 1 + p)
    add(-byChild, to: system.state, 1 + p, 1 + i)
    add(-byParent, to: system.state, 1 + p, 1 + p)
    let steer = toWorld * derivative * Matrix3.inverseLeftJacobian(error) * Matrix3.leftJacobian(offset)
    for (column, control) in layout.controls.enumerated() where control.body == i {
      let effect = steer * control.axis
      for axis in 0..<3 {
        system.control[column * coordinates + 3 * (1 + i) + axis] += effect[axis]
        system.control[column * coordinates + 3 * (1 + p) + axis] -= effect[axis]
      }
    }
  }

  func write(_ matrix: Matrix3, rotation block: Int) {
    for axis in 0..<3 {
      system.rotations[9 * block + axis] = matrix.a[axis]
      system.rotations[9 * block + 3 + axis] = matrix.b[axis]
      system.rotations[9 * block + 6 + axis] = matrix.c[axis]
    }
  }

  /// The number of blocks of three coordinates.
  private var width: Int { coordinates / 3 }

  @inline(__always) func add(
    _ m: Matrix3, to buffer: UnsafeMutableBufferPointer<Double>, _ row: Int, _ column: Int
  ) {
    guard let base = buffer.baseAddress else { return }
    let p = base + 3 * (column * coordinates + row)
    let (q, r) = (p + coordinates, p + 2 * coordinates)
    p[0] += m.a.x
    p[1] += m.a.y
    p[2] += m.a.z
    q[0] += m.b.x
    q[1] += m.b.y
    q[2] += m.b.z
    r[0] += m.c.x
    r[1] += m.c.y
    r[2] += m.c.z
  }
}

/// The degrees of freedom by which a planner rotates joint targets: each rotates one target about an axis in the parent's
/// frame.
package struct ControlLayout: Sendable {
  /// One degree of freedom: a rotation by as many radians as the control says.
  package struct Control: Sendable {
    /// The segment whose target is rotated.
    package var body: Int
    /// The axis in the parent's frame, of length 1.
    package var axis: SIMD3<Double>

    /// A control about `axis`, of length 1.
    package init(body: Int, axis: SIMD3<Double>) {
      self.body = body
      self.axis = axis
    }
  }

  /// The controls, in the order of the unknowns.
  package var controls: [Control]

  /// A layout of controls in this order.
  package init(_ controls: [Control]) { self.controls = controls }

  /// The number of controls.
  package var count: Int { controls.count }
}

extension JointGains {
  /// The error of the spring, and the derivative of ``torque(toward:from:)`` by it.
  func torqueDerivative(
    toward target: JointTarget, from rotation: Quaternion
  ) -> (error: SIMD3<Double>, derivative: Matrix3) {
    let error = (target.rotation * rotation.inverse).rotationVector
    let maxError = maxTorque / stiffness
    let size = error.length
    guard size > 1e-6 else { return (error, .identity * stiffness) }
    let along = error / size
    let level = tanh(size / maxError)
    let across = maxError * level / size
    let radial = 1 - level * level
    let derivative = Matrix3.identity * across + Matrix3(outer: along, along) * (radial - across)
    return (error, derivative * stiffness)
  }
}
