import CTorch

/// A running mean of parameters over training steps, whose samples are better than the last step's.
public final class ExponentialAverage {
  /// The averaged parameters, under the originals' names.
  public let parameters: [Parameter]
  private let sources: [Tensor]

  /// An average that starts at the parameters' present values.
  public init(_ parameters: [Parameter]) {
    sources = parameters.map(\.tensor)
    self.parameters = parameters.map { parameter in
      let copy = Tensor(repeating: 0, shape: parameter.tensor.shape).moved(to: parameter.tensor.device)
      copy.assign(parameter.tensor)
      return Parameter(parameter.name, copy)
    }
  }

  /// average = decay x average + (1 - decay) x parameter.
  public func update(decay: Double) {
    let targets = parameters.map { $0.tensor.handle as ct_tensor? }
    if !ct_approach(targets, sources.handles, targets.count, 1 - decay) { Torch.fail() }
  }
}
