import Kinematics

extension StepLinearisation {
  func addContacts(_ contacts: [SimulatedContact], _ selfContacts: [SelfContact]) {
    rows.removeAll(keepingCapacity: true)
    for contact in contacts where contact.force.dot(contact.normal) > 1 && rows.count + 3 <= StepLinearisation.maxRows {
      addRows(contact)
      addLever(contact.body, contact.point, contact.force)
    }
    for contact in selfContacts where rows.count < StepLinearisation.maxRows {
      let size = contact.force.dot(contact.normal)
      guard size > 1 else { continue }
      rows.append(
        ContactRow(
          body: contact.first, other: contact.second, point: contact.point, direction: contact.normal,
          force: contact.force / size, compliance: compliance(size),
          restoring: (contact.isSpeculative ? 1 : settings.contactErrorReduction) / settings.step))
      addLever(contact.first, contact.point, contact.force)
      addLever(contact.second, contact.point, -contact.force)
    }
    system.contacts = rows.count
    for index in rows.indices { write(index) }
    for i in body.bodies.indices {
      write(Matrix3(Quaternion(rotationVector: after.angularVelocities[i] * settings.step)), rotation: 1 + i)
    }
    write(.identity, rotation: 0)
  }

  /// The torque of a constant force changes as its arm rotates.
  private func addLever(_ body: Int, _ point: SIMD3<Double>, _ force: SIMD3<Double>) {
    let skew = Matrix3(skew: force)
    let path = before.paths[body]
    for place in path.indices {
      let arm = Matrix3(skew: before.arm(place, of: body, to: point))
      add(skew * arm, to: system.state, 1 + path[place], 1 + path[place])
    }
  }

  private func compliance(_ force: Double) -> Double {
    let lightness = StepLinearisation.lightForce / force
    return settings.contactForceMixing * (1 + lightness * lightness)
  }

  /// Adds a row for the normal, which includes sliding friction, and one for each direction that sticks.
  private func addRows(_ contact: SimulatedContact) {
    guard contact.normal == .unitY else { return addTiltedRows(contact) }
    let compliance = compliance(contact.force.y)
    var force = SIMD3<Double>.unitY
    for axis in [0, 2] {
      if abs(contact.force[axis]) < 0.98 * settings.friction * contact.force.y {
        var along = SIMD3<Double>.zero
        along[axis] = 1
        rows.append(
          ContactRow(
            body: contact.body, point: contact.point, direction: along, force: along, compliance: compliance,
            restoring: 0))
      } else {
        force[axis] = contact.force[axis] / contact.force.y
      }
    }
    rows.append(
      ContactRow(
        body: contact.body, point: contact.point, direction: .unitY, force: force, compliance: compliance,
        restoring: settings.contactErrorReduction / settings.step))
  }

  /// The same for a surface that is not level.
  private func addTiltedRows(_ contact: SimulatedContact) {
    let size = contact.force.dot(contact.normal)
    let compliance = compliance(size)
    var force = contact.normal
    let turn = Quaternion(from: .unitY, to: contact.normal)
    for along in [turn.act(.unitX), turn.act(.unitZ)] {
      let share = contact.force.dot(along)
      if abs(share) < 0.98 * settings.friction * size {
        rows.append(
          ContactRow(
            body: contact.body, point: contact.point, direction: along, force: along, compliance: compliance,
            restoring: 0))
      } else {
        force += along * (share / size)
      }
    }
    rows.append(
      ContactRow(
        body: contact.body, point: contact.point, direction: contact.normal, force: force, compliance: compliance,
        restoring: settings.contactErrorReduction / settings.step))
  }

  private func write(_ index: Int) {
    let row = rows[index]
    let (count, n) = (rows.count, coordinates)
    for column in 0..<n {
      system.contactJacobian[column * count + index] = 0
      system.contactState[column * count + index] = 0
      system.contactForces[index * n + column] = 0
    }
    system.compliance[index] = row.compliance
    func add(_ block: Int, _ direction: SIMD3<Double>, _ force: SIMD3<Double>, _ state: SIMD3<Double>) {
      for axis in 0..<3 {
        system.contactJacobian[(3 * block + axis) * count + index] += direction[axis]
        system.contactForces[index * n + 3 * block + axis] += force[axis]
        system.contactState[(3 * block + axis) * count + index] += state[axis]
      }
    }
    func add(_ body: Int, _ sign: Double) {
      let (direction, force) = (sign * row.direction, sign * row.force)
      add(0, direction, force, -row.restoring * direction)
      let path = before.paths[body]
      for place in path.indices {
        let arm = before.arm(place, of: body, to: row.point)
        let lever = arm.cross(direction)
        let rotating = arm.cross(direction.cross(after.angularVelocities[path[place]]))
        add(1 + path[place], lever, arm.cross(force), -rotating - row.restoring * lever)
      }
    }
    add(row.body, 1)
    if let other = row.other { add(other, -1) }
  }
}
