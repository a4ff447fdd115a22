/// The settings of a ``Simulation``: its step, contacts, joint motors and residual wrench.
///
///     var settings = SimulationSettings()
///     settings.step = 1.0 / 240
///     settings.residualBound = 0.5          // a residual wrench of up to half the body's weight
///     let simulation = Simulation(body: body, settings: settings)
public struct SimulationSettings: Sendable, Hashable {
  /// The length of a step [s].
  public var step = 1.0 / 120
  /// Coulomb's friction coefficient between body and floor.
  public var friction = 1.0
  /// The share of a joint's position error that one step corrects (ODE's ERP).
  public var errorReduction = 0.2
  /// ODE's constraint force mixing (CFM) of joints.
  public var constraintForceMixing = 1e-9
  /// The share of a contact's depth that one step corrects (ODE's ERP).
  public var contactErrorReduction = 0.2
  /// ODE's constraint force mixing (CFM) of contacts.
  public var contactForceMixing = 1e-5
  /// The depth at which contacts rest [m].
  public var surfaceLayer = 0.0005
  /// The largest speed at which a step separates bodies that overlap [m/s].
  public var correctingSpeed = 1.0
  /// Whether the body's parts collide with each other.
  public var selfCollision = true
  /// The depth up to which the body's parts overlap without a collision [m]: the solids are idealised, and real limbs
  /// brush.
  public var selfOverlap = 0.03
  /// The distance below which parts of the body that approach each other are slowed down before they touch [m]; 0 for
  /// none. Without it a hand that swings at 4 m/s is 3 cm deep in a thigh before the step that stops it.
  public var selfContactMargin = 0.0
  /// A factor on every joint's stiffness and damping.
  public var stiffnessScale = 1.5
  /// A factor on every joint's largest torque.
  public var torqueScale = 3.0
  /// The largest residual force on the pelvis, and residual torque divided by the legs' length [body weights]; 0 for
  /// none.
  public var residualBound = 0.0
  /// The position error of the pelvis at which the residual force's spring carries the body's weight [m].
  public var residualDeflection = 0.03
  /// The damping of the residual force's spring relative to the critical one.
  public var residualDamping = 2.0
  /// The speed above which a simulation counts as blown up [m/s].
  public var speedLimit = 60.0

  /// The default settings; change the ones you need.
  public init() {}

  /// Traps on settings that ODE would end the process over.
  func checkRanges() {
    precondition(step > 0 && step.isFinite, "a simulation's step is positive, not \(step) s")
    let others = [
      friction, errorReduction, constraintForceMixing, contactErrorReduction, contactForceMixing, surfaceLayer,
      correctingSpeed, selfOverlap, selfContactMargin, stiffnessScale, torqueScale, residualBound, residualDeflection,
      residualDamping, speedLimit,
    ]
    precondition(others.allSatisfy { $0 >= 0 }, "no setting of a simulation is negative or not a number")
  }
}
