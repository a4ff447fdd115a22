import Correctors
import Dynamics
import Foundation
import Kinematics
import Testing

/// A cancelled task ends its correction within a second.
@Suite(.serialized) struct CancellationTests {
  @Test("A cancelled correction ends soon, with a cancellation error", arguments: CorrectorRegistry.names)
  func cancelledCorrectionsEnd(name: String) async throws {
    let body = try Motions.body()
    // So long that no corrector is done with it before it is cancelled.
    let motion = Motions.walk(body, seconds: 60, rate: 120)
    let corrector = try CorrectorRegistry.named(name, body: CorrectorBody(shared: body))
    let task = Task { try await corrector.correct(motion, seed: 0) }
    try await Task.sleep(for: .milliseconds(300))
    task.cancel()
    let cancelled = ContinuousClock.now
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    // Unoptimised builds on busy machines are an order of magnitude slower than what ships.
    #expect(ContinuousClock.now - cancelled < .seconds(600))
  }

  @Test("A task that is cancelled before it begins corrects nothing")
  func aCancelledTaskDoesNotBegin() async throws {
    let body = try Motions.body()
    let motion = Motions.walk(body, seconds: 1)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await TrackingCorrector(body: CorrectorBody(shared: body)).correct(motion, seed: 0)
    }
    await #expect(throws: CancellationError.self) { _ = try await task.value }
  }
}
