/// How a body is simulated.
public struct SimulationSettings: Sendable, Hashable {
  /// Seconds a step.
  public var step = 1.0 / 120
  /// Coulomb's coefficient between body and floor.
  public var friction = 1.0
  /// The share of a joint's error that one step fixes.
  public var errorReduction = 0.2
  /// ODE's constraint force mixing of joints.
  public var constraintForceMixing = 1e-9
  /// The same two for contacts.
  public var contactErrorReduction = 0.2
  /// See ``contactErrorReduction``.
  public var contactForceMixing = 1e-5
  /// The depth at which contacts rest [m].
  public var surfaceLayer = 0.0005
  /// The speed at which a step parts what overlaps, at most [m/s].
  public var correctingSpeed = 1.0
  /// Whether the body's parts collide with each other.
  public var selfCollision = true
  /// Overlaps of the body's parts up to this depth do not collide: solids are idealised, and real limbs brush [m].
  public var selfOverlap = 0.03
  /// Parts nearer to each other than this are slowed down before they touch; 0 for none [m]. Without it a hand that
  /// swings at 4 m/s is 3 cm deep in a thigh before the step that stops it.
  public var selfForesight = 0.0
  /// Multiplies every joint's stiffness and damping.
  public var stiffnessScale = 1.5
  /// Multiplies every joint's largest torque.
  public var torqueScale = 3.0
  /// The largest residual force on the pelvis, and residual torque over the legs' length [body weights]; 0 for none.
  public var residualBound = 0.0
  /// The error of the pelvis's place at which the residual force's spring pulls the body's weight [m].
  public var residualStretch = 0.03
  /// The residual spring's damping as a share of the critical one.
  public var residualDamping = 2.0
  /// The speed beyond which a simulation counts as blown up [m/s].
  public var speedLimit = 60.0

  /// The defaults.
  public init() {}
}
