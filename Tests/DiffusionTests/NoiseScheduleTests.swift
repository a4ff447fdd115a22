import Foundation
import Testing
@testable import Diffusion

@Suite struct NoiseScheduleTests {
  @Test("Signal falls from one to zero", arguments: NoiseSchedule.Kind.allCases, [1, 2, 50, 1000])
  func signalFallsFromOneToZero(kind: NoiseSchedule.Kind, steps: Int) {
    let schedule = NoiseSchedule(kind, steps: steps)
    #expect(schedule.steps == steps)
    #expect(zip(schedule.alphaBar, schedule.alphaBar.dropFirst()).allSatisfy { $0 > $1 })
    #expect(schedule.alphaBar.allSatisfy { $0 > 0 && $0 < 1 })
    if steps >= 50 { #expect(schedule.alphaBar[0] > 0.98 && (schedule.alphaBar.last ?? 1) < 1e-3) }
  }

  @Test("Cosine follows the formula") func cosineFollowsTheFormula() {
    let schedule = NoiseSchedule(.cosine, steps: 50)
    func signal(_ t: Double) -> Double { pow(cos((t / 50 + 0.008) / 1.008 * .pi / 2), 2) }
    for t in 1..<50 { #expect(abs(schedule.alphaBar[t - 1] - signal(Double(t)) / signal(0)) < 1e-9) }
  }

  @Test("Strided timesteps end at the clean side") func stridedTimestepsEndAtTheCleanSide() {
    let schedule = NoiseSchedule(.cosine, steps: 50)
    #expect(schedule.strided(50) == Array((0..<50).reversed()))
    let some = schedule.strided(7)
    #expect(some.count == 7 && some.first == 49 && some.last == 0 && Set(some).count == 7)
    #expect(schedule.strided(1) == [49])
  }
}
