import Dynamics
import Synchronization

/// Runs a correction on a thread of its own, off the pool of tasks, and passes the awaiting task's cancellation on.
enum CorrectorThread {
  /// Runs `work` and awaits its result.
  ///
  /// - Throws: What `work` throws; a `CancellationError` from ``Cancellation/check()`` if the task was cancelled.
  static func run<Result: Sendable>(
    _ work: @escaping @Sendable (Cancellation) throws -> Result
  ) async throws -> Result {
    let cancellation = Cancellation()
    return try await withTaskCancellationHandler {
      try cancellation.check()
      return try await SimulationThread.run { try work(cancellation) }
    } onCancel: {
      cancellation.cancel()
    }
  }
}

/// Whether work that runs on a thread of its own was cancelled.
final class Cancellation: Sendable {
  private let flag = Atomic(false)

  func cancel() { flag.store(true, ordering: .relaxed) }

  var isCancelled: Bool { flag.load(ordering: .relaxed) }

  /// - Throws: A `CancellationError` if the work was cancelled.
  func check() throws {
    if isCancelled { throw CancellationError() }
  }
}
