internal import COpenDynamics
import Kinematics

/// A body in an ODE world with a floor at height 0, which follows targets by joint motors.
///
///     let start = body.state(of: motion.poses[0])
///     let end = try await SimulationThread.run {
///       let simulation = Simulation(body: body)
///       simulation.place(start, velocities: .zero(body))
///       let target = TrackingTarget(
///         rotations: start.rotations, angularVelocities: start.rotations.map { _ in .zero },
///         pelvis: start.positions[0], pelvisVelocity: .zero)
///       for _ in 0..<120 {                              // one second of holding the pose
///         simulation.track(target)
///         guard simulation.step() else { break }        // false: it blew up
///       }
///       return simulation.state
///     }
///
/// Ball joints connect the segments. A joint's PD controller is an angular motor whose row in ODE's linear system is
/// that of an implicit spring and damper (Tan, Liu and Turk, "Stable proportional-derivative controllers", IEEE CG&A 31
/// (2011), 10.1109/MCG.2011.30), which is stable at any stiffness. ODE's exact solver (`dWorldStep`) makes the steps of
/// one process bit-identical on replay.
///
/// A simulation belongs to one thread: make and use it inside ``SimulationThread/run(_:)``.
public final class Simulation {
  /// The body that is simulated.
  public let body: BodyModel
  /// The settings of the world and the motors.
  public let settings: SimulationSettings
  /// The contacts with the floor in the last step, one for each segment and point.
  public internal(set) var contacts: [SimulatedContact] = []
  /// The contacts of the body with itself in the last step.
  package internal(set) var selfContacts: [SelfContact] = []
  /// Whether a step has blown up; ``place(_:velocities:)`` and ``restore(_:)`` reset it.
  public internal(set) var isBroken = false
  /// The residual wrench on the pelvis in the last step.
  public internal(set) var residual = Wrench()

  let world: dWorldID
  let bodies: [dBodyID]
  let geometries: [dGeomID]
  /// The geometries that detect near parts of the body; empty without ``SimulationSettings/selfContactMargin``.
  let proximityGeometries: [dGeomID]
  let floor: dGeomID
  /// The boxes of the body's ground.
  let surfaces: [dGeomID]
  let contactGroup: dJointGroupID
  let motors: [dJointID?]
  let gains: [JointGains]
  let collisionPairs: [(Int, Int)]
  let contactBuffer: UnsafeMutablePointer<dContact>
  let contactFeedback: UnsafeMutablePointer<dJointFeedback>
  let selfFeedback: UnsafeMutablePointer<dJointFeedback>
  let rootMotor: RootMotor?
  /// Of every segment: its parent (-1 for none), its centre of mass and bounding radius, and the origin of its frame.
  let parents: [Int]
  let centres: [SIMD3<Double>]
  let boundingRadii: [Double]
  var origins: [SIMD3<Double>]
  private let threading: dThreadingImplementationID?

  /// A simulation of `body`, in the rest pose above the floor until it is placed.
  ///
  /// - Precondition: The settings have a positive step and no negative number.
  public init(body: BodyModel, settings: SimulationSettings = SimulationSettings()) {
    settings.checkRanges()
    OpenDynamics.prepareThread()
    self.body = body
    self.settings = settings
    let builder = WorldBuilder(body: body, settings: settings)
    world = builder.world
    threading = builder.threading
    bodies = builder.bodies
    geometries = builder.geometries
    proximityGeometries = builder.proximityGeometries
    floor = builder.floor
    surfaces = builder.surfaces
    contactGroup = dJointGroupCreate(0)
    motors = builder.motors
    gains = builder.gains
    rootMotor = builder.rootMotor
    contactBuffer = .allocate(capacity: Simulation.maxContactsPerPair)
    contactFeedback = .allocate(capacity: Simulation.maxContactForces)
    contactFeedback.initialize(repeating: dJointFeedback(), count: Simulation.maxContactForces)
    selfFeedback = .allocate(capacity: body.bodies.count * body.bodies.count)
    selfFeedback.initialize(repeating: dJointFeedback(), count: body.bodies.count * body.bodies.count)
    parents = body.bodies.map { $0.parent ?? -1 }
    centres = body.bodies.map(\.centreOfMass)
    boundingRadii = body.bodies.map(\.shape.boundingRadius)
    origins = centres
    collisionPairs = body.distantPairs
  }

  deinit {
    contactBuffer.deallocate()
    contactFeedback.deallocate()
    selfFeedback.deallocate()
    rootMotor?.free()
    dJointGroupDestroy(contactGroup)
    for geometry in geometries { dGeomDestroy(geometry) }
    for geometry in proximityGeometries { dGeomDestroy(geometry) }
    dGeomDestroy(floor)
    for surface in surfaces { dGeomDestroy(surface) }
    dWorldDestroy(world)
    if let threading { dThreadingFreeImplementation(threading) }
  }

  /// The contact points of one segment with the floor, at most.
  static let maxContactsPerPair = 8
  /// The contacts with the floor whose forces are reported, at most.
  static let maxContactForces = 128
  /// Coulomb's friction coefficient between parts of the body.
  static let selfFriction = 0.3

  /// Advances one step of `settings.step` seconds.
  ///
  /// - Returns: `false` if a number is not finite, or a segment is faster than `settings.speedLimit` or more than 100 km
  ///   away. ODE would end the process over such numbers, so it is not stepped: use no number of the simulation until it
  ///   is placed or restored.
  @discardableResult public func step() -> Bool {
    guard !isBroken, isStable else {
      isBroken = true
      return false
    }
    collide()
    let stepped = dWorldStep(world, settings.step) != 0
    dJointGroupEmpty(contactGroup)
    for k in 0..<min(contacts.count, Simulation.maxContactForces) {
      let force = contactFeedback[k].f1
      contacts[k].force = SIMD3(force.0, force.1, force.2)
    }
    for k in selfContacts.indices {
      let force = selfFeedback[k].f1
      selfContacts[k].force = SIMD3(force.0, force.1, force.2)
    }
    residual = rootMotor?.applied ?? Wrench()
    if !stepped || !isStable { isBroken = true }
    return !isBroken
  }

  private var isStable: Bool {
    bodies.allSatisfy { body in
      let speed = vector(dBodyGetLinearVel(body)).squaredLength + 0.01 * vector(dBodyGetAngularVel(body)).squaredLength
      return speed < settings.speedLimit.squared
        && vector(dBodyGetPosition(body)).squaredLength < BodyModel.simulatedRange.squared
    }
  }

  func vector(_ p: UnsafePointer<dReal>?) -> SIMD3<Double> { p.map { SIMD3($0[0], $0[1], $0[2]) } ?? .zero }
}
