import Foundation
import Synchronization

/// Runs work that simulates on a thread of its own, from first step to last.
///
///     let states = try await SimulationThread.run {
///       let simulation = Simulation(body: body)
///       simulation.place(start, velocities: .zero(body))
///       var states: [BodyState] = []
///       for target in targets {
///         try SimulationThread.checkCancellation()
///         simulation.track(target)
///         guard simulation.step() else { break }
///         states.append(simulation.state)
///       }
///       return states
///     }
///
/// ODE keeps data for each thread, and a Swift task may resume on another thread after a suspension: simulation is therefore
/// one synchronous call on a dedicated thread. That also keeps long work off the cooperative pool of Swift's tasks.
public enum SimulationThread {
  /// Runs `work` on a fresh thread and awaits its result.
  ///
  /// Cancelling the task that awaits makes ``checkCancellation()`` throw inside of `work`; until then the work goes on.
  ///
  /// - Throws: What `work` throws; `CancellationError` if the task was cancelled before the work began.
  public static func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    let cancellation = Cancellation()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let thread = Thread {
          OpenDynamics.prepareThread()
          defer { OpenDynamics.releaseThread() }
          do {
            let result = try $cancellation.withValue(cancellation) {
              try checkCancellation()
              return try work()
            }
            continuation.resume(returning: result)
          } catch {
            continuation.resume(throwing: error)
          }
        }
        thread.stackSize = 8 << 20
        thread.name = "simulation"
        thread.start()
      }
    } onCancel: {
      cancellation.isCancelled.store(true, ordering: .relaxed)
    }
  }

  /// Throws if the task that awaits the running work, or the current task outside of ``run(_:)``, was cancelled.
  ///
  /// Call it at each control step and each stage of long work: it costs a few nanoseconds.
  ///
  /// - Throws: `CancellationError`.
  public static func checkCancellation() throws(CancellationError) {
    let isCancelled = cancellation?.isCancelled.load(ordering: .relaxed) ?? Task.isCancelled
    if isCancelled { throw CancellationError() }
  }

  private final class Cancellation: Sendable {
    let isCancelled = Atomic(false)
  }

  /// The cancellation of the work that runs on the current thread.
  @TaskLocal private static var cancellation: Cancellation?
}
