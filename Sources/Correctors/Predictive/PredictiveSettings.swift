public import Dynamics

/// How a ``PredictiveCorrector`` plans.
///
///     var settings = PredictiveSettings()
///     settings.fallbackResidualBound = 0             // reject instead of pushing the root
///     let corrector = PredictiveCorrector(settings: settings)
///
/// Residuals of one planned frame, the squares of which are summed; `m` is a segment's mass over 10 kg, plus 0.3:
///
/// | residual | numbers | weight |
/// |---|---|---|
/// | positions of the segments' centres of mass [m] | 39 | sqrt(m) ``positionWeight``, feet 1.5 times |
/// | their velocities [m/s] | 39 | sqrt(m) ``velocityWeight`` |
/// | orientations of pelvis, chest and feet [rad] | 12 | ``orientationWeight``, feet half |
/// | centre of mass [m] and its velocity [m/s] | 6 | ``centreOfMassWeight``, ``centreOfMassVelocityWeight`` |
/// | angles beyond a joint's limits [rad] | 10 | ``jointLimitWeight`` |
/// | turns of the joints' targets [rad] | 1 a control and knot | ``effortWeight`` |
public struct PredictiveSettings: Sendable, Hashable {
  /// Knots of the controls ahead.
  public var knots = 8
  /// From knot to knot, and from plan to plan [s].
  public var interval = 1.0 / 15
  /// From one frame with residuals to the next [s].
  public var residualInterval = 1.0 / 30
  /// Gauss-Newton steps a plan, at most.
  public var iterations = 8
  /// A plan whose cost is below this is not improved.
  public var costTolerance = 0.003
  /// A plan is finished when a step lowers its cost by less than this share.
  public var minRelativeDecrease = 0.02
  /// The least damping of Levenberg and Marquardt.
  public var damping = 1e-3
  /// Controls stay within this [rad].
  public var maxControl = 1.0
  /// Weight of the segments' positions [1/m].
  public var positionWeight = 1.0
  /// Weight of the segments' velocities [s/m].
  public var velocityWeight = 0.08
  /// Weight of the orientations [1/rad].
  public var orientationWeight = 0.3
  /// Weight of the whole body's centre of mass [1/m].
  public var centreOfMassWeight = 2.0
  /// Weight of the centre of mass's velocity [s/m].
  public var centreOfMassVelocityWeight = 0.5
  /// Weight of the controls [1/rad].
  public var effortWeight = 0.08
  /// Weight of what exceeds a joint's limits [1/rad].
  public var jointLimitWeight = 5.0
  /// Multiplies the residuals of the plan's last frame.
  public var terminalWeight = 2.0
  /// The share of inverse dynamics' torques that joints get as feed-forward.
  public var feedForward = 0.0
  /// Knots that the first fallback level adds to a plan; 0 leaves this level out.
  public var extendedKnots = 4
  /// A stretch in which the segments are further than this from the reference in the mean is planned again with other
  /// settings [m]; 0 never plans again.
  public var replanThreshold = 0.04
  /// The residual wrench that the last fallback level allows [body weights]; 0 leaves this level out.
  public var fallbackResidualBound = 0.1
  /// Stretches whose cleaned motion has a residual wrench up to this by itself are kept as they are, and so are those
  /// where it is no larger than in the simulated motion (`PlausibleStretches`); 0 simulates every frame [body weights].
  public var plausibleResidual = 0.05
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

extension PredictiveSettings {
  /// These settings, then those that are tried in turn where they fail.
  var fallbackLevels: [PredictiveSettings] {
    var thorough = self
    thorough.knots += extendedKnots
    thorough.iterations *= 2
    thorough.minRelativeDecrease /= 4
    thorough.costTolerance = 0
    thorough.effortWeight /= 2
    var helped = self
    helped.simulation.residualBound = max(simulation.residualBound, fallbackResidualBound)
    return [self] + (extendedKnots > 0 ? [thorough] : []) + alternativeSettings
      + (fallbackResidualBound > 0 ? [helped] : [])
  }

  /// Other weights for a stretch far from the reference. Which is the nearest cannot be known in advance: the cost of
  /// plans in contact is rugged.
  private var alternativeSettings: [PredictiveSettings] {
    guard replanThreshold > 0 else { return [] }
    var loose = self
    loose.knots += 2
    loose.effortWeight /= 2
    loose.velocityWeight *= 0.6
    loose.costTolerance = 0
    var firm = self
    firm.knots += 1
    firm.positionWeight *= 1.4
    firm.centreOfMassVelocityWeight /= 2
    firm.iterations *= 2
    firm.costTolerance = 0
    return [loose, firm]
  }

  /// Below this tracking error a stretch far from the reference is over [m].
  var replanEndThreshold: Double { 0.6 * replanThreshold }
}
