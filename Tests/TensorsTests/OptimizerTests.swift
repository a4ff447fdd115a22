import Foundation
import Support
@testable import Tensors
import Testing

@Suite struct OptimizerTests {
  @Test("First steps follow the formula") func firstStepsFollowTheFormula() {
    let start: [Float] = [1, -2, 0.5]
    let weight = Tensor(start, shape: [3]).requiringGradient()
    let optimizer = AdamW([Parameter("w", weight)], rate: 0.1, beta1: 0.9, beta2: 0.99, decay: 0.01)
    var (p, m, v) = (start.map(Double.init), [Double](repeating: 0, count: 3), [Double](repeating: 0, count: 3))
    for step in 1...3 {
      weight.squared().sum().backward()
      optimizer.step()
      for i in 0..<3 {
        let g = 2 * p[i]
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.99 * v[i] + 0.01 * g * g
        let corrected = (v[i] / (1 - pow(0.99, Double(step)))).squareRoot() + 1e-8
        p[i] = p[i] * (1 - 0.1 * 0.01) - 0.1 * m[i] / (1 - pow(0.9, Double(step))) / corrected
      }
    }
    for (found, expected) in zip(weight.doubles, p) { #expect(abs(found - expected) < 1e-5) }
    #expect(weight.gradient == nil)
  }

  @Test("Clipping scales the whole gradient") func clippingScalesTheWholeGradient() {
    let (a, b) = (Tensor.ones(2).requiringGradient(), Tensor.ones(2).requiringGradient())
    let optimizer = AdamW([Parameter("a", a), Parameter("b", b)], rate: 0.1)
    (a.sum() * 3 + b.sum() * 4).backward()
    let norm = optimizer.step(clipping: 1)
    #expect(abs((norm ?? 0) - 50.0.squareRoot()) < 1e-5)
    let moments = Dictionary(uniqueKeysWithValues: optimizer.state.map { ($0.name, $0.tensor.doubles) })
    #expect(abs((moments["first.a"]?[0] ?? 0) - 0.1 * 3 / 50.0.squareRoot()) < 1e-6)
  }

  @Test("A gradient that is not finite takes no step") func aGradientThatIsNotFiniteTakesNoStep() {
    let weight = Tensor.ones(2).requiringGradient()
    let optimizer = AdamW([Parameter("w", weight)], rate: 0.1)
    (weight * .nan).sum().backward()
    #expect(optimizer.step(clipping: 1)?.isNaN == true)
    #expect(weight.floats == [1, 1] && optimizer.steps == 0)
  }

  @Test("Restored optimizer goes on exactly") func restoredOptimizerGoesOnExactly() throws {
    func run(_ steps: Int, _ weight: Tensor, _ optimizer: AdamW) {
      for _ in 0..<steps {
        weight.squared().sum().backward()
        optimizer.step()
      }
    }
    let whole = Tensor([1, 2], shape: [2]).requiringGradient()
    run(7, whole, AdamW([Parameter("w", whole)], rate: 0.05))

    let part = Tensor([1, 2], shape: [2]).requiringGradient()
    let before = AdamW([Parameter("w", part)], rate: 0.05)
    run(3, part, before)
    let after = AdamW([Parameter("w", part)], rate: 0.05)
    try after.restore(Dictionary(uniqueKeysWithValues: before.state.map { ($0.name, $0.tensor) }), steps: before.steps)
    run(4, part, after)
    #expect(part.floats == whole.floats)
    #expect(throws: SurefootError.self) { try after.restore([:], steps: 1) }
  }

  @Test("Average follows slowly") func averageFollowsSlowly() {
    let weight = Tensor.zeros(2)
    let average = ExponentialAverage([Parameter("w", weight)])
    weight.assign(Tensor.ones(2))
    average.update(decay: 0.75)
    #expect(average.parameters[0].tensor.floats == [0.25, 0.25])
  }
}
