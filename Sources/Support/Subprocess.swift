package import Foundation
import Synchronization

/// Runs another program to its end, its time limit, or the cancellation of the task.
///
///     let result = try await Subprocess(["python3", "fix.py"], timeLimit: 60).run()
///     guard result.end == .exit(0) else { print(result.lastLines) }
///
/// The program leads a process group, and every process that it starts ends with it: at its end, at the time limit, on
/// cancellation, and when this process calls ``endAll()``. On Linux that includes daemons that left the group.
package struct Subprocess: Sendable {
  /// What the program reads.
  package enum Input: Sendable {
    /// Nothing.
    case none
    /// This process's standard input. The program stays in the terminal's foreground group, so it can ask for a
    /// password, and the terminal's interrupt reaches it directly.
    case terminal
    /// These bytes.
    case data(Data)
    /// Chunks until `nil`, each requested when the program has read the one before.
    case chunks(@Sendable () -> Data?)
  }

  /// Where a stream of the program goes. At most one of the two streams is captured.
  package enum Destination: Sendable, Hashable {
    /// To ``Result/output``.
    case captured
    /// To the same stream of this process.
    case inherited
    /// Nowhere.
    case discarded
    /// Standard error only: to wherever standard output goes.
    case sameAsOutput
  }

  /// How a program ended.
  package enum End: Sendable, Hashable {
    case exit(Int32)
    case signal(Int32)
    case timeLimit
    case cancelled
  }

  /// What a program left.
  package struct Result: Sendable {
    /// How it ended.
    package var end: End
    /// The captured stream: its last ``Subprocess/outputLimit`` bytes.
    package var output: Data

    /// The captured stream as text.
    package var text: String { String(decoding: output, as: UTF8.self) }

    /// At most the last 12 lines that are not blank, from the last 2000 bytes.
    package var lastLines: String {
      let lines = String(decoding: output.suffix(2000), as: UTF8.self).split(whereSeparator: \.isNewline)
      return lines.filter { !$0.allSatisfy(\.isWhitespace) }.suffix(12).joined(separator: "\n")
    }
  }

  /// The program, found on the PATH if it has no slash, and its arguments.
  package var command: [String]
  /// Variables that are set in addition to this process's.
  package var environment: [String: String]
  package var input: Input
  package var output: Destination
  package var errors: Destination
  /// Seconds; without one the program may take for ever.
  package var timeLimit: Double?

  /// The environment variable by which a program's processes are found when they are to end. A program that hands work
  /// to a service, as a batch system, is started without it.
  package static let mark = "SUREFOOT_SUBPROCESS"

  /// The most bytes of output that are kept.
  package static let outputLimit = 16 << 20

  package init(
    _ command: [String], environment: [String: String] = [:], input: Input = .none, output: Destination = .captured,
    errors: Destination = .sameAsOutput, timeLimit: Double? = nil
  ) {
    precondition(!command.isEmpty, "a command names a program")
    precondition(output != .sameAsOutput, "only standard error can follow standard output")
    precondition(output != .captured || errors != .captured, "one stream is captured, not both")
    precondition(timeLimit.map { $0 > 0 } ?? true, "a time limit is positive")
    self.command = command
    self.environment = environment
    self.input = input
    self.output = output
    self.errors = errors
    self.timeLimit = timeLimit
  }

  /// Runs the program; the wait does not occupy a thread of Swift's cooperative pool.
  ///
  /// - Throws: A `SurefootError` with the code `subprocessFailed` if it cannot be started, `CancellationError` if the
  ///   task is cancelled.
  package func run() async throws -> Result {
    let isCancelled = Flag()
    let result = try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let thread = Thread {
          continuation.resume(with: Swift.Result { try runBlocking(isCancelled: isCancelled) })
        }
        thread.name = "subprocess"
        thread.start()
      }
    } onCancel: {
      isCancelled.raise()
    }
    if result.end == .cancelled { throw CancellationError() }
    return result
  }

  /// Runs the program and blocks the thread until it ends.
  ///
  /// - Throws: A `SurefootError` with the code `subprocessFailed` if it cannot be started.
  package func runBlocking() throws(SurefootError) -> Result { try runBlocking(isCancelled: Flag()) }

  private func runBlocking(isCancelled: Flag) throws(SurefootError) -> Result {
    let running = try RunningSubprocess(self)
    return running.wait(isCancelled: { isCancelled.isRaised })
  }

  /// Kills every program that runs at this moment and any that is started from now on. Call it when this process is
  /// about to end: programs in their own process groups do not receive a terminal's interrupt.
  package static func endAll() { SubprocessRegistry.endAll() }

  private final class Flag: Sendable {
    private let value = Atomic(false)
    var isRaised: Bool { value.load(ordering: .relaxed) }
    func raise() { value.store(true, ordering: .relaxed) }
  }
}
