import Randomness

/// A perceptron of three linear layers with SiLU between them, its gradients written out by hand.
///
///     let network = DenseNetwork(inputs: 4, hidden: 64, outputs: 2, seed: 1)
///     var tape = DenseNetwork.Tape(network, rows: 128)
///     let outputs = network.forward(inputs, rows: 128, tape: &tape)
///     let gradient = network.backward(outputGradient, tape: tape)
///
/// Everything is row-major and in one flat parameter vector: weight (in x out) then bias, layer after layer. For toys
/// of a few thousand parameters on one core; not guaranteed to be fast beyond that.
struct DenseNetwork: Sendable, Hashable {
  /// All weights and biases.
  var parameters: [Float]
  /// The widths of the input, the two hidden layers and the output.
  let widths: [Int]

  /// A network with weights drawn with deviation 1 / sqrt(inputs of the layer) and biases zero.
  init(inputs: Int, hidden: Int, outputs: Int, seed: UInt64) {
    precondition(inputs > 0 && hidden > 0 && outputs > 0, "layers have a width")
    var random = SeededGenerator(seed: Seed.derive(seed, "dense-network"))
    widths = [inputs, hidden, hidden, outputs]
    parameters = []
    for layer in 0..<3 {
      let scale = 1 / Double(widths[layer]).squareRoot()
      for _ in 0..<widths[layer] * widths[layer + 1] { parameters.append(Float(scale * random.normal())) }
      parameters += [Float](repeating: 0, count: widths[layer + 1])
    }
  }

  /// The activations that the backward pass needs.
  struct Tape: Sendable {
    /// Rows of a batch.
    let rows: Int
    /// Each layer's input, rows x width.
    var inputs: [[Float]]
    /// Each layer's output before its activation.
    var sums: [[Float]]

    /// An empty record for a batch of `rows` rows.
    init(_ network: DenseNetwork, rows: Int) {
      self.rows = rows
      inputs = (0..<3).map { [Float](repeating: 0, count: rows * network.widths[$0]) }
      sums = (0..<3).map { [Float](repeating: 0, count: rows * network.widths[$0 + 1]) }
    }
  }

  /// The outputs (rows x outputs) of a batch of inputs (rows x inputs).
  func forward(_ batch: [Float], rows: Int, tape: inout Tape) -> [Float] {
    precondition(batch.count == rows * widths[0] && tape.rows == rows, "a batch has rows x inputs numbers")
    tape.inputs[0] = batch
    for layer in 0..<3 {
      let (n, m) = (widths[layer], widths[layer + 1])
      let start = offset(layer)
      let input = tape.inputs[layer]
      parameters.withUnsafeBufferPointer { p in
        input.withUnsafeBufferPointer { x in
          tape.sums[layer].withUnsafeMutableBufferPointer { y in
            Kernels.multiply(x, p, weights: start, bias: start + n * m, into: y, rows: rows, n: n, m: m)
          }
        }
      }
      if layer < 2 { tape.inputs[layer + 1] = tape.sums[layer].map { $0 * Kernels.sigmoid($0) } }
    }
    return tape.sums[2]
  }

  /// The gradient of a loss in all parameters, from its gradient in the outputs of the tape's batch.
  func backward(_ outputGradient: [Float], tape: Tape) -> [Float] {
    var gradient = [Float](repeating: 0, count: parameters.count)
    var flow = outputGradient
    for layer in stride(from: 2, through: 0, by: -1) {
      let (n, m) = (widths[layer], widths[layer + 1])
      if layer < 2 {
        let sums = tape.sums[layer]
        for i in flow.indices {
          let s = Kernels.sigmoid(sums[i])
          flow[i] *= s * (1 + sums[i] * (1 - s))
        }
      }
      let start = offset(layer)
      var below = [Float](repeating: 0, count: tape.rows * n)
      parameters.withUnsafeBufferPointer { p in
        tape.inputs[layer].withUnsafeBufferPointer { x in
          flow.withUnsafeBufferPointer { g in
            gradient.withUnsafeMutableBufferPointer { d in
              Kernels.accumulate(x, g, weights: start, bias: start + n * m, into: d, rows: tape.rows, n: n, m: m)
            }
            guard layer > 0 else { return }
            below.withUnsafeMutableBufferPointer { b in
              Kernels.multiplyTransposed(g, p, weights: start, into: b, rows: tape.rows, n: n, m: m)
            }
          }
        }
      }
      flow = below
    }
    return gradient
  }

  /// The network whose parameters are `(1 + weight) self - weight other`: Neon's extrapolation.
  func extrapolated(from other: DenseNetwork, weight: Double) -> DenseNetwork {
    precondition(widths == other.widths, "only networks of one shape are extrapolated")
    var result = self
    let w = Float(weight)
    for i in parameters.indices { result.parameters[i] = (1 + w) * parameters[i] - w * other.parameters[i] }
    return result
  }

  private func offset(_ layer: Int) -> Int {
    (0..<layer).reduce(0) { $0 + widths[$1] * widths[$1 + 1] + widths[$1 + 1] }
  }
}

/// Adam over a flat vector of parameters.
///
///     var adam = AdamOptimizer(count: network.parameters.count, learningRate: 2e-3)
///     let gradient = network.backward(outputGradient, tape: tape)
///     adam.step(&network.parameters, gradient: gradient)
///     adam.learningRate *= 0.5
///
/// Kingma and Ba, arXiv 1412.6980, with its bias correction. Not guaranteed: convergence; there is no weight decay and
/// no clipping.
struct AdamOptimizer: Sendable {
  /// The step size.
  var learningRate: Float
  private var first: [Float]
  private var second: [Float]
  private var firstPower: Float = 1
  private var secondPower: Float = 1

  /// A fresh state for `count` parameters.
  init(count: Int, learningRate: Float) {
    self.learningRate = learningRate
    first = [Float](repeating: 0, count: count)
    second = first
  }

  /// One step down the gradient.
  mutating func step(_ parameters: inout [Float], gradient: [Float]) {
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
