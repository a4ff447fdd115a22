public import Randomness

/// Which windows each step sees: one shuffled pass after another, told by the seed and the step alone, so that a resumed
/// training needs no more than the step's number.
struct BatchOrder {
  private let count: Int
  private let batch: Int
  private let seed: UInt64
  private var pass = -1
  private var order: [Int] = []

  init(count: Int, batch: Int, seed: UInt64) {
    self.count = count
    self.batch = batch
    self.seed = seed
  }

  /// The windows of a step, which counts from 0.
  mutating func windows(at step: Int) -> [Int] {
    (0..<batch).map { place in
      let (wanted, index) = (step * batch + place).quotientAndRemainder(dividingBy: count)
      if wanted != pass {
        var random = SeededGenerator(seed: Seed.derive(seed, "pass", wanted))
        order = Array(0..<count).shuffled(using: &random)
        pass = wanted
      }
      return order[index]
    }
  }
}
