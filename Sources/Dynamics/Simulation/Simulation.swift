internal import COpenDynamics
import Kinematics

/// A body in an ODE world with a floor at height 0.
///
///     let simulation = Simulation(body: body)
///     simulation.place(state, velocities: .zero(body))
///     simulation.track(rotations: targets, velocities: nil)
///     guard simulation.step() else { ... }              // false: it blew up, and no number of it is to be used
///     let now = simulation.state
///
/// Bodies are jointed by ball joints; a joint's PD controller is an angular motor whose row in ODE's linear system is
/// that of an implicit spring and damper (Tan, Liu and Turk, "Stable proportional-derivative controllers", IEEE CG&A 31
/// (2011), 10.1109/MCG.2011.30): stable at any stiffness. ODE's exact solver (`dWorldStep`) makes steps of one process
/// bit-identical on replay.
///
/// A simulation belongs to one thread at a time: make and use it inside ``SimulationThread/run(_:)``.
public final class Simulation {
  /// The body that moves.
  public let body: BodyModel
  /// How.
  public let settings: SimulationSettings
  /// Contacts of the last step, one a segment and point.
  public internal(set) var contacts: [SimulatedContact] = []
  /// Contacts of the body with itself in the last step.
  package internal(set) var selfContacts: [SelfContact] = []
  /// Whether a step has blown up; only ``place(_:velocities:)`` and ``restore(_:)`` suggestion it.
  public private(set) var isBroken = false
  /// The residual force [N] and torque [N m] of the last step.
  public internal(set) var residual = Wrench()

  let world: dWorldID
  let bodies: [dBodyID]
  let geometries: [dGeomID]
  let sights: [dGeomID]
  let floor: dGeomID
  let contactGroup: dJointGroupID
  let motors: [dJointID?]
  let gains: [JointStrength]
  let collisionPairs: [(Int, Int)]
  let contactBuffer: UnsafeMutablePointer<dContact>
  let contactFeedback: UnsafeMutablePointer<dJointFeedback>
  let selfFeedback: UnsafeMutablePointer<dJointFeedback>
  let rootMotor: RootMotor?
  /// Of every segment: its parent (-1 for none), centre of mass and bounding radius, and where its frame is.
  let parents: [Int]
  let centres: [SIMD3<Double>]
  let reaches: [Double]
  var origins: [SIMD3<Double>]
  private let threading: dThreadingImplementationID?

  /// A simulation of `body`, in the rest pose with its feet off the floor until it is placed.
  public init(body: BodyModel, settings: SimulationSettings = SimulationSettings()) {
    OpenDynamics.prepareThread()
    self.body = body
    self.settings = settings
    let builder = WorldBuilder(body: body, settings: settings)
    world = builder.world
    threading = builder.threading
    bodies = builder.bodies
    geometries = builder.geometries
    sights = builder.sights
    floor = builder.floor
    contactGroup = dJointGroupCreate(0)
    motors = builder.motors
    gains = builder.gains
    rootMotor = builder.rootMotor
    contactBuffer = .allocate(capacity: Simulation.contactsAtMost)
    contactFeedback = .allocate(capacity: Simulation.feedbacksAtMost)
    contactFeedback.initialize(repeating: dJointFeedback(), count: Simulation.feedbacksAtMost)
    selfFeedback = .allocate(capacity: body.bodies.count * body.bodies.count)
    selfFeedback.initialize(repeating: dJointFeedback(), count: body.bodies.count * body.bodies.count)
    parents = body.bodies.map { $0.parent ?? -1 }
    centres = body.bodies.map(\.centreOfMass)
    reaches = body.bodies.map(\.shape.boundingRadius)
    origins = centres
    let segments = Segment.allCases
    collisionPairs = segments.indices.flatMap { a in
      segments.indices.filter { $0 > a && !segments[a].isNeighbour(of: segments[$0]) }.map { (a, $0) }
    }
  }

  deinit {
    contactBuffer.deallocate()
    contactFeedback.deallocate()
    selfFeedback.deallocate()
    rootMotor?.free()
    dJointGroupDestroy(contactGroup)
    for geometry in geometries { dGeomDestroy(geometry) }
    for sight in sights { dGeomDestroy(sight) }
    dGeomDestroy(floor)
    dWorldDestroy(world)
    if let threading { dThreadingFreeImplementation(threading) }
  }

  static let contactsAtMost = 8
  static let feedbacksAtMost = 128
  /// Coulomb's coefficient between parts of the body.
  static let selfFriction = 0.3

  /// Advances one step of `settings.step` seconds.
  ///
  /// - Returns: `false` if a number is not finite or a part moves faster than `settings.speedLimit`. ODE would end the
  ///   process over such numbers, so it is not stepped.
  @discardableResult public func step() -> Bool {
    guard !isBroken, isSane else {
      isBroken = true
      return false
    }
    collide()
    let stepped = dWorldStep(world, settings.step) != 0
    dJointGroupEmpty(contactGroup)
    for k in 0..<min(contacts.count, Simulation.feedbacksAtMost) {
      let force = contactFeedback[k].f1
      contacts[k].force = SIMD3(force.0, force.1, force.2)
    }
    for k in selfContacts.indices {
      let force = selfFeedback[k].f1
      selfContacts[k].force = SIMD3(force.0, force.1, force.2)
    }
    residual = rootMotor?.applied ?? Wrench()
    if !stepped || !isSane { isBroken = true }
    return !isBroken
  }

  private var isSane: Bool {
    bodies.allSatisfy { body in
      let speed = vector(dBodyGetLinearVel(body)).squaredLength + 0.01 * vector(dBodyGetAngularVel(body)).squaredLength
      return speed < settings.speedLimit.squared && vector(dBodyGetPosition(body)).squaredLength < 1e10
    }
  }

  func placed() { isBroken = false }

  func vector(_ p: UnsafePointer<dReal>?) -> SIMD3<Double> { p.map { SIMD3($0[0], $0[1], $0[2]) } ?? .zero }
}

/// A force [N] and a torque [N m].
public struct Wrench: Sendable, Hashable {
  /// [N].
  public var force = SIMD3<Double>.zero
  /// About the point of application [N m].
  public var torque = SIMD3<Double>.zero

  /// None.
  public init() {}

  /// A wrench by its parts.
  public init(force: SIMD3<Double>, torque: SIMD3<Double>) {
    self.force = force
    self.torque = torque
  }

  /// Its size as a share of a body's weight: the length of the force and of the torque over the legs' length, together.
  public func bodyWeights(of body: BodyModel) -> Double {
    (force.squaredLength + (torque / body.legLength).squaredLength).squareRoot() / body.weight
  }
}

/// A point at which a segment touched the floor in a step.
public struct SimulatedContact: Sendable, Hashable {
  /// The index of the segment's body.
  public var body: Int
  /// In the world [m].
  public var point: SIMD3<Double>
  /// How far below the floor [m].
  public var depth: Double
  /// The force of the floor on the segment in the step [N].
  public var force = SIMD3<Double>.zero
}

/// A point at which two segments that are no neighbours touched in a step.
package struct SelfContact: Sendable, Hashable {
  /// The segment that the normal points into.
  package var first: Int
  /// The other.
  package var second: Int
  /// In the world [m].
  package var point: SIMD3<Double>
  /// Of length 1.
  package var normal: SIMD3<Double>
  /// Whether the two do not touch yet, but would in the step.
  package var isAhead = false
  /// On the first segment [N].
  package var force = SIMD3<Double>.zero
}
