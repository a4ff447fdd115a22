import Support
@testable import Tensors
import Testing

@Suite struct ModuleTests {
  struct Network: Module {
    let first: Linear
    let norm: LayerNorm
    let second: Linear

    init(seed: UInt64) {
      let initial = Initializer(seed: seed)
      first = Linear(4, 16, initial)
      norm = LayerNorm(16, initial)
      second = Linear(16, 1, initial)
    }

    func callAsFunction(_ x: Tensor) -> Tensor { second(norm(first(x)).gelu()) }

    var parameters: [Parameter] {
      first.parameters(in: "first") + norm.parameters(in: "norm") + second.parameters(in: "second")
    }
  }

  @Test("Learns a function") func learnsAFunction() {
    let network = Network(seed: 1)
    let optimizer = AdamW(network.parameters, rate: 0.01)
    let x = RandomStream(seed: 2).normal([128, 4])
    let target = (x.narrowed(1, 0..<1) * x.narrowed(1, 1..<2)).detached()
    var losses: [Double] = []
    for _ in 0..<200 {
      let loss = (network(x) - target).squared().mean()
      loss.backward()
      optimizer.step(clipping: 1)
      losses.append(loss.scalar)
    }
    #expect(losses[199] < losses[0] / 20)
  }

  @Test("Loads by name and refuses other shapes") func loadsByNameAndRefusesOtherShapes() throws {
    let (source, target) = (Network(seed: 1), Network(seed: 2))
    let x = RandomStream(seed: 3).normal([2, 4])
    #expect(source(x).floats != target(x).floats)
    var values = Dictionary(uniqueKeysWithValues: source.parameters.map { ($0.name, $0.tensor) })
    try target.load(values)
    #expect(source(x).floats == target(x).floats)
    values["second.bias"] = Tensor.zeros(2)
    #expect(throws: SurefootError(.shape, message: "the parameter second.bias has the shape [2], not [1]")) {
      try target.load(values)
    }
    values["second.bias"] = nil
    #expect(throws: SurefootError(.missing, message: "the parameter second.bias is missing")) {
      try target.load(values)
    }
  }

  @Test("Convolution keeps frames") func convolutionKeepsFrames() {
    let initial = Initializer(seed: 1)
    #expect(Conv1d(3, 5, kernel: 3, initial)(.ones(2, 3, 10)).shape == [2, 5, 10])
    #expect(Conv1d(3, 5, kernel: 4, stride: 2, padding: 1, initial)(.ones(2, 3, 10)).shape == [2, 5, 5])
    #expect(GroupNorm(4, groups: 2, initial)(.ones(2, 4, 10)).shape == [2, 4, 10])
    #expect(Embedding(3, 6, initial)(Tensor(indices: [0, 2])).shape == [2, 6])
  }
}
