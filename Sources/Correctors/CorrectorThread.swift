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
    let cancellation = Cancellation(progress: ClipProgress.told)
    return try await withTaskCancellationHandler {
      try cancellation.check()
      return try await SimulationThread.run { try work(cancellation) }
    } onCancel: {
      cancellation.cancel()
    }
  }
}

/// Whether work that runs on a thread of its own was cancelled, and what shows how far it is.
final class Cancellation: Sendable {
  private let flag = Atomic(false)
  private let progress: ClipProgress?

  init(progress: ClipProgress? = nil) { self.progress = progress }

  func cancel() { flag.store(true, ordering: .relaxed) }

  var isCancelled: Bool { flag.load(ordering: .relaxed) }

  /// - Throws: A `CancellationError` if the work was cancelled.
  func check() throws {
    if isCancelled { throw CancellationError() }
  }

  /// The same, and says that `done` of `total` steps are done.
  func check(done: Int, of total: Int) throws {
    try check()
    progress?.advance(to: Double(min(done, total)) / Double(max(1, total)))
  }
}
