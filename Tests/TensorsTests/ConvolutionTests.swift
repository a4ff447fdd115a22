import Testing
@testable import Tensors

@Suite struct ConvolutionTests {
  @Test("Single precision GELU agrees with double where gradients are permuted")
  func singlePrecisionGELUAgreesWithDoubleWhereGradientsArePermuted() {
    let x = RandomStream(seed: 1).normal([4, 32, 6])
    let weight = RandomStream(seed: 2).normal([4, 6, 32])
    func gradient(_ type: ElementType) -> Tensor? {
      let leaf = x.converted(to: type).detached().requiringGradient()
      (leaf.gelu().permuted(0, 2, 1) * weight.converted(to: type)).sum().backward()
      return leaf.gradient?.converted(to: .float64)
    }
    guard let single = gradient(.float32), let double = gradient(.float64) else {
      Issue.record("no gradient")
      return
    }
    #expect((single - double).magnitude().max().scalar < 1e-5)
  }

  /// Single precision takes other kernels than double, in which derivatives are checked against differences.
  @Test("Single precision agrees with double", arguments: [1, 2, 4, 8], [false, true])
  func singlePrecisionAgreesWithDouble(dilation: Int, transposed: Bool) {
    let stream = RandomStream(seed: UInt64(dilation))
    let (x, weight, bias) = (stream.normal([4, 32, 6]), stream.normal([32, 32, 3]), stream.normal([32]))
    func gradients(_ type: ElementType) -> [Tensor] {
      let leaves = [x, weight, bias].map { $0.converted(to: type).detached().requiringGradient() }
      let input = transposed ? leaves[0].permuted(0, 2, 1).exp().permuted(0, 2, 1) : leaves[0].exp()
      let y = input.conv1d(weight: leaves[1], bias: leaves[2], padding: dilation, dilation: dilation)
      (transposed ? y.gelu().permuted(0, 2, 1).squared() : y.gelu().squared()).mean().backward()
      return leaves.compactMap(\.gradient)
    }
    for (single, double) in zip(gradients(.float32), gradients(.float64)) {
      let scale = double.magnitude().max().scalar
      #expect((single.converted(to: .float64) - double).magnitude().max().scalar < 1e-4 * scale)
    }
  }
}
