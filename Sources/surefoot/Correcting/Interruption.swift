import Dispatch
import Foundation

/// Lets a process that is told to end tidy up first.
enum Interruption {
  /// Sources live as long as the process.
  nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

  /// Does `work` when a terminal interrupts the process or somebody ends it, and ends it then as it would have.
  /// Call once, before any work.
  static func before(_ work: @escaping @Sendable () -> Void) {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        work()
        signal(number, SIG_DFL)
        raise(number)
      }
      source.resume()
      sources.append(source)
    }
  }
}
