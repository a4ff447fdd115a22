import Testing
@testable import Tensors

/// Derivatives against central differences, in double precision.
@Suite struct GradientTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let shapes: [[Int]]
    let value: @Sendable ([Tensor]) -> Tensor
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "arithmetic", shapes: [[2, 3], [3]]) { x in (x[0] * x[1] - x[0] / (x[1].squared() + 1) + 2).sum() },
    Case(name: "functions", shapes: [[5]]) { x in
      (x[0].sin() + x[0].cos() + x[0].exp() + x[0].tanh() + x[0].sigmoid() + (x[0].squared() + 1).log()).sum()
    },
    Case(name: "activations", shapes: [[7]]) { x in (x[0].gelu() + x[0].silu() + x[0].leakyReLU(0.2)).sum() },
    Case(name: "roots", shapes: [[4]]) { x in
      ((x[0].squared() + 1).squareRoot() + (x[0].squared() + 1).reciprocalSquareRoot()).sum()
    },
    Case(name: "linear", shapes: [[2, 3, 4], [5, 4], [5]]) { x in
      x[0].linear(weight: x[1], bias: x[2]).squared().mean()
    },
    Case(name: "conv1d", shapes: [[2, 3, 8], [4, 3, 3], [4]]) { x in
      x[0].conv1d(weight: x[1], bias: x[2], stride: 2, padding: 1).squared().sum()
    },
    Case(name: "layer norm", shapes: [[3, 6], [6], [6]]) { x in
      (x[0].layerNorm(weight: x[1], bias: x[2]) * x[0]).sum()
    },
    Case(name: "group norm", shapes: [[2, 4, 5], [4], [4]]) { x in
      (x[0].groupNorm(groups: 2, weight: x[1], bias: x[2]) * x[0]).sum()
    },
    Case(name: "attention", shapes: [[1, 2, 4, 3], [1, 2, 4, 3], [1, 2, 4, 3]]) { x in
      let hidden = Tensor([0, 0, 0, -1e4], shape: [1, 1, 1, 4]).converted(to: .float64)
      return Tensor.attention(x[0], x[1], x[2], mask: hidden).squared().sum()
    },
    Case(name: "shapes", shapes: [[2, 3, 4]]) { x in
      let parts = x[0].permuted(1, 0, 2).reshaped(3, 8).unbound()
      let joined = Tensor.concatenated([parts[0], parts[2]], 0) * Tensor.stacked([parts[1], parts[1]]).reshaped(16)
      return joined.narrowed(0, 3..<9).sum() + x[0].selected(1, 2).reversed(1).cumulativeSum(1).squared().sum()
    },
    Case(name: "choice", shapes: [[6], [6]]) { x in
      Tensor.choose(x[0].isLess(than: x[1]), x[0].squared(), x[1] * 3).sum()
        + x[0].filled(where: x[1].isGreater(than: 0), with: 2).squared().sum()
    },
    Case(name: "lookup", shapes: [[4, 3]]) { x in
      Tensor.embedding(x[0], Tensor(indices: [2, 0, 2])).squared().sum()
        + x[0].gathered(1, Tensor(indices: [1, 1])).exp().sum()
    },
    Case(name: "kinematics", shapes: [[2, 25], [8, 3]]) { x in
      let places = x[0].forwardKinematics(
        parents: [-1, 0, 1, 0], offsets: [0, 0, 0, 0.1, 0.2, 0.3, -0.4, 0.5, 0.1, 0.3, -0.2, 0.2], rotations: 1,
        height: 0)
      return (places.reshaped(8, 3) * x[1]).sum()
    },
    Case(name: "kinematics of parts", shapes: [[2, 25], [8, 3]]) { x in
      let places = x[0].forwardKinematics(
        parents: [-1, 0, 1, 0], offsets: [0, 0, 0, 0.1, 0.2, 0.3, -0.4, 0.5, 0.1, 0.3, -0.2, 0.2], rotations: 1,
        height: 0, composed: true)
      return (places.reshaped(8, 3) * x[1]).sum()
    },
    Case(name: "softmax", shapes: [[3, 4]]) { x in
      (x[0].softmax(1) * x[0]).sum() + x[0].logSoftmax(0).squared().mean()
    },
  ]

  @Test("Agrees with differences", arguments: cases) func agreesWithDifferences(_ tested: Case) {
    let stream = RandomStream(seed: 11)
    let start = tested.shapes.map { stream.normal($0).doubles }
    func tensors(_ values: [[Double]]) -> [Tensor] { zip(values, tested.shapes).map { Tensor(doubles: $0, shape: $1) } }
    let leaves = tensors(start).map { $0.requiringGradient() }
    tested.value(leaves).backward()
    for (index, leaf) in leaves.enumerated() {
      let gradient = leaf.gradient?.doubles ?? []
      #expect(gradient.count == leaf.count)
      for element in gradient.indices {
        var (above, below) = (start, start)
        above[index][element] += 1e-5
        below[index][element] -= 1e-5
        let slope = (tested.value(tensors(above)).scalar - tested.value(tensors(below)).scalar) / 2e-5
        #expect(abs(slope - gradient[element]) < 1e-6 * max(1, abs(slope)))
      }
    }
  }

  @Test("Nothing is recorded without gradients") func nothingIsRecordedWithoutGradients() {
    let x = Tensor.ones(3).requiringGradient()
    #expect(!Torch.withoutGradients { (x * 2).sum() }.requiresGradient)
    #expect((x * 2).sum().requiresGradient)
    #expect(!(x * 2).detached().requiresGradient)
  }

  @Test("Products in bfloat16 are close and coarser") func productsInBfloat16AreCloseAndCoarser() {
    let stream = RandomStream(seed: 3)
    let (x, w) = (stream.normal([32, 64]), stream.normal([16, 64]))
    let exact = x.linear(weight: w, bias: nil)
    let coarse = Torch.withComputeType(.bfloat16) { x.linear(weight: w, bias: nil) }
    #expect(coarse.type == .bfloat16)
    let error = (coarse.converted(to: .float32) - exact).magnitude().max().scalar
    #expect(error > 0 && error < 0.3)
    #expect(x.linear(weight: w, bias: nil).type == .float32)
  }
}
