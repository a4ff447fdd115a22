public import Dynamics

/// How a ``PredictiveCorrector`` plans.
///
/// Residuals of one planned frame, the squares of which are summed; `m` is a segment's mass over 10 kg, plus 0.3:
///
/// | residual | numbers | weight |
/// |---|---|---|
/// | places of the segments' centres of mass [m] | 39 | sqrt(m) ``place``, feet 1.5 times |
/// | their velocities [m/s] | 39 | sqrt(m) ``velocity`` |
/// | orientations of pelvis, chest and feet [rad] | 12 | ``orientation``, feet half |
/// | centre of mass [m] and its velocity [m/s] | 6 | ``centre``, ``centreVelocity`` |
/// | angles beyond a joint's limits [rad] | 10 | ``limit`` |
/// | turns of the joints' targets [rad] | 1 a control and knot | ``effort`` |
public struct PredictiveSettings: Sendable, Hashable {
  /// Knots of the controls ahead.
  public var knots = 8
  /// From knot to knot, and from plan to plan [s].
  public var interval = 1.0 / 15
  /// From residual to residual [s].
  public var frame = 1.0 / 30
  /// Gauss-Newton steps a plan, at most.
  public var iterations = 8
  /// A plan whose cost is below this is good enough as it is.
  public var goodCost = 0.003
  /// Steps stop when one lowers the cost by less than this share.
  public var leastGain = 0.02
  /// The least damping of Levenberg and Marquardt.
  public var damping = 1e-3
  /// Controls stay within this [rad].
  public var largestControl = 1.0
  /// See the table.
  public var place = 1.0
  /// See the table.
  public var velocity = 0.08
  /// See the table.
  public var orientation = 0.3
  /// See the table.
  public var centre = 2.0
  /// See the table.
  public var centreVelocity = 0.5
  /// See the table.
  public var effort = 0.08
  /// See the table.
  public var limit = 5.0
  /// Multiplies the residuals of the plan's last frame.
  public var last = 2.0
  /// The share of inverse dynamics' torques that joints are fed forward.
  public var feedForward = 0.0
  /// Knots that a plan is lengthened by where the first one fails; 0 leaves this rung of the ladder out.
  public var patience = 4
  /// A stretch in which the segments are further than this from the reference in the mean is planned anew in other ways
  /// [m]; 0 leaves that out.
  public var doubt = 0.04
  /// The residual wrench that is allowed where nothing else holds the body [body weights]; 0 allows none.
  public var lastResort = 0.1
  /// How the body is simulated.
  public var simulation = PredictiveSettings.simulation

  /// Springs that level off at human torques, parts of the body that do not pass through each other, and soles that
  /// give: a contact of 360 kN/m and 2 kN s/m, the order of a heel on hard ground. A rigid floor makes every step
  /// an impact, which shows in the motion as a shiver.
  private static let simulation: SimulationSettings = {
    var settings = SimulationSettings()
    settings.selfOverlap = 0.002
    settings.selfContactMargin = 0.04
    settings.torqueScale = 1
    settings.contactErrorReduction = 0.6
    settings.contactForceMixing = 2e-4
    return settings
  }()

  /// The defaults.
  public init() {}
}
