import Foundation

/// Runs work that simulates on a thread of its own, from first step to last.
///
/// ODE keeps data by thread, and a Swift task may wake on another thread after any suspension: simulation is therefore
/// one synchronous call on a dedicated thread.
public enum SimulationThread {
  /// Runs `work` on a fresh thread and awaits its result.
  public static func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      let thread = Thread {
        OpenDynamics.prepareThread()
        defer { OpenDynamics.releaseThread() }
        do {
          continuation.resume(returning: try work())
        } catch {
          continuation.resume(throwing: error)
        }
      }
      thread.stackSize = 8 << 20
      thread.name = "simulation"
      thread.start()
    }
  }
}
