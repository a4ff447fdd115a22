import Foundation
import Synchronization

/// Runs long computations on a thread of their own, off the pool of threads that Swift's tasks share.
///
///     let loss = try await DedicatedThread.run {
///       for step in 0..<steps {
///         try DedicatedThread.checkCancellation()
///         ...
///       }
///     }
///
/// A task that computes for minutes holds one of a few shared threads, so that others starve. And the thread does not
/// change under the work, which libraries with data by thread (ODE, libtorch) need.
public enum DedicatedThread {
  /// Runs `work` on a new thread and waits for its result without blocking.
  ///
  /// If the calling task is cancelled, ``checkCancellation()`` throws on that thread.
  ///
  /// - Throws: What `work` throws.
  public static func run<Result: Sendable>(
    name: String = "computation", _ work: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    let flag = Flag()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let thread = Thread {
          Thread.current.threadDictionary[key] = flag
          continuation.resume(with: Swift.Result { try work() })
        }
        thread.stackSize = 8 << 20
        thread.name = name
        thread.start()
      }
    } onCancel: {
      flag.isSet.store(true, ordering: .relaxed)
    }
  }

  /// Whether the task that waits for this thread was cancelled, or the task that runs on it.
  public static var isCancelled: Bool {
    Task.isCancelled || (Thread.current.threadDictionary[key] as? Flag)?.isSet.load(ordering: .relaxed) == true
  }

  /// Throws `CancellationError` if ``isCancelled``. Long loops call it once a step.
  public static func checkCancellation() throws {
    if isCancelled { throw CancellationError() }
  }

  private static let key = "surefoot.cancelled"

  private final class Flag: Sendable {
    let isSet = Atomic(false)
  }
}
