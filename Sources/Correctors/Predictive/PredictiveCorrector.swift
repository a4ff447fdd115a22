import Dynamics
public import Kinematics

/// Corrects a motion by a simulation that needs no residual force on the root: joint torques and floor contact alone
/// move the body. The default corrector.
///
///     let clip = try MotionFile.reading(contentsOf: file).clip
///     let correction = try await PredictiveCorrector().correct(clip.motion, seed: 0)
///     switch correction.verdict {
///     case .corrected, .unchanged: use(correction.motion)
///     case .rejected(let reason): print(reason)
///     }
///     print(correction.report.appliedResidual.max() ?? 0, "body weights at most")
///     print(correction.report.peakTorques ?? [:])
///
/// The kinematic correction is the reference. A body in ODE follows it by joint motors whose targets are planned: every
/// 1/15 s the next half second of targets is improved by Gauss and Newton's method through the simulation itself,
/// linearised in closed form (`StepLinearisation`), and the first interval is carried out. The result is that
/// simulation, frame by frame, but for stretches that need none: where floor contact alone explains the reference, to
/// within ``PredictiveSettings/plausibleResidual`` or as well as it explains the simulation, the reference is kept, since
/// it is nearer to measured ground forces than any simulation of it. The report's notes list the stretches. The parts in
/// between are simulated side by side, each half a second longer than what is needed of it at either end. Afterwards
/// only what is not simulated is moved, toes and hands that reach into the floor (`CarriedClearance`). See
/// `HorizonPlanner`, and ``PredictiveSettings`` for the cost of a plan.
///
/// Where the plan cannot hold the body, it is tried again with a longer plan, then with a residual wrench of at most
/// ``PredictiveSettings/fallbackResidualBound`` for as long as it is needed: the report has it for every frame. Where
/// that fails too, the motion is rejected with the time and the likely reason; so is a body that sits or leans on
/// something that is not in the clip (`BalanceAnalysis`). Nothing is random.
///
/// Not guaranteed: that muscles could produce the torques (peaks are reported), or that a motion with props, a seat or a
/// partner has a correction.
public struct PredictiveCorrector: Corrector {
  /// `predictive`, with what differs from the default settings: `predictive[knots=4]`.
  public var name: String {
    "predictive"
      + SettingDifferences().adding(all: settings, default: PredictiveSettings())
      .adding("maxTrackingError", maxTrackingError, default: Self.defaults.trackingError)
      .adding("maxError", maxError, default: Self.defaults.error)
      .adding("maxImbalance", maxImbalance, default: Self.defaults.imbalance)
      .adding("feet", feet.description, default: FootConstraints().description).suffix
  }
  /// Whose body.
  public var body: CorrectorBody
  /// How it plans.
  public var settings: PredictiveSettings
  /// A body that is further from its reference than this in the mean of its segments has fallen [m].
  public var maxTrackingError = Self.defaults.trackingError
  /// A motion whose joints come further from the input's than this in the mean of a frame is rejected [m].
  public var maxError = Self.defaults.error
  /// A body that hardly moves for a second and is out of balance by more than this (see `BalanceAnalysis`)
  /// rests on something that is not in the clip [leg lengths].
  public var maxImbalance = Self.defaults.imbalance

  /// What a person says about the clip's feet: contacts, or a mode. The reference obeys it; the simulation follows that
  /// as far as physics lets it.
  public var feet = FootConstraints()

  private static let defaults = (trackingError: 0.3, error: 0.5, imbalance: 0.1)

  /// A corrector for one body, or for any.
  public init(body: CorrectorBody = CorrectorBody(), settings: PredictiveSettings = PredictiveSettings()) {
    self.body = body
    self.settings = settings
  }

