import Dispatch
import Foundation

/// Maps on all cores; results stand in the input's order, so threads change nothing but the time.
///
/// The first error, by position, is thrown.
package func concurrentMap<Input: Sendable, Output: Sendable>(
  _ inputs: [Input], _ transform: @Sendable (Input) throws -> Output
) throws -> [Output] {
  let slots = Slots<Output>(count: inputs.count)
  DispatchQueue.concurrentPerform(iterations: inputs.count) { index in
    slots.set(index, Result { try transform(inputs[index]) })
  }
  return try slots.values().map { try $0.get() }
}

/// Results by position; the lock is what makes it safe to share.
private final class Slots<Output: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var results: [Result<Output, any Error>?]

  init(count: Int) { results = Array(repeating: nil, count: count) }

  func set(_ index: Int, _ result: Result<Output, any Error>) { lock.withLock { results[index] = result } }

  func values() -> [Result<Output, any Error>] { lock.withLock { results.compactMap { $0 } } }
}
