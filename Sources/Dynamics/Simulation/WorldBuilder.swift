internal import COpenDynamics
import Kinematics

/// Builds the ODE world of a ``Simulation``: bodies, solids, joints and motors.
struct WorldBuilder {
  let world: dWorldID
  let threading: dThreadingImplementationID?
  var bodies: [dBodyID] = []
  var geometries: [dGeomID] = []
  /// The solids that detect near parts of the body, larger by half of the contact margin all around; empty without it.
  var proximityGeometries: [dGeomID] = []
  let floor: dGeomID
  let surfaces: [dGeomID]
  var motors: [dJointID?] = []
  var gains: [JointGains] = []
  var rootMotor: RootMotor?
  private let settings: SimulationSettings

  init(body: BodyModel, settings: SimulationSettings) {
    self.settings = settings
    world = dWorldCreate()
    // Steps on the caller's thread alone: worlds of several threads share nothing.
    threading = dThreadingAllocateSelfThreadedImplementation()
    dWorldSetStepThreadingImplementation(world, dThreadingImplementationGetFunctions(threading), threading)
    dWorldSetGravity(world, 0, -BodyModel.gravity, 0)
    dWorldSetERP(world, settings.errorReduction)
    dWorldSetCFM(world, settings.constraintForceMixing)
    dWorldSetContactMaxCorrectingVel(world, settings.correctingSpeed)
    dWorldSetContactSurfaceLayer(world, settings.surfaceLayer)
    dWorldSetAutoDisableFlag(world, 0)
    floor = dCreatePlane(nil, 0, 1, 0, 0)
    surfaces = body.ground.boxes.map(WorldBuilder.surface)
    let state = body.assembled(
      pelvis: .unitY * (2 * body.legLength), rotations: Array(repeating: .identity, count: body.bodies.count))
    for (index, part) in body.bodies.enumerated() { add(part, at: state.world(index, part.centreOfMass)) }
    for (index, part) in body.bodies.enumerated() {
      gains.append(JointGains.of(part.segment).scaled(settings, mass: body.mass))
      motors.append(part.parent.map { join(index, to: $0, at: state.world(index, part.pivot)) })
    }
    if settings.residualBound > 0 {
      rootMotor = RootMotor(world: world, pelvis: bodies[0], body: body, settings: settings)
    }
  }

  /// A box of the scene, which never moves.
  private static func surface(_ box: Ground.Box) -> dGeomID {
    let geometry: dGeomID = dCreateBox(nil, 2 * box.halfExtents.x, 2 * box.halfExtents.y, 2 * box.halfExtents.z)
    dGeomSetPosition(geometry, box.centre.x, box.centre.y, box.centre.z)
    let turn = box.rotation
    let numbers = [turn.w, turn.imaginary.x, turn.imaginary.y, turn.imaginary.z]
    dGeomSetQuaternion(geometry, numbers)
    return geometry
  }

  private mutating func add(_ part: Body, at centre: SIMD3<Double>) {
    let created: dBodyID = dBodyCreate(world)
    var mass = dMass()
    let (a, along) = (part.axis, part.longitudinalInertia - part.transverseInertia)
    dMassSetParameters(
      &mass, part.mass, 0, 0, 0, part.transverseInertia + along * a.x * a.x, part.transverseInertia + along * a.y * a.y,
      part.transverseInertia + along * a.z * a.z, along * a.x * a.y, along * a.x * a.z, along * a.y * a.z)
    dBodySetMass(created, &mass)
    dBodySetPosition(created, centre.x, centre.y, centre.z)
    dBodySetGyroscopicMode(created, 1)
    dBodySetFiniteRotationMode(created, 1)
    bodies.append(created)
    geometries.append(attach(part, to: created, grown: 0))
    if settings.selfContactMargin > 0 {
      proximityGeometries.append(attach(part, to: created, grown: settings.selfContactMargin / 2))
    }
  }

  private func attach(_ part: Body, to body: dBodyID, grown: Double) -> dGeomID {
    let geometry = solid(part.shape, grown: grown)
    dGeomSetBody(geometry, body)
    place(geometry, part)
    return geometry
  }

  private func solid(_ shape: Shape, grown: Double) -> dGeomID {
    switch shape {
    case .capsule(let from, let to, let radius):
      let length = (to - from).length
      return length < 1e-6 ? dCreateSphere(nil, radius + grown) : dCreateCapsule(nil, radius + grown, length)
    case .box(_, _, let half): return dCreateBox(nil, 2 * (half.x + grown), 2 * (half.y + grown), 2 * (half.z + grown))
    }
  }

  /// ODE's capsules lie along Z about the body's centre of mass.
  private func place(_ geometry: dGeomID, _ part: Body) {
    let centre = part.shape.centre - part.centreOfMass
    dGeomSetOffsetPosition(geometry, centre.x, centre.y, centre.z)
    let rotation: Quaternion
    switch part.shape {
    case .capsule(let from, let to, _):
      guard (to - from).length >= 1e-6 else { return }
      rotation = Quaternion(from: .unitZ, to: (to - from).normalized)
    case .box(_, let boxRotation, _): rotation = boxRotation
    }
    let numbers = [rotation.w, rotation.imaginary.x, rotation.imaginary.y, rotation.imaginary.z]
    dGeomSetOffsetQuaternion(geometry, numbers)
  }

  private func join(_ index: Int, to parent: Int, at anchor: SIMD3<Double>) -> dJointID {
    let ball: dJointID = dJointCreateBall(world, nil)
    dJointAttach(ball, bodies[index], bodies[parent])
    dJointSetBallAnchor(ball, anchor.x, anchor.y, anchor.z)
    let motor: dJointID = dJointCreateAMotor(world, nil)
    dJointAttach(motor, bodies[index], bodies[parent])
    dJointSetAMotorMode(motor, Int32(dAMotorUser))
    dJointSetAMotorNumAxes(motor, 3)
    // Axes fixed in the parent, which is the motor's second body.
    for (axis, unit) in [SIMD3<Double>.unitX, .unitY, .unitZ].enumerated() {
      dJointSetAMotorAxis(motor, Int32(axis), 2, unit.x, unit.y, unit.z)
    }
    let gain = gains[index]
    let mixing = 1 / (settings.step * gain.stiffness + gain.damping)
    for (force, soft) in MotorParameter.forceAndMixing {
      dJointSetAMotorParam(motor, force, .infinity)
      dJointSetAMotorParam(motor, soft, mixing)
    }
    return motor
  }
}

/// ODE's parameter numbers for the three axes of a motor.
enum MotorParameter {
  static let velocity: [Int32] = [number(dParamVel1), number(dParamVel2), number(dParamVel3)]
  static let forceAndMixing: [(force: Int32, mixing: Int32)] = [
    (number(dParamFMax1), number(dParamCFM1)), (number(dParamFMax2), number(dParamCFM2)),
    (number(dParamFMax3), number(dParamCFM3)),
  ]

  private static func number(_ parameter: some BinaryInteger) -> Int32 { Int32(parameter) }
  private static func number<Parameter: RawRepresentable>(_ parameter: Parameter) -> Int32
  where Parameter.RawValue: BinaryInteger { Int32(parameter.rawValue) }
}
