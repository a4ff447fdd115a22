import Foundation
import Tensors

/// Positions or noise levels as sines and cosines of falling frequency, `[values, width]` (Vaswani et al.).
func sinusoids(_ values: [Float], width: Int) -> Tensor {
  let half = width / 2
  let rows = values.flatMap { value -> [Float] in
    let angles = (0..<half).map { Double(value) * exp(-log(10_000) * Double($0) / Double(half)) }
    return angles.map { Float(cos($0)) } + angles.map { Float(sin($0)) }
  }
  return Tensor(rows, shape: [values.count, 2 * half])
}

/// What a network is told beside the motion: the noise level through two layers, plus the action's learned vector.
struct Conditioning: Module {
  let first: Dense
  let second: Dense
  let actions: Embedding
  let width: Int

  /// One vector for each action and one for none.
  init(actions: Int, width: Int, _ initial: Initializer) {
    first = Dense(width, width, initial)
    second = Dense(width, width, initial)
    self.actions = Embedding(actions + 1, width, deviation: 0.5, initial)
    self.width = width
  }

  /// `[batch, width]`.
  func callAsFunction(_ input: DenoiserInput) -> Tensor {
    let levels = sinusoids(input.levels.floats, width: width)
    return second(first(levels).silu()) + actions(input.actions)
  }

  var parameters: [Parameter] {
    first.parameters(in: "first") + second.parameters(in: "second") + actions.parameters(in: "actions")
  }
}
