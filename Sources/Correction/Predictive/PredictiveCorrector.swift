public import Dynamics
public import Mocap

/// Corrects a motion by a simulation that needs no hidden hand: joint torques and floor contact alone move the body.
public struct PredictiveCorrector: Corrector {
  /// `predictive`.
  public let name = "predictive"
  /// Whose body.
  public var body: CorrectorBody
  /// How it plans.
  public var settings: PredictiveSettings
  /// A motion whose joints come further from the input's than this in the mean of a frame is rejected [m].
  public var largestError = 0.5

  /// A corrector for one body, or for any.
  public init(body: CorrectorBody = CorrectorBody(), settings: PredictiveSettings = PredictiveSettings()) {
    self.body = body
    self.settings = settings
  }

  /// Corrects one motion on a thread of its own; see ``Corrector/correct(_:seed:)``.
  public func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
    let corrector = self
    return try await SimulationThread.run { try corrector.correctHere(motion) }
  }

  private func correctHere(_ motion: Motion) throws -> Correction {
    let started = ProcessorTime.thread
    let body = try body.body(for: motion)
    let maker = CorrectionMaker(input: motion, body: body, started: started, largestError: largestError)
    let origin = motion.poses[0].rootPosition.horizontal
    let cleanup = KinematicCleanup(motion.moved(by: -origin), body: body)
    let contacts = KinematicCleanup.contacts(cleanup.standing)
    let run = PredictiveRun(cleanup.motion, body: body, settings: settings, largestError: 0.3)
    let notes = cleanup.notes + ["work \(run.work)"]
    if let failure = run.failure {
      return maker.make(
        motion, raised: cleanup.raised, contacts: contacts, applied: run.applied, notes: notes,
        failure: "the body fell at \(failure) s")
    }
    var simulated = cleanup.motion
    simulated.poses = run.poses
    return maker.make(
      simulated.moved(by: origin), raised: cleanup.raised, contacts: contacts, applied: run.applied, notes: notes)
  }
}
