import Randomness
import Testing
@testable import Theory

@Suite struct NetworkTests {
  @Test("The gradient is that of finite differences") func theGradientIsThatOfFiniteDifferences() {
    var network = DenseNetwork(inputs: 3, hidden: 7, outputs: 2, seed: 1)
    var random = SeededGenerator(seed: 2)
    for i in network.parameters.indices { network.parameters[i] += Float(0.1 * random.normal()) }
    let rows = 5
    let batch = (0..<rows * 3).map { _ in Float(random.normal()) }
    let slopes = (0..<rows * 2).map { _ in Float(random.normal()) }
    var tape = DenseNetwork.Tape(network, rows: rows)
    func loss(_ network: DenseNetwork) -> Double {
      zip(network.forward(batch, rows: rows, tape: &tape), slopes).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    _ = loss(network)
    let gradient = network.backward(slopes, tape: tape)
    for i in stride(from: 0, to: gradient.count, by: 3) {
      var (up, down) = (network, network)
      up.parameters[i] += 1e-2
      down.parameters[i] -= 1e-2
      let slope = (loss(up) - loss(down)) / 2e-2
      #expect(abs(slope - Double(gradient[i])) < 2e-3 * max(1, abs(slope)), "parameter \(i)")
    }
  }

  @Test("Adams first step is the learning rate against the sign") func adamsFirstStepIsTheLearningRateAgainstTheSign() {
    var adam = AdamOptimizer(count: 2, learningRate: 0.1)
    var parameters: [Float] = [1, 1]
    adam.step(&parameters, gradient: [3, -0.01])
    #expect(abs(parameters[0] - 0.9) < 1e-5 && abs(parameters[1] - 1.1) < 1e-5)
  }

  @Test("Extrapolation is linear in the parameters") func extrapolationIsLinearInTheParameters() {
    let (one, two) = (
      DenseNetwork(inputs: 1, hidden: 2, outputs: 1, seed: 1), DenseNetwork(inputs: 1, hidden: 2, outputs: 1, seed: 2)
    )
    let far = one.extrapolated(from: two, weight: 0.5)
    for i in far.parameters.indices {
      #expect(abs(far.parameters[i] - (1.5 * one.parameters[i] - 0.5 * two.parameters[i])) < 1e-6)
    }
  }

  @Test("Training brings samples to the data") func trainingBringsSamplesToTheData() {
    var random = SeededGenerator(seed: 3)
    let center = PlanePoint(3, -2)
    let points = (0..<256).map { _ in PlanePoint(center.x + 0.5 * random.normal(), center.y + 0.5 * random.normal()) }
    var model = PlaneDiffusion(hidden: 12, seed: 1)
    func distance() -> Double { SlicedWasserstein(directions: 8)(model.sample(256, steps: 8, seed: 1), points) }
    let before = distance()
    model.train(on: points, steps: 250, batch: 48, learningRate: 1e-2, seed: 1)
    #expect(distance() < 0.25 * before, "\(distance()) against \(before)")
  }

  @Test("Training and sampling are reproducible") func trainingAndSamplingAreReproducible() {
    let points = [PlanePoint(1, 0), PlanePoint(-1, 0)]
    func run() -> [PlanePoint] {
      var model = PlaneDiffusion(hidden: 4, seed: 1)
      model.train(on: points, steps: 5, batch: 8, seed: 2)
      let tuned = model.fineTuned(on: points, steps: 3, batch: 8, seed: 3)
      return model.sample(6, steps: 4, negative: tuned, weight: 0.5, seed: 4)
    }
    #expect(run() == run())
  }

  @Test("A model as its own negative changes nothing") func aModelAsItsOwnNegativeChangesNothing() {
    let model = PlaneDiffusion(hidden: 4, seed: 1)
    let (plain, guided) = (model.sample(8, seed: 1), model.sample(8, negative: model, weight: 3, seed: 1))
    for (a, b) in zip(plain, guided) { #expect(a.distance(to: b) < 1e-6) }
  }
}
