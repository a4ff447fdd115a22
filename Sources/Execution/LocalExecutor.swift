import Foundation
import Support

/// Runs each shard as a process of its own on this machine, several at once.
///
///     let failures = try await LocalExecutor(program: path, atOnce: 4).run(work) { print($0) }
///
/// A worker that crashes costs its shard alone. Use it where one process for all work is not wanted, and in tests.
public struct LocalExecutor: Executor {
  /// The path of the program.
  public let program: String
  /// How many workers run at once.
  public let atOnce: Int

  /// An executor that runs up to `atOnce` workers.
  public init(program: String, atOnce: Int) {
    precondition(atOnce > 0, "at least one worker runs")
    self.program = program
    self.atOnce = atOnce
  }

  /// Runs a worker for every shard that is not done.
  ///
  /// - Parameter observe: Called when something has changed.
  /// - Returns: The shards without a result, with the reason.
  /// - Throws: `SurefootError` if the program cannot be started, `CancellationError` if the task is cancelled: the
  ///   workers are ended.
  public func run(_ work: ShardedWork, observe: (ExecutionEvent) -> Void) async throws -> [Int: String] {
    var failures: [Int: String] = [:]
    let undone = work.undone
    var done = work.count - undone.count
    var left = undone.count
    func tell() {
      observe(.progress(done: done, running: min(left, atOnce), waiting: max(0, left - atOnce)))
    }
    tell()
    let ended: (Int, String?) -> Void = { position, failure in
      failures[undone[position]] = failure
      done += failure == nil ? 1 : 0
      left -= 1
      tell()
    }
    _ = try await concurrentMap(undone, limit: atOnce, completed: ended) { index in
      let command = [program] + work.arguments(ofShard: work.shard(index).path)
      let result = try await Subprocess(command).run()
      return work.isDone(index) ? nil : Self.describe(result)
    }
    return failures
  }

  private static func describe(_ result: Subprocess.Result) -> String {
    let end =
      switch result.end {
      case .exit(let code): "exit code \(code)"
      case .signal(let number): "signal \(number)"
      case .timeLimit: "time limit"
      case .cancelled: "cancelled"
      }
    let lines = result.lastLines
    return "its worker ended without a result (\(end))" + (lines.isEmpty ? "" : ": \(lines)")
  }
}
