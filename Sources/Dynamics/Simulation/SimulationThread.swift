import Dispatch
import Foundation
import Support
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

  /// Does independent pieces of simulation on threads of their own, at most one a processor, and blocks until all are done;
  /// the results are in the input's order and do not depend on the number of threads.
  ///
  /// For code that is on a simulation thread already. A piece that is alone is done on the calling thread.
  ///
  /// - Parameter limit: The most threads at once; the number of processors unless given.
  package static func map<Input: Sendable, Output: Sendable>(
    _ inputs: [Input], limit: Int = ProcessorCount.available, _ work: @escaping @Sendable (Input) -> Output
  ) -> [Output] {
    guard inputs.count > 1 else { return inputs.map(work) }
    let pieces = Pieces<Output>(count: inputs.count)
    let group = DispatchGroup()
    for _ in 0..<min(max(1, limit), inputs.count) {
      group.enter()
      let thread = Thread {
        OpenDynamics.prepareThread()
        while let index = pieces.next() { pieces.set(work(inputs[index]), at: index) }
        OpenDynamics.releaseThread()
        group.leave()
      }
      thread.stackSize = 8 << 20
      thread.name = "simulation"
      thread.start()
    }
    group.wait()
    return pieces.results
  }

  /// Pieces of work that threads take one after another.
  private final class Pieces<Output: Sendable>: Sendable {
    private let state: Mutex<(next: Int, results: [Output?])>

    init(count: Int) { state = Mutex((0, [Output?](repeating: nil, count: count))) }

    /// The next piece to do; `nil` if all are taken.
    func next() -> Int? {
      state.withLock { state in
        guard state.next < state.results.count else { return nil }
        state.next += 1
        return state.next - 1
      }
    }

    func set(_ output: Output, at index: Int) { state.withLock { $0.results[index] = output } }

    var results: [Output] { state.withLock { $0.results.compactMap(\.self) } }
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
