import Foundation
import Support
import Testing

@Suite struct DedicatedThreadTests {
  @Test("Runs on another thread and returns the result") func runsOnAnotherThreadAndReturnsTheResult() async throws {
    let sum = try await DedicatedThread.run(name: "sums") { (1...10).reduce(0, +) }
    #expect(sum == 55)
    await #expect(throws: SurefootError.self) {
      try await DedicatedThread.run { throw SurefootError(message: "no") }
    }
  }

  @Test("A cancelled task cancels its thread") func aCancelledTaskCancelsItsThread() async throws {
    let task = Task {
      try await DedicatedThread.run {
        while true {
          try DedicatedThread.checkCancellation()
          Thread.sleep(forTimeInterval: 0.001)
        }
      }
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(!DedicatedThread.isCancelled)
  }
}
