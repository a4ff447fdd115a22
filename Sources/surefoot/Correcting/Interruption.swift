import Dispatch
import Foundation

/// Lets a process that is asked to end tidy up first.
enum Interruption {
  /// Sources live as long as the process.
  nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

  /// Does `work` when a terminal interrupts the process or somebody ends it, and ends it then.
  /// Call once, before any work.
  static func before(_ work: @escaping @Sendable () -> Void) {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        work()
        // As a shell reports a process that a signal has ended. Threads of a queue cannot raise it: they block it.
        _exit(128 + number)
      }
      source.resume()
      sources.append(source)
    }
  }
}
