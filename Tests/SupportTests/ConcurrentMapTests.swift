import Foundation
import Support
import Synchronization
import Testing

@Suite struct ConcurrentMapTests {
  private struct Failure: Error, Equatable { let index: Int }

  @Test("Results are in the input's order and at most `limit` tasks run")
  func order() async throws {
    let running = Counter()
    let most = Mutex(0)
    var finished: Set<Int> = []
    let results = try await concurrentMap(Array(0..<40), limit: 3, completed: { index, _ in finished.insert(index) }) {
      let now = running.next() + 1
      most.withLock { $0 = max($0, now) }
      try await Task.sleep(for: .milliseconds($0 % 3))
      running.back()
      return 2 * $0
    }
    #expect(results == (0..<40).map { 2 * $0 })
    #expect(finished == Set(0..<40))
    #expect(most.withLock { $0 } <= 3)
  }

  @Test("The first error by position is thrown, and no further task starts")
  func errors() async throws {
    let started = Counter()
    await #expect(throws: Failure(index: 2)) {
      try await concurrentMap(Array(0..<1000), limit: 4) {
        _ = started.next()
        if $0 == 2 { try await Task.sleep(for: .milliseconds(50)) }
        if $0 == 2 || $0 == 3 { throw Failure(index: $0) }
      }
    }
    #expect(started.next() < 900)
  }

  @Test("Tasks that block leave the cooperative pool free")
  func blocking() async throws {
    let count = 4 * ProcessInfo.processInfo.activeProcessorCount
    let arrived = Counter()
    // Each waits until all have arrived: on the pool, with one thread for each processor, they would wait for ever.
    let results = try await concurrentMap(Array(0..<count), limit: count) { index in
      _ = arrived.next()
      for _ in 0..<20_000 where arrived.value < count { usleep(5000) }
      return arrived.value >= count
    }
    #expect(results.allSatisfy { $0 })
  }

  @Test("Cancellation starts no further task")
  func cancellation() async throws {
    let started = Counter()
    let task = Task {
      try await concurrentMap(Array(0..<10_000), limit: 2) { _ in
        _ = started.next()
        try await Task.sleep(for: .milliseconds(10))
      }
    }
    try await Task.sleep(for: .milliseconds(100))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(started.value < 5000)
  }

  @Test("The blocking map keeps the order and throws the first error by position")
  func blockingMap() throws {
    #expect(blockingConcurrentMap(Array(0..<100)) { $0 + 1 } == Array(1...100))
    #expect(throws: Failure(index: 7)) {
      try blockingConcurrentMap(Array(0..<100)) { (index: Int) throws(Failure) in
        if index >= 7 { throw Failure(index: index) }
      }
    }
  }
}

/// Counts across tasks.
final class Counter: Sendable {
  private let count = Mutex(0)
  var value: Int { count.withLock { $0 } }

  /// The count so far, and one more from now on.
  func next() -> Int {
    count.withLock {
      $0 += 1
      return $0 - 1
    }
  }

  func back() { count.withLock { $0 -= 1 } }
}
