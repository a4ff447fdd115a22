import Dispatch
import Foundation

/// Awaits work for a limited time. Work that is late goes on by itself: nothing can stop what does not listen.
enum TimeLimit {
  /// The result, or `nil` if it did not come in time.
  static func run<Result: Sendable>(
    seconds: Double, _ work: @escaping @Sendable () async -> Result
  ) async -> Result? {
    await withCheckedContinuation { continuation in
      let race = Race(continuation)
      Task.detached { race.finish(await work()) }
      // Not a task: all of their threads may be busy with the work.
      DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { race.finish(nil) }
    }
  }

  /// Resumes once, for whoever is first.
  private final class Race<Result: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var continuation: CheckedContinuation<Result?, Never>?

    init(_ continuation: CheckedContinuation<Result?, Never>) { self.continuation = continuation }

    func finish(_ result: Result?) {
      let waiting = lock.withLock {
        defer { continuation = nil }
        return continuation
      }
      waiting?.resume(returning: result)
    }
  }
}
