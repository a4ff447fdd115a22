public import Dynamics
public import Kinematics

/// Corrects a motion by simulating a body that follows it.
///
///     let correction = try await TrackingCorrector().correct(clip.motion, seed: 0)
///     print(correction.verdict, correction.report.appliedResidual.max() ?? 0)
///
/// Use it where ``PredictiveCorrector`` takes too long. The kinematic correction is the reference. A body in ODE, with
/// contacts and friction, follows it by implicit PD motors, with the torques of inverse dynamics as feed-forward; a
/// residual force and torque on the pelvis, each bounded, keeps it up where contact forces cannot, and is reported for
/// every frame. Frames are sampled from the simulation at the motion's times. Last, the feet are locked once more
/// (`FootLock`), by the few millimetres by which joints and contacts yield in a simulation.
///
/// Not guaranteed: that the motion is possible without the residual; the report shows how much it needs.
public struct TrackingCorrector: Corrector {
  /// `tracking`, with the bound if it is not the default, and with what else differs from the default settings.
  public var name: String {
    let bound = residualBound == Self.defaultBound ? "" : "-\(residualBound)"
    return "tracking" + bound
      + SettingDifferences().adding(all: settings, default: Self.defaultSettings)
      .adding("maxError", maxError, default: Self.defaultMaxError)
      .adding("plausibleResidual", plausibleResidual, default: PredictiveSettings().plausibleResidual)
      .adding("feet", feet.description, default: FootConstraints().description).suffix
  }
  /// Whose body.
  public var body: CorrectorBody
  /// The largest residual force, and torque over the legs' length [body weights].
  public var residualBound: Double
  /// A motion whose joints come further from the input's than this in the mean of a frame is rejected [m].
  public var maxError = TrackingCorrector.defaultMaxError
  /// Stretches whose cleaned motion has a residual wrench up to this by itself are kept as they are, and so are those
  /// where it is no larger than in the simulated motion; 0 simulates every frame [body weights].
  public var plausibleResidual = PredictiveSettings().plausibleResidual
  /// How the body is simulated, but for the residual's bound.
  public var settings: SimulationSettings
  /// What a person says about the clip's feet: contacts, or a mode.
  public var feet = FootConstraints()

  /// The default of ``residualBound``.
  public static let defaultBound = 2.0

  private static let defaultMaxError = 0.5

  /// Joints nearly three times as stiff as a simulation's default: softer legs scuff the floor as they swing, and the
  /// body stumbles along on its residual.
  public static let defaultSettings: SimulationSettings = {
    var settings = SimulationSettings()
    settings.stiffnessScale = 4
    return settings
  }()

  /// A corrector for one body, or for any.
  public init(
    body: CorrectorBody = CorrectorBody(), residualBound: Double = TrackingCorrector.defaultBound,
    settings: SimulationSettings = TrackingCorrector.defaultSettings
  ) {
    self.body = body
    self.residualBound = residualBound
    self.settings = settings
  }

  /// Corrects one motion on a thread of its own; see ``Corrector/correct(_:seed:)``.
  public func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
    let corrector = self
    return try await SimulatedCorrector(
      body: body, maxError: maxError, isPlanned: false, plausibleResidual: plausibleResidual, feet: feet
    ).correct(motion) { clip in try corrector.simulate(clip) }
  }

  private func simulate(_ clip: SimulatedCorrector.Clip) throws -> SimulatedCorrector.Outcome {
    var settings = settings
    settings.residualBound = residualBound
    let reference = clip.motion.motion
    let run = try TrackingRun.follow(reference, body: clip.body, settings: settings, cancellation: clip.cancellation)
    guard run.poses.count == reference.count else {
      return .init(
        motion: clip.motion, failure: "the simulation blew up at frame \(run.poses.count)",
        appliedResidual: run.applied)
    }
    var motion = reference
    motion.poses = run.poses
    let simulated = PosedMotion(motion)
    let lifted = FloorLevelling.liftBody(simulated, body: clip.body)
    var schedule = clip.schedule
    schedule.standing = zip(clip.standing, clip.schedule.grounded).map { zip($0, $1).map { $0 && !$1 } }
    let (locked, _) = FootLock(body: clip.body).apply(lifted, schedule)
    return .init(motion: locked, appliedResidual: run.applied, notes: [note(simulated, locked)])
  }

  private func note(_ simulated: PosedMotion, _ locked: PosedMotion) -> String {
    let moved = (MotionDifference(simulated, locked).mpjpe * 10).rounded() / 10
    return "After the simulation the feet were locked, which moved the joints by \(moved) mm in the mean."
  }
}
