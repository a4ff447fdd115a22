import Dynamics
import Kinematics
import Support

/// The parts of a reference that are simulated, side by side, and the reference in between.
///
///     let parts = try PredictiveParts.follow(
///       reference, ranges: stretches.simulatedRanges(margin: PredictiveParts.margin), body: body, settings: settings,
///       maxTrackingError: 0.3)
///
/// A part starts on the reference, with its velocities, in a stretch that floor contact explains. The result is the same
/// for any number of threads. If a part fails, which may be due to its start, the whole reference is followed instead.
struct PredictiveParts: Sendable {
  /// A pose a frame; fewer than the reference has if the simulation failed.
  private(set) var poses: [Pose]
  /// The mean residual wrench over each frame's steps [body weights].
  private(set) var applied: [Double]
  /// Where the simulation gave up [s]; `nil` if it did not.
  private(set) var failure: Double?
  /// Each segment's largest joint torque [N m].
  private(set) var peakTorques: [Double]
  private(set) var counts: PlanningCounts
  /// All planners' linearisations and simulated steps.
  private(set) var work: (linearisations: Int, steps: Int)
  /// CPU seconds that other threads spent.
  private(set) var secondsElsewhere = 0.0

  /// A part begins so long before what is needed of it, and ends so long after: at its end a plan looks less far ahead [s].
  static let margin = 0.5

  /// Follows the ranges of a reference, which do not overlap; a range of all frames follows it from end to end.
  ///
  /// - Throws: A `CancellationError`.
  static func follow(
    _ reference: Motion, ranges: [Range<Int>], body: BodyModel, settings: PredictiveSettings, maxTrackingError: Double,
    threads: Int = ProcessorCount.available, cancellation: Cancellation = Cancellation()
  ) throws -> PredictiveParts {
    let layout = ControlLayout(StepReference(reference, body: body, settings: settings), body: body)
    let follow: @Sendable (Range<Int>) -> Part = { range in
      let started = ProcessorTime.thread
      let result = Result {
        PredictiveParts(
          whole: try PredictiveRun.follow(
            reference.frames(range), body: body, settings: settings, maxTrackingError: maxTrackingError,
            cancellation: cancellation, layout: layout))
      }
      return Part(result: result, seconds: ProcessorTime.thread - started)
    }
    let whole = reference.poses.indices
    guard ranges != [whole] else { return try follow(whole).result.get() }
    let parts = SimulationThread.map(ranges, limit: threads, follow)
    let runs = try parts.map { try $0.result.get() }
    var joined = PredictiveParts(reference, segments: body.bodies.count)
    if runs.contains(where: { $0.failure != nil }) {
      joined = try follow(whole).result.get()
    } else {
      for (range, run) in zip(ranges, runs) { joined.add(run, range) }
    }
    if parts.count > 1 { joined.secondsElsewhere = parts.reduce(0) { $0 + $1.seconds } }
    return joined
  }

  private struct Part: Sendable {
    let result: Result<PredictiveParts, any Error>
    /// CPU time [s].
    let seconds: Double
  }

  private init(whole run: PredictiveRun) {
    (poses, applied, failure) = (run.poses, run.applied, run.failure)
    (peakTorques, counts, work) = (run.peakTorques, run.counts, run.work)
  }

  /// The reference, of which nothing is simulated yet.
  private init(_ reference: Motion, segments: Int) {
    poses = reference.poses
    applied = Array(repeating: 0, count: reference.count)
    peakTorques = Array(repeating: 0, count: segments)
    counts = PlanningCounts()
    work = (0, 0)
  }

  private mutating func add(_ run: PredictiveParts, _ range: Range<Int>) {
    poses.replaceSubrange(range, with: run.poses)
    applied.replaceSubrange(range, with: run.applied)
    peakTorques = zip(peakTorques, run.peakTorques).map(max)
    counts.replans += run.counts.replans
    counts.fallbacks += run.counts.fallbacks
    work.linearisations += run.work.linearisations
    work.steps += run.work.steps
  }
}
