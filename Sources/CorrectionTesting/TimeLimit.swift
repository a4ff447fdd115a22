import Foundation
import Synchronization

/// Awaits work for a limited time. Late work is cancelled, and goes on where it does not check for cancellation.
///
/// Time passes in short sleeps on the threads of tasks: where others keep all of them busy, so that the work cannot go
/// on, its time stands still too.
enum TimeLimit {
  /// The result, or `nil` if it did not come in time.
  static func run<Result: Sendable>(
    seconds: Double, _ work: @escaping @Sendable () async -> Result
  ) async -> Result? {
    await withCheckedContinuation { continuation in
      let race = Race(continuation)
      let task = Task.detached { race.finish(await work()) }
      Task.detached {
        for _ in 0..<max(1, Int((seconds / tick).rounded(.up))) where !race.isOver {
          try? await Task.sleep(for: .seconds(tick))
        }
        race.finish(nil)
        task.cancel()
      }
    }
  }

  /// [s].
  private static let tick = 0.05

  /// Resumes once, for whoever is first.
  private final class Race<Result: Sendable>: Sendable {
    private let continuation: Mutex<CheckedContinuation<Result?, Never>?>

    init(_ continuation: CheckedContinuation<Result?, Never>) { self.continuation = Mutex(continuation) }

    var isOver: Bool { continuation.withLock { $0 == nil } }

    func finish(_ result: Result?) {
      let waiting = continuation.withLock { continuation in
        defer { continuation = nil }
        return continuation
      }
      waiting?.resume(returning: result)
    }
  }
}