  /// Corrects one motion on a thread of its own; see ``Corrector/correct(_:seed:)``.
  public func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
    let corrector = self
    return try await SimulatedCorrector(
      body: body, maxError: maxError, isPlanned: true, plausibleResidual: settings.plausibleResidual, feet: feet
    ).correct(motion) { clip in try corrector.simulate(clip) }
  }

  private func simulate(_ clip: SimulatedCorrector.Clip) throws -> SimulatedCorrector.Outcome {
    let body = clip.body
    if let reason = seatReason(clip.motion, body) { return .init(motion: clip.motion, failure: reason) }
    let inLimits = LimitClearance(body: body).apply(clip.motion)
    let (reference, turned) = ArmClearance(body: body).apply(inLimits)
    try clip.cancellation.check()
    let run = try PredictiveParts.follow(
      reference.motion, ranges: clip.ranges, body: body, settings: settings, maxTrackingError: maxTrackingError,
      cancellation: clip.cancellation)

    var outcome = SimulatedCorrector.Outcome(motion: reference, appliedResidual: run.applied)
    if let failure = run.failure {
      outcome.failure = Self.reason(failure, reference.motion, body)
    } else {
      var motion = reference.motion
      motion.poses = run.poses
      outcome.motion = PosedMotion(motion)
    }
    if turned > 0.01 {
      let degrees = Int((turned * 180 / .pi).rounded())
      outcome.notes.append("Arms were swung out of the body by up to \(degrees) degrees.")
    }
    outcome.notes += Self.notes(run, reference.motion)
    let joints = reference.motion.skeleton.joints
    outcome.peakTorques = Dictionary(
      zip(body.bodies, run.peakTorques).dropFirst().map { (joints[$0.driven.first ?? 0].name, $1) },
      uniquingKeysWith: max)
    outcome.planning = run.counts
    outcome.secondsElsewhere = run.secondsElsewhere
    return outcome
  }

  /// Why the floor alone cannot hold up a body that hardly moves; `nil` if it can. A planner would have it crouch or sit
  /// down on the floor, which follows the motion badly and means something else.
  private func seatReason(_ motion: PosedMotion, _ body: BodyModel) -> String? {
    guard let lean = BalanceAnalysis(motion, body: body).largestDeficit(), lean.distance > maxImbalance * body.legLength
    else {
      return nil
    }
    return "the body rests on something other than the floor around \(Self.rounded(lean.time)) s: it hardly moves, and "
      + "is out of balance by \(Int((1000 * lean.distance).rounded())) mm (a seat, a prop or a partner that is not in "
      + "the clip)"
  }

  private static func notes(_ run: PredictiveParts, _ motion: Motion) -> [String] {
    var notes: [String] = []
    let replans = run.counts.replans
    if replans > 0 { notes.append("The plan failed and was tried again \(replans) times.") }
    let helped = run.applied.filter { $0 > 0 }.count
    if helped > 0 {
      notes.append(
        "A residual wrench helped for \(rounded(Double(helped) * motion.frameTime)) s, "
          + "at most \(rounded(run.applied.max() ?? 0)) body weights.")
    }
    notes.append("\(run.work.linearisations) linearisations, \(run.work.steps) simulated steps.")
    return notes
  }

  /// Why no plan holds the body: what the reference asks of it around the time it fell.
  private static func reason(_ time: Double, _ reference: Motion, _ body: BodyModel) -> String {
    let residuals = InverseDynamics(reference, body: body).residuals
    let frame = Int(time / reference.frameTime)
    let reach = Int((0.5 / reference.frameTime).rounded(.up))
    let near = residuals[min(max(0, frame - reach), residuals.count)..<min(residuals.count, frame + reach + 1)]
    let mean = near.reduce(0, +) / Double(max(1, near.count))
    let at = "at \(rounded(time)) s"
    if let hold = hold(reference, frame, reach, body) { return "\(hold) \(at)" }
    guard mean > 0.5 else { return "the simulated body cannot follow \(at)" }
    return "the body is held or moved \(at) by something other than the floor: a residual of \(rounded(mean)) body "
      + "weights (a seat, a prop, a partner, or a leap that is impossible)"
  }

  /// That the body climbs, hangs or stands on something: its feet are far above the floor for a whole second around a
  /// frame; `nil` if they are not.
  private static func hold(_ reference: Motion, _ frame: Int, _ reach: Int, _ body: BodyModel) -> String? {
    let near = reference.poses[max(0, min(frame - reach, reference.count))..<min(reference.count, frame + reach + 1)]
    let states = near.map(body.state(of:))
    let low = states.reduce(Double.infinity) { min($0, body.lowestPoint(in: $1)) }
    guard low.isFinite, low > 0.15 else { return nil }
    let hands = states.reduce(Double.infinity) { least, state in
      [Segment.leftForearm, .rightForearm].compactMap(body.index).reduce(least) { min($0, state.positions[$1].y) }
    }
    let elbows = hands.isFinite ? ", and the elbows are \(rounded(hands)) m above it" : ""
    return "nothing of the body is nearer to the floor than \(rounded(low)) m\(elbows): it climbs, hangs or stands on "
      + "something that is not in the clip"
  }

  private static func rounded(_ x: Double) -> Double { (x * 100).rounded() / 100 }
}
