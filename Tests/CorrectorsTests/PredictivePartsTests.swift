import Dynamics
import Kinematics
import Testing

@testable import Correctors

/// Parts of a reference are simulated side by side, and only they.
@Suite struct PredictivePartsTests {
  let body: BodyModel

  init() throws { body = try Motions.body() }

  private var settings: PredictiveSettings {
    var settings = PredictiveSettings()
    settings.knots = 2
    settings.iterations = 1
    settings.extendedKnots = 0
    return settings
  }

  private func follow(_ motion: Motion, _ ranges: [Range<Int>], threads: Int) throws -> PredictiveParts {
    try PredictiveParts.follow(
      motion, ranges: ranges, body: body, settings: settings, maxTrackingError: 0.3, threads: threads)
  }

  @Test("Parts have the same bytes on one thread and on three, and the rest is the reference")
  func threadsChangeNothing() throws {
    let motion = Motions.walk(body, seconds: 0.7)
    let ranges = [0..<5, 8..<13, 16..<motion.count]
    let one = try follow(motion, ranges, threads: 1)
    let three = try follow(motion, ranges, threads: 3)
    #expect(one.poses == three.poses && one.peakTorques == three.peakTorques && one.work == three.work)
    #expect(one.failure == nil && one.poses.count == motion.count)
    #expect(Array(one.poses[5..<8]) == Array(motion.poses[5..<8]))
    #expect(one.poses[10] != motion.poses[10])
  }

  @Test("A part that falls has the whole reference followed") func aFallFollowsTheWhole() throws {
    let motion = Motions.changed(Motions.standing(body, seconds: 0.6)) { pose, t in
      if t > 0.3 { pose.rootPosition.y += 2 }
    }
    let parts = try follow(motion, [0..<4, 6..<motion.count], threads: 2)
    #expect(parts.failure == (try follow(motion, [0..<motion.count], threads: 1)).failure)
    #expect(parts.failure != nil)
  }
}
