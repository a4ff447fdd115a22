package import Kinematics

/// The derivative of one simulated step by state and control, in closed form.
///
/// ODE's step is semi-implicit: with M the mass matrix in the coordinates of ``Branches``, it solves
///
///     M (v' - v) / h + bias(q, v) = gravity + motors(q, v') + contacts(q, v')
///
/// where motors and contacts are implicit springs and dampers themselves. Differentiated at the step that the simulation
/// took, with its contact forces, this is one linear system, built here and solved by `SensitivityStep`. Against
/// differences of simulated runs it costs a few percent of the time.
///
/// Contacts keep their mode: pressed corners stay on the floor, sliding ones slide. A corner that presses lightly counts
/// as softer than it is, so that a foot about to lift does not count as glued to the floor. Parts of the body that
/// press on each other go on touching.
package final class StepLinearisation {
  /// The derivative's matrices.
  let system: SensitivityStep
  /// Coordinates: the pelvis's place and a turn a segment.
  package let coordinates: Int

  private let body: BodyModel
  private let settings: SimulationSettings
  private let gains: [JointStrength]
  private let layout: ControlLayout
  private let before: Branches
  private let after: Branches
  private var rows: [ContactRow] = []

  /// Lightly pressed corners soften below this force [N].
  private static let lightForce = 30.0
  private static let rowsAtMost = 96

  private struct ContactRow {
    var body: Int
    var other: Int?
    var point: SIMD3<Double>
    var direction: SIMD3<Double>
    var push: SIMD3<Double>
    var compliance: Double
    var restoring: Double
  }

  /// For a body as simulated with `settings`.
  package init(body: BodyModel, settings: SimulationSettings, layout: ControlLayout) {
    self.body = body
    self.settings = settings
    self.layout = layout
    gains = body.bodies.map { JointStrength.of($0.segment).scaled(settings, mass: body.mass) }
    before = Branches(body: body)
    after = Branches(body: body)
    coordinates = 3 * (1 + body.bodies.count)
    system = SensitivityStep(
      coordinates: coordinates, controls: layout.count, capacity: StepLinearisation.rowsAtMost, step: settings.step)
  }

  /// Linearises the step from one saved state to the next, and carries derivatives over it.
  ///
  /// - Parameters:
  ///   - x: Derivatives of positions over those of velocities by `columns` unknowns, column-major.
  ///   - targets: What the joints followed in the step.
  ///   - offsets: The turn (rotation vector, parent's frame) that is in each target, for the controls' derivative.
  ///   - first: The column of the controls at the interval's beginning, `second` of those at its end.
  /// - Returns: `false` if the step cannot be linearised.
  package func advance(
    _ x: UnsafeMutablePointer<Double>, columns: Int, from start: UnsafePointer<Double>,
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
      addTurn(i)
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
    let forced = Matrix3(crossing: force)
    let inertia = Matrix3.identity * (mass / h)
    add(inertia, to: system.mass, 0, 0)
    add(inertia, to: system.state, 0, width + 0)
    for place in path.indices {
      let k = path[place]
      let arm = Matrix3(crossing: before.arm(place, of: i, to: before.centres[i]))
      let spin = Matrix3(crossing: before.spins[k])
      let angular = Matrix3(crossing: (after.spins[k] - before.spins[k]) / h)
      // By the turn: the arm turns, and with it tangential and centripetal acceleration.
      let byTurn = -((angular + spin * spin) * arm) * mass
      // By the spin: centripetal acceleration.
      let bySpin = (Matrix3(crossing: arm * before.spins[k]) - spin * arm) * mass
      let byChange = -(arm * (mass / h))
      add(byChange, to: system.mass, 0, 1 + k)
      add(-byTurn, to: system.state, 0, 1 + k)
      add(byChange - bySpin, to: system.state, 0, width + 1 + k)
      add(arm * (mass / h), to: system.mass, 1 + k, 0)
      add(arm * (mass / h), to: system.state, 1 + k, width + 0)
      add(-(forced * arm), to: system.state, 1 + k, 1 + k)
      for other in path.indices {
        let l = path[other]
        let lever = Matrix3(crossing: before.arm(other, of: i, to: before.centres[i]))
        add(lever * byChange, to: system.mass, 1 + l, 1 + k)
        add(-(lever * byTurn), to: system.state, 1 + l, 1 + k)
        add(lever * (byChange - bySpin), to: system.state, 1 + l, width + 1 + k)
      }
    }
  }

  /// Euler's law about a segment's centre of mass.
  private func addTurn(_ i: Int) {
    let part = body.bodies[i]
    let h = settings.step
    let axis = before.turns[i].act(part.axis)
    let inertia =
      Matrix3.identity * part.transverseInertia
      + Matrix3(axis, times: axis) * (part.longitudinalInertia - part.transverseInertia)
    let spin = before.spins[i]
    let change = (after.spins[i] - spin) / h
    let momentum = inertia * spin
    let crossing = Matrix3(crossing: spin)
    add(inertia * (1 / h), to: system.mass, 1 + i, 1 + i)
    add(
      inertia * (1 / h) - crossing * inertia + Matrix3(crossing: momentum), to: system.state, 1 + i, width + 1 + i)
    let byTurn =
      inertia * Matrix3(crossing: change) - Matrix3(crossing: inertia * change)
      + crossing * (inertia * crossing - Matrix3(crossing: momentum))
    add(-byTurn, to: system.state, 1 + i, 1 + i)
  }

  /// The joint's spring and damper, and the controls that turn its target.
  private func addMotor(_ i: Int, _ target: JointTarget, _ offset: SIMD3<Double>) {
    guard let p = body.bodies[i].parent else { return }
    let gain = gains[i]
    let damping = gain.implicitDamping(settings.step)
    let turn = Matrix3(before.turns[p])
    let now = before.turns[p].inverse * before.turns[i]
    let (error, derivative) = gain.pullDerivative(target, from: now)
    let damper = Matrix3.identity * damping
    add(damper, to: system.mass, 1 + i, 1 + i)
    add(damper, to: system.mass, 1 + p, 1 + p)
    add(-damper, to: system.mass, 1 + i, 1 + p)
    add(-damper, to: system.mass, 1 + p, 1 + i)
    let byChild = -(turn * derivative * Matrix3.inverseLeftJacobian(-error) * turn.transposed)
    let torque = turn * (gain.pull(target, from: now) + damping * target.spin)
    let byParent = -byChild - Matrix3(crossing: torque)
    add(byChild, to: system.state, 1 + i, 1 + i)
    add(byParent, to: system.state, 1 + i, 1 + p)
    add(-byChild, to: system.state, 1 + p, 1 + i)
    add(-byParent, to: system.state, 1 + p, 1 + p)
    let steer = turn * derivative * Matrix3.inverseLeftJacobian(error) * Matrix3.leftJacobian(offset)
    for (column, control) in layout.controls.enumerated() where control.body == i {
      let effect = steer * control.axis
      for axis in 0..<3 {
        system.control[column * coordinates + 3 * (1 + i) + axis] += effect[axis]
        system.control[column * coordinates + 3 * (1 + p) + axis] -= effect[axis]
      }
    }
  }

  private func addContacts(_ contacts: [SimulatedContact], _ selfContacts: [SelfContact]) {
    rows.removeAll(keepingCapacity: true)
    for contact in contacts where contact.force.y > 1 && rows.count + 3 <= StepLinearisation.rowsAtMost {
      gather(contact)
      stiffen(contact.body, contact.point, contact.force)
    }
    for contact in selfContacts where rows.count < StepLinearisation.rowsAtMost {
      let size = contact.force.dot(contact.normal)
      guard size > 1 else { continue }
      rows.append(
        ContactRow(
          body: contact.first, other: contact.second, point: contact.point, direction: contact.normal,
          push: contact.force / size, compliance: compliance(size),
          restoring: (contact.isAhead ? 1 : settings.contactErrorReduction) / settings.step))
      stiffen(contact.first, contact.point, contact.force)
      stiffen(contact.second, contact.point, -contact.force)
    }
    system.contacts = rows.count
    for index in rows.indices { write(index) }
    for i in body.bodies.indices {
      write(Matrix3(Quaternion(rotationVector: after.spins[i] * settings.step)), turn: 1 + i)
    }
    write(.identity, turn: 0)
  }

  /// A force that stays as it is turns a segment more or less as its arm turns.
  private func stiffen(_ body: Int, _ point: SIMD3<Double>, _ force: SIMD3<Double>) {
    let crossing = Matrix3(crossing: force)
    let path = before.paths[body]
    for place in path.indices {
      let arm = Matrix3(crossing: before.arm(place, of: body, to: point))
      add(crossing * arm, to: system.state, 1 + path[place], 1 + path[place])
    }
  }

  private func compliance(_ force: Double) -> Double {
    let lightness = StepLinearisation.lightForce / force
    return settings.contactForceMixing * (1 + lightness * lightness)
  }

  /// A normal row, with the friction that slides along with it, and a row for each direction that sticks.
  private func gather(_ contact: SimulatedContact) {
    let force = contact.force
    let compliance = compliance(force.y)
    var push = SIMD3<Double>.unitY
    for axis in [0, 2] {
      if abs(force[axis]) < 0.98 * settings.friction * force.y {
        var along = SIMD3<Double>.zero
        along[axis] = 1
        rows.append(
          ContactRow(
            body: contact.body, point: contact.point, direction: along, push: along, compliance: compliance,
            restoring: 0))
      } else {
        push[axis] = force[axis] / force.y
      }
    }
    rows.append(
      ContactRow(
        body: contact.body, point: contact.point, direction: .unitY, push: push, compliance: compliance,
        restoring: settings.contactErrorReduction / settings.step))
  }

  private func write(_ index: Int) {
    let row = rows[index]
    let (count, n) = (rows.count, coordinates)
    for column in 0..<n {
      system.rows[column * count + index] = 0
      system.rowState[column * count + index] = 0
      system.pushes[index * n + column] = 0
    }
    system.compliance[index] = row.compliance
    func add(_ block: Int, _ direction: SIMD3<Double>, _ push: SIMD3<Double>, _ state: SIMD3<Double>) {
      for axis in 0..<3 {
        system.rows[(3 * block + axis) * count + index] += direction[axis]
        system.pushes[index * n + 3 * block + axis] += push[axis]
        system.rowState[(3 * block + axis) * count + index] += state[axis]
      }
    }
    func add(_ body: Int, _ sign: Double) {
      let (direction, push) = (sign * row.direction, sign * row.push)
      add(0, direction, push, -row.restoring * direction)
      let path = before.paths[body]
      for place in path.indices {
        let arm = before.arm(place, of: body, to: row.point)
        let lever = arm.cross(direction)
        let spinning = arm.cross(direction.cross(after.spins[path[place]]))
        add(1 + path[place], lever, arm.cross(push), -spinning - row.restoring * lever)
      }
    }
    add(row.body, 1)
    if let other = row.other { add(other, -1) }
  }

  private func write(_ matrix: Matrix3, turn block: Int) {
    for axis in 0..<3 {
      system.turns[9 * block + axis] = matrix.a[axis]
      system.turns[9 * block + 3 + axis] = matrix.b[axis]
      system.turns[9 * block + 6 + axis] = matrix.c[axis]
    }
  }

  /// Blocks of three in a row of coordinates.
  private var width: Int { coordinates / 3 }

  @inline(__always) private func add(
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
