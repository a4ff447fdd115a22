import Dispatch
import Support
import Foundation
import Synchronization

/// Ends a command in order when the terminal or the system asks the process to stop.
enum Interruption {
  /// Seconds that cancelled work has to end by itself.
  private static let grace = 0.5

  private static let received = Mutex<Int32?>(nil)

  /// Cancels `task` on the first SIGINT, SIGTERM or SIGHUP and ends external programs. The process exits within
  /// a second, and at once on a second signal; half-written files are removed.
  static func cancel(_ task: Task<Void, any Error>) {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        let isFirst = received.withLock { earlier in
          defer { earlier = earlier ?? number }
          return earlier == nil
        }
        task.cancel()
        Subprocess.endAll()
        guard isFirst else { end(number) }
        DispatchQueue.global().asyncAfter(deadline: .now() + grace) { end(number) }
      }
      source.resume()
      // It works as long as it is kept: until the process ends.
      _ = Unmanaged.passRetained(source as AnyObject)
    }
  }

  /// Exits as a shell reports a process that the signal ended. Returns if there was none.
  static func exitIfInterrupted() {
    if let number = received.withLock({ $0 }) { end(number) }
  }

  /// Without `atexit` handlers: other threads may still compute.
  private static func end(_ number: Int32) -> Never {
    Unfinished.removeAll()
    _exit(128 + number)
  }
}
