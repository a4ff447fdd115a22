@testable import Correctors
import Randomness
import Testing

/// A run's memory of its last seconds, against one that keeps everything.
@Suite struct SimulatedPastTests {
  private static let interval = 4
  private static let reach = 24

  /// Goes on, falls and goes back at random, as runs do: never further than `reach` before the furthest step.
  @Test("It is the past as far as it goes", arguments: 0..<12) func itIsThePastAsFarAsItGoes(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var past = SimulatedPast(from: [0], segments: 2, interval: Self.interval)
    var all: [(state: Double, residual: Double, torques: [Double])] = [(0, 0, [0, 0])]
    var controls: [Double] = []
    var furthest = 0
    var widest = 0
    for _ in 0..<300 {
      if random.uniform() < 0.15, controls.count > 1 {
        let steps = min(Int(random.uniform() * 12), Self.reach - Self.interval - (furthest - past.last))
        guard steps >= 0 else { continue }
        let fall = past.last
        let (start, held) = past.goBack(steps, from: fall)
        let plan = max(0, min(controls.count - 1, (fall - steps) / Self.interval))
        #expect(start == plan * Self.interval)
        #expect(held == [controls[plan]])
        controls.removeLast(controls.count - plan)
        all.removeLast(all.count - start - 1)
      } else {
        controls.append(random.uniform())
        past.begin(controls: [controls[controls.count - 1]], trackingError: Double(controls.count))
        for _ in 0..<Self.interval {
          let next = (
            state: random.uniform(), residual: random.uniform(), torques: [random.uniform(), random.uniform()]
          )
          all.append(next)
          past.append([next.state], residual: next.residual, torques: next.torques)
        }
      }
      furthest = max(furthest, past.last)
      #expect(past.last == all.count - 1)
      if past.last - past.first > 2 * Self.reach { past.settle(before: furthest - Self.reach) }
      widest = max(widest, past.last - past.first)
      for step in past.first...past.last { #expect(past.state(step) == [all[step].state]) }
      let range = past.first + 1..<past.last + 1
      if !range.isEmpty {
        let mean = all[range].reduce(0) { $0 + $1.residual } / Double(range.count)
        #expect(abs(past.residual(range) - mean) < 1e-12)
      }
    }
    #expect(widest <= 2 * Self.reach + Self.interval)
    past.settle(before: past.last)
    let peaks = zip(past.peakTorques, past.lastTorques).map { max($0, $1) }
    #expect(peaks == (0..<2).map { k in all.map { $0.torques[k] }.max() ?? 0 })
    #expect(past.first == past.last)
  }

  @Test("A run that falls at once starts anew") func aRunThatFallsAtOnceStartsAnew() {
    var past = SimulatedPast(from: [1], segments: 1, interval: 8)
    let (start, held) = past.goBack(50, from: 0)
    #expect(start == 0 && held == nil)
    #expect(past.state(0) == [1])
  }
}
