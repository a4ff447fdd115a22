import Dynamics
import Kinematics

import Testing

@testable import Correctors

/// What needs no simulation is kept; what floor contact does not explain is simulated.
@Suite struct PlausibleStretchesTests {
  let body: BodyModel

  init() throws { body = try Motions.body() }

  private func stretches(_ motion: Motion, against simulated: Motion? = nil) -> PlausibleStretches {
    let alone = PlausibleStretches(of: PosedMotion(motion), body: body, tolerance: 0.05)
    return simulated.map { alone.compared(with: PosedMotion($0)) } ?? alone
  }

  @Test("A stance comes back as it was, without simulation", arguments: [true, false])
  func stanceIsKept(planned: Bool) async throws {
    let motion = Motions.standing(body, seconds: 0.5)
    let person = CorrectorBody(shared: body)
    let corrector: any Corrector = planned ? PredictiveCorrector(body: person) : TrackingCorrector(body: person)
    let correction = try await corrector.correct(motion, seed: 0)
    #expect(correction.motion == motion)
    #expect(correction.report.notes.contains { $0.hasPrefix("100 % of the frames needed no simulation") })
  }

  @Test("A body in the air is not kept") func hoveringIsSimulated() {
    let hovering = Motions.changed(Motions.standing(body)) { pose, _ in pose.rootPosition.y += 0.1 }
    #expect(stretches(hovering).isEmpty)
  }

  @Test("A body in the floor is not kept, unless the simulated one is as deep") func penetrationIsSimulated() {
    let sunk = Motions.changed(Motions.standing(body)) { pose, _ in pose.rootPosition.y -= 0.02 }
    #expect(stretches(sunk).isEmpty)
    #expect(stretches(sunk, against: sunk).isWhole)
  }

  @Test("Only the implausible part is simulated, with smooth transitions") func transitionsAreSmooth() {
    let motion = Motions.changed(Motions.standing(body, seconds: 6)) { pose, t in
      pose.rootPosition.y += 0.3 * max(0, 1 - abs(t - 3) / 0.2)
    }
    let shares = stretches(motion).shares
    #expect(shares.first == 1 && shares.last == 1 && shares[90] == 0)
    #expect(zip(shares, shares.dropFirst()).allSatisfy { abs($1 - $0) < 0.2 })
    // By half a second on either side of the leap and of what smoothing makes of it.
    #expect(shares[..<60].allSatisfy { $0 == 1 } && shares[121...].allSatisfy { $0 == 1 })
  }

  @Test("Merging takes each frame from the motion that its share names") func mergeTakesShares() {
    let motion = Motions.changed(Motions.standing(body, seconds: 6)) { pose, t in
      pose.rootPosition.y += 0.3 * max(0, 1 - abs(t - 3) / 0.2)
    }
    let other = Motions.changed(motion) { pose, _ in pose.rootPosition.x += 1 }
    let merged = stretches(motion).merge(with: PosedMotion(other))
    #expect(merged.poses[0] == motion.poses[0] && merged.poses[90] == other.poses[90])
  }

  @Test("What is not kept is simulated with a margin, in as many parts as there are") func rangesHaveMargins() {
    let motion = Motions.changed(Motions.standing(body, seconds: 10)) { pose, t in
      pose.rootPosition.y += 0.3 * max(0, 1 - min(abs(t - 3), abs(t - 7)) / 0.2)
    }
    let alone = stretches(motion)
    let ranges = alone.simulatedRanges(margin: 0.5)
    #expect(ranges.count == 2)
    let reach = Int((0.5 / motion.frameTime).rounded(.up))
    for range in ranges {
      #expect(alone.shares[range.lowerBound + reach] < 1 && alone.shares[range.lowerBound + reach - 1] == 1)
      #expect(alone.shares[range.upperBound - reach - 1] < 1 && alone.shares[range.upperBound - reach] == 1)
    }
    #expect(alone.simulatedRanges(margin: 5) == [0..<motion.count])
  }
}
