import Foundation

/// Runs the shards of some work.
///
/// ``LocalExecutor`` starts them on this machine, ``SlurmExecutor`` hands them to a cluster. A conformance starts each
/// shard's worker at least once and returns when each is done or given up. A worker may be started again at any time: it
/// goes on with what the one before left.
public protocol Executor: Sendable {
  /// Runs every shard that is not done.
  ///
  /// - Parameter observe: Called when something has changed.
  /// - Returns: The shards that were given up, with the reason.
  /// - Throws: `SurefootError` if nothing can be run, `CancellationError` if the task is cancelled.
  func run(_ work: ShardedWork, observe: (ExecutionEvent) -> Void) async throws -> [Int: String]
}

/// What an executor tells while it works.
public enum ExecutionEvent: Sendable, Hashable {
  /// How many shards are done, run or wait.
  case progress(done: Int, running: Int, waiting: Int)
  /// A sentence for the user.
  case note(String)
  /// A fault that is being dealt with.
  case warning(String)
}
