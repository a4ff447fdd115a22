/// Adam over a flat vector of parameters.
///
///     var adam = AdamOptimizer(count: network.parameters.count, learningRate: 2e-3)
///     let gradient = network.backward(outputGradient, tape: tape)
///     adam.step(&network.parameters, gradient: gradient)
///     adam.learningRate *= 0.5
///
/// Kingma and Ba, arXiv 1412.6980, with its bias correction. Not guaranteed: convergence; there is no weight decay and
/// no clipping.
public struct AdamOptimizer: Sendable {
  /// The step size.
  public var learningRate: Float
  private var first: [Float]
  private var second: [Float]
  private var firstPower: Float = 1
  private var secondPower: Float = 1

  /// A fresh state for `count` parameters.
  public init(count: Int, learningRate: Float) {
    self.learningRate = learningRate
    first = [Float](repeating: 0, count: count)
    second = first
  }

  /// One step down the gradient.
  public mutating func step(_ parameters: inout [Float], gradient: [Float]) {
    precondition(parameters.count == first.count && gradient.count == first.count, "one gradient a parameter")
    let (a, b): (Float, Float) = (0.9, 0.999)
    firstPower *= a
    secondPower *= b
    let scale = learningRate / (1 - firstPower)
    let spread = 1 / (1 - secondPower)
    for i in gradient.indices {
      let g = gradient[i]
      first[i] = a * first[i] + (1 - a) * g
      second[i] = b * second[i] + (1 - b) * g * g
      parameters[i] -= scale * first[i] / ((spread * second[i]).squareRoot() + 1e-8)
    }
  }
}
