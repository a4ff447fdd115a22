import Dispatch
import Foundation
import Synchronization

/// Maps with at most `limit` tasks at once; the results are in the input's order.
///
///     let reports = try await concurrentMap(files, limit: jobs) { try await correct($0) }
///
/// The tasks run on threads outside Swift's cooperative pool, so `transform` may compute or block for long. After an
/// error no further task starts; of several errors the first by position is thrown. Cancellation of the task cancels
/// those that run, starts no other, and throws `CancellationError`.
///
/// - Parameters:
///   - limit: The most tasks at once; the number of processors unless given.
///   - completed: Called in the caller's task with each position and result, in the order in which they finish.
package func concurrentMap<Input: Sendable, Output: Sendable>(
  _ inputs: [Input], limit: Int = ProcessorCount.available,
  completed: (Int, Output) -> Void = { _, _ in }, _ transform: @escaping @Sendable (Input) async throws -> Output
) async throws -> [Output] {
  var results = [Output?](repeating: nil, count: inputs.count)
  let keep: (Int, Output) -> Void = { index, output in
    results[index] = output
    completed(index, output)
  }
  try await concurrentForEach(inputs.count, limit: limit, completed: keep) { try await transform(inputs[$0]) }
  return results.compactMap { $0 }
}

/// As ``concurrentMap(_:limit:completed:_:)``, over the numbers below `count`, and without keeping the results: for so
/// many that they must not be in memory together.
package func concurrentForEach<Output: Sendable>(
  _ count: Int, limit: Int = ProcessorCount.available, completed: (Int, Output) -> Void,
  _ transform: @escaping @Sendable (Int) async throws -> Output
) async throws {
  try await withThrowingTaskGroup(of: (Int, Result<Output, any Error>).self) { group in
    var failure: (index: Int, error: any Error)?
    var next = 0
    func start() {
      guard next < count, failure == nil, !Task.isCancelled else { return }
      group.addTask(executorPreference: BlockingExecutor.shared) { [next] in
        do { return (next, .success(try await transform(next))) } catch { return (next, .failure(error)) }
      }
      next += 1
    }
    for _ in 0..<max(1, limit) { start() }
    while let (index, result) = try await group.next() {
      switch result {
      case .success(let output): completed(index, output)
      case .failure(let error):
        if index < failure?.index ?? .max { failure = (index, error) }
      }
      start()
    }
    if Task.isCancelled { throw CancellationError() }
    if let failure { throw failure.error }
  }
}

/// Maps on all processors and blocks the thread until all is done; the results are in the input's order.
///
/// For synchronous code. In an `async` function use ``concurrentMap(_:limit:completed:_:)``, which does not block a
/// thread of the cooperative pool. The first error, by position, is thrown.
package func blockingConcurrentMap<Input: Sendable, Output: Sendable, Failure: Error>(
  _ inputs: [Input], _ transform: @Sendable (Input) throws(Failure) -> Output
) throws(Failure) -> [Output] {
  let results = Mutex([Result<Output, Failure>?](repeating: nil, count: inputs.count))
  DispatchQueue.concurrentPerform(iterations: inputs.count) { index in
    let result = Result { () throws(Failure) in try transform(inputs[index]) }
    results.withLock { $0[index] = result }
  }
  var outputs: [Output] = []
  for result in results.withLock({ $0 }).compactMap({ $0 }) { outputs.append(try result.get()) }
  return outputs
}

/// Runs tasks on the threads of a dispatch queue, which grows when some of them block.
private final class BlockingExecutor: TaskExecutor {
  static let shared = BlockingExecutor()
  private let queue = DispatchQueue(label: "surefoot.concurrent-map", attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
