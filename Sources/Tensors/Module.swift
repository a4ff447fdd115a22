import CTorch
package import Support

/// A tensor that is learned, with its name: `blocks.0.norm.weight`.
package struct Parameter: Sendable {
  /// Unique in its module; dots separate the modules that hold one another.
  package var name: String
  /// The value.
  package var tensor: Tensor

  /// Names a tensor: what a module's ``Module/parameters`` and a file's content are lists of.
  package init(_ name: String, _ tensor: Tensor) {
    self.name = name
    self.tensor = tensor
  }
}

/// A part of a network that holds learned tensors.
///
///     struct Gate: Module {
///       let scale: Linear, shift: Linear
///       var parameters: [Parameter] { [scale.parameters(in: "scale"), shift.parameters(in: "shift")].flatMap { $0 } }
///     }
package protocol Module: Sendable {
  /// Every learned tensor with its name, in a fixed order.
  var parameters: [Parameter] { get }
}

extension Module {
  /// The parameters with `name.` before their names: for the module that holds this one.
  package func parameters(in name: String) -> [Parameter] {
    parameters.map { Parameter("\(name).\($0.name)", $0.tensor) }
  }

  /// The number of learned numbers.
  package var parameterCount: Int { parameters.reduce(0) { $0 + $1.tensor.count } }

  /// Copies values by name into the parameters. The caller has just made the module: no other thread uses it yet.
  ///
  /// - Throws: ``SurefootError`` if one is missing or of another shape, before anything is changed.
  package func load(_ values: [String: Tensor]) throws(SurefootError) {
    let parameters = parameters
    for parameter in parameters {
      guard let value = values[parameter.name] else {
        throw SurefootError(.missing, message: "the parameter \(parameter.name) is missing")
      }
      guard value.shape == parameter.tensor.shape else {
        throw SurefootError(
          .shape, message: "the parameter \(parameter.name) has the shape \(value.shape), not \(parameter.tensor.shape)"
        )
      }
    }
    for parameter in parameters {
      if let value = values[parameter.name] { parameter.tensor.assign(value) }
    }
  }
}

extension [Parameter] {
  /// The values' handles.
  var handles: [ct_tensor?] { map(\.tensor).handles }

  /// Drops all gradients.
  func clearGradients() {
    for parameter in self { parameter.tensor.clearGradient() }
  }
}

extension [any Module] {
  /// The parameters of a list of modules, each under its index within `name`: `blocks.0.`, `blocks.1.`.
  package func parameters(in name: String) -> [Parameter] {
    enumerated().flatMap { index, module in module.parameters(in: "\(name).\(index)") }
  }
}

/// Makes new weights. Every layer's initialiser takes one.
package struct Initializer: Sendable {
  /// The source of the random numbers.
  package let stream: RandomStream

  /// An initialiser whose weights depend on `seed` and on the order of the calls.
  package init(seed: UInt64) { stream = RandomStream(seed: seed) }

  /// Uniform within ± `bound`, learned.
  package func uniform(_ shape: [Int], bound: Double) -> Tensor {
    ((stream.uniform(shape) * 2 - 1) * bound).detached().requiringGradient()
  }

  /// Normal with a standard deviation, learned.
  package func normal(_ shape: [Int], deviation: Double) -> Tensor {
    (stream.normal(shape) * deviation).detached().requiringGradient()
  }

  /// One value everywhere, learned.
  package func constant(_ value: Double, _ shape: [Int]) -> Tensor {
    Tensor(repeating: value, shape: shape).requiringGradient()
  }
}
