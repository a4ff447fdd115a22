public import Dynamics
public import Kinematics

/// Corrects a motion by simulating a body that follows it.
///
///     let correction = try await TrackingCorrector().correct(clip.motion, seed: 0)
///     print(correction.verdict, correction.report.appliedResidual.max() ?? 0)
///
/// The kinematic correction is the reference. A body in ODE, with contacts and friction, follows it by implicit PD
/// motors fed forward with the torques of inverse dynamics; a residual force and torque on the pelvis, each bounded,
/// keeps it up where contact forces cannot, and is reported for every frame. Frames are sampled from the simulation at
/// their own times. Last, the feet are locked once more (`FootLock`), by the few millimetres that joints and contacts
/// give in a simulation.
///
/// Not guaranteed: that the motion is possible without the residual; that is what the report says.
public struct TrackingCorrector: Corrector {
  /// `tracking`, with the bound if it is not the default.
  public var name: String {
    residualBound == TrackingCorrector.defaultBound ? "tracking" : "tracking-\(residualBound)"
  }
  /// Whose body.
  public var body: CorrectorBody
  /// The largest residual force, and torque over the legs' length [body weights].
  public var residualBound: Double
  /// A motion whose joints come further from the input's than this in the mean of a frame is rejected [m].
  public var largestError = 0.5
  /// How the body is simulated, but for the residual's bound.
  public var settings: SimulationSettings

  /// The default of ``residualBound``.
  public static let defaultBound = 2.0

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
    return try await CapturedPart(motion).correct { motion in
      try await SimulationThread.run { try corrector.correctHere(motion) }
    }
  }

  private func correctHere(_ motion: Motion) throws -> Correction {
    let started = ProcessorTime.thread
    let body = try body.body(for: motion)
    let maker = CorrectionMaker(input: motion, body: body, started: started, largestError: largestError)
    // Simulated near the origin, where numbers are exact, wherever the clip is.
    let origin = motion.poses[0].rootPosition.horizontal
    let cleanup = KinematicCleanup(
      motion.moved(by: -origin), body: body, floorTolerance: self.body.floorTolerance(for: motion))
    let contacts = KinematicCleanup.contacts(cleanup.standing)
    var settings = settings
    settings.residualBound = residualBound
    let run = TrackingRun(cleanup.motion, body: body, settings: settings)
    guard run.poses.count == motion.count else {
      return maker.make(
        motion, raised: cleanup.raised, contacts: contacts, applied: run.applied, notes: cleanup.notes,
        failure: "the simulation blew up at frame \(run.poses.count)")
    }
    var simulated = cleanup.motion
    simulated.poses = run.poses
    let lifted = FloorLevelling.liftBody(simulated, body: body)
    let (locked, _) = FootLock(body: body).apply(lifted, contacts: cleanup.standing)
    return maker.make(
      locked.moved(by: origin), raised: cleanup.raised, contacts: contacts, applied: run.applied,
      notes: cleanup.notes + [note(simulated, locked)])
  }

  private func note(_ simulated: Motion, _ locked: Motion) -> String {
    let moved = MotionDifference(simulated, locked)
    return
      "After the simulation the feet were locked, which moved the joints by \(rounded(moved.mpjpe)) mm in the mean."
  }

  private func rounded(_ x: Double) -> Double { (x * 10).rounded() / 10 }
}

extension Motion {
  /// The motion moved as a whole [m].
  func moved(by shift: SIMD3<Double>) -> Motion {
    var result = self
    for i in result.poses.indices { result.poses[i].rootPosition += shift }
    return result
  }
}
