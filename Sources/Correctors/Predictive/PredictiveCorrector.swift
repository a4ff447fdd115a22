public import Dynamics
import Foundation
public import Kinematics
import Retargeting

/// Corrects a motion by a simulation that needs no hidden hand: joint torques and floor contact alone move the body.
///
///     let correction = try await PredictiveCorrector().correct(clip.motion, seed: 0)
///     print(correction.verdict, correction.report.appliedResidual.max() ?? 0, correction.report.peakTorques ?? [:])
///
/// The kinematic correction is the reference. A body in ODE follows it by joint motors whose targets are planned: every
/// 1/15 s the next half second of targets is improved by Gauss and Newton's method through the simulation itself,
/// linearised in closed form (`StepLinearisation`), and the first interval is carried out. What comes out is that
/// simulation, frame by frame; nothing is moved afterwards. See `HorizonPlanner`, and ``PredictiveSettings`` for what a
/// plan minimises.
///
/// Where the plan cannot hold the body, it is tried again with a longer plan, then with a residual wrench of at most
/// ``PredictiveSettings/lastResort`` for as long as it is needed: the report has it for every frame. Where that fails
/// too, the motion is rejected with the time and the likely reason; so is a body that sits or leans on what is not in the
/// clip (`BalanceAnalysis`). Nothing is random.
///
/// Not guaranteed: that muscles could give the torques (peaks are reported), or that a motion with props, a seat or a
/// partner has a correction.
public struct PredictiveCorrector: Corrector {
  /// `predictive`.
  public let name = "predictive"
  /// Whose body.
  public var body: CorrectorBody
  /// How it plans.
  public var settings: PredictiveSettings
  /// A body that strays from its reference by more than this in the mean of its segments has fallen [m].
  public var largestStraying = 0.3
  /// A motion whose joints come further from the input's than this in the mean of a frame is rejected [m].
  public var largestError = 0.5

  /// A body that hardly moves for a second and is out of balance by more than this (see `BalanceAnalysis`)
  /// rests on something that is not in the clip [leg lengths].
  public var largestLean = 0.1

  /// A corrector for one body, or for any.
  public init(body: CorrectorBody = CorrectorBody(), settings: PredictiveSettings = PredictiveSettings()) {
    self.body = body
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
    if let standing = body.standing(for: motion) {
      return try correctHere(standing.applied(to: motion)).undone(by: standing, of: motion)
    }
    let started = ProcessorTime.thread
    let body = try body.body(for: motion)
    let maker = CorrectionMaker(input: motion, body: body, started: started, largestError: largestError)
    // Simulated near the origin, where numbers are exact, wherever the clip is.
    let origin = motion.poses[0].rootPosition.horizontal
    let cleanup = KinematicCleanup(
      motion.moved(by: -origin), body: body, floorTolerance: self.body.floorTolerance(for: motion),
      forPlanning: true)
    let contacts = KinematicCleanup.contacts(cleanup.standing)
    if let reason = seatReason(cleanup.motion, body) {
      return maker.make(
        cleanup.motion, raised: cleanup.raised, contacts: contacts, applied: [], notes: cleanup.notes, failure: reason)
    }
    let (free, turned) = ArmClearance(body: body).apply(LimitClearance(body: body).apply(cleanup.motion))
    let run = PredictiveRun(free, body: body, settings: settings, largestError: largestStraying)
    let reason = run.failure.map { Self.reason($0, free, body) }
    var simulated = free
    if reason == nil { simulated.poses = run.poses }
    var notes = cleanup.notes
    if turned > 0.01 {
      notes.append("Arms were swung out of the body by up to \(Int((turned * 180 / .pi).rounded())) degrees.")
    }
    notes += Self.notes(run, motion)
    var correction = maker.make(
      simulated.moved(by: origin), raised: cleanup.raised, contacts: contacts, applied: run.applied, notes: notes,
      failure: reason)
    correction.report.peakTorques = Dictionary(
      zip(body.bodies, run.peakTorques).dropFirst().map { (motion.skeleton.joints[$0.driven.first ?? 0].name, $1) },
      uniquingKeysWith: max)
    return correction
  }

  /// Why the floor alone cannot hold up a body that hardly moves; `nil` if it can. A planner would have it crouch or sit
  /// down on the floor, which follows the motion badly and means something else.
  private func seatReason(_ motion: Motion, _ body: BodyModel) -> String? {
    guard let lean = BalanceAnalysis(motion, body: body).largestDeficit(), lean.distance > largestLean * body.legLength else {
      return nil
    }
    return "the body rests on something other than the floor around \(Self.rounded(lean.time)) s: it hardly moves, and "
      + "is out of balance by \(Int((1000 * lean.distance).rounded())) mm (a seat, a prop or a partner that is not in "
      + "the clip)"
  }

  private static func notes(_ run: PredictiveRun, _ motion: Motion) -> [String] {
    var notes: [String] = []
    let falls = run.falls.reduce(0, +)
    if falls > 0 { notes.append("The plan failed and was tried again \(falls) times.") }
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
    guard mean > 0.5 else { return "the simulated body cannot follow \(at)" }
    return "the body is held or moved \(at) by something other than the floor: a residual of \(rounded(mean)) body "
      + "weights (a seat, a prop, a partner, or a leap that is impossible)"
  }

  private static func rounded(_ x: Double) -> Double { (x * 100).rounded() / 100 }
}
