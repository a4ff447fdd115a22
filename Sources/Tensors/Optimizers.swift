import CTorch
package import Support

/// AdamW (Loshchilov and Hutter, arXiv 1711.05101) over `float32` parameters, in one pass over the memory.
///
///     let optimizer = AdamW(network.parameters, rate: 1e-4)
///     loss.backward()
///     optimizer.step(clipping: 1)
package final class AdamW {
  /// The step length.
  package var rate: Double
  /// The decay rate of the first moment, the mean of the gradients.
  package let beta1: Double
  /// The decay rate of the second moment, the mean of their squares.
  package let beta2: Double
  /// Added to the root of the second moment.
  package let epsilon: Double
  /// The weight decay, times the rate at each step.
  package let decay: Double
  /// How many steps have been taken.
  package private(set) var steps = 0

  private let parameters: [Parameter]
  private let first: [Tensor]
  private let second: [Tensor]

  /// An optimizer whose moments are zero.
  package init(
    _ parameters: [Parameter], rate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    decay: Double = 0
  ) {
    self.parameters = parameters
    self.rate = rate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.decay = decay
    first = parameters.map { Tensor(repeating: 0, shape: $0.tensor.shape).moved(to: $0.tensor.device) }
    second = parameters.map { Tensor(repeating: 0, shape: $0.tensor.shape).moved(to: $0.tensor.device) }
  }

  /// The Euclidean norm of all gradients together; NaN if one is.
  package var gradientNorm: Double {
    ct_gradient_norm(parameters.handles, parameters.count)
  }

  /// Steps down the gradients and clears them.
  ///
  /// - Parameter limit: Gradients whose norm is larger are scaled down to it; `nil` leaves them.
  /// - Returns: The norm before scaling, `nil` without a limit. A norm that is not finite takes no step.
  @discardableResult
  package func step(clipping limit: Double? = nil) -> Double? {
    var scale = 1.0
    var norm: Double?
    if let limit {
      let measured = gradientNorm
      norm = measured
      guard measured.isFinite else {
        parameters.clearGradients()
        return measured
      }
      scale = min(1, limit / (measured + 1e-6))
    }
    steps += 1
    let stepped = ct_adamw(
      parameters.handles, first.handles, second.handles, parameters.count, rate, beta1, beta2, epsilon,
      decay, scale, Int64(steps))
    if !stepped { Torch.fail() }
    return norm
  }

  /// The moments by name, `first.NAME` and `second.NAME`: with ``steps``, the whole state to store.
  package var state: [Parameter] {
    zip(parameters, first).map { Parameter("first.\($0.name)", $1) }
      + zip(parameters, second).map { Parameter("second.\($0.name)", $1) }
  }

  /// Goes on from stored moments.
  ///
  /// - Throws: ``SurefootError`` if one is missing or of another shape, before anything is changed.
  package func restore(_ values: [String: Tensor], steps: Int) throws(SurefootError) {
    for moment in state {
      guard let value = values[moment.name], value.shape == moment.tensor.shape else {
        throw SurefootError(.invalidState, message: "the optimizer's \(moment.name) is missing or of another shape")
      }
    }
    for moment in state {
      if let value = values[moment.name] { moment.tensor.assign(value) }
    }
    self.steps = steps
  }
}

/// An exponential moving average of parameters over training steps: it samples better than the last step's weights.
package final class ExponentialAverage {
  /// The averaged parameters, under the originals' names.
  package let parameters: [Parameter]
  private let sources: [Tensor]

  /// An average that starts at the parameters' current values.
  package init(_ parameters: [Parameter]) {
    sources = parameters.map(\.tensor)
    self.parameters = parameters.map { parameter in
      let copy = Tensor(repeating: 0, shape: parameter.tensor.shape).moved(to: parameter.tensor.device)
      copy.assign(parameter.tensor)
      return Parameter(parameter.name, copy)
    }
  }

  /// average = decay x average + (1 - decay) x parameter.
  package func update(decay: Double) {
    let targets = parameters.map { $0.tensor.handle as ct_tensor? }
    if !ct_approach(targets, sources.handles, targets.count, 1 - decay) { Torch.fail() }
  }
}
