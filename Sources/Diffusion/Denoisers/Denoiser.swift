import Foundation
import Tensors

/// The input of a denoiser: noisy motions with their timesteps and actions.
struct DenoiserInput: Sendable {
  /// The noisy motions, frame by frame: `[batch, frames, channels]`.
  var noisy: Tensor
  /// The timestep of each, scaled to 0 ... 1000 whatever the schedule's number of steps: `[batch]`.
  var timesteps: Tensor
  /// The action of each as a class, or the number of classes for none: `int64`, `[batch]`.
  var actions: Tensor
  /// What each is described by, centred and scaled, a row of zeros for nothing: `[batch, textWidth]`; `nil` if none is.
  var texts: Tensor?
  /// 1 where a frame belongs to the motion, 0 where it is padding: `[batch, frames]`; `nil` if all belong.
  var mask: Tensor?
  /// Dropout during training.
  var dropout: Dropout?
}

/// A network that predicts the clean motions from noisy ones.
///
/// A new architecture is a type of its own, a case of ``ModelConfiguration/Architecture`` and a line in ``denoiser``. It
/// must give a motion the same output whatever its padding holds.
protocol Denoiser: Module {
  /// `[batch, frames, channels]`.
  func callAsFunction(_ input: DenoiserInput) -> Tensor
}

extension ModelConfiguration {
  /// A new network of this shape for `channels` numbers a frame and `actions` classes.
  func denoiser(channels: Int, actions: Int, _ initial: Initializer) -> any Denoiser {
    switch architecture {
    case .encoder: EncoderDenoiser(self, channels: channels, actions: actions, initial)
    case .patches: PatchDenoiser(self, channels: channels, actions: actions, initial)
    case .convolutions: ConvolutionDenoiser(self, channels: channels, actions: actions, initial)
    }
  }
}

/// Positions or timesteps as cosines and sines of falling frequency, `[values, width]` (Vaswani et al., arXiv 1706.03762).
func sinusoids(_ values: [Float], width: Int) -> Tensor {
  let half = width / 2
  let rows = values.flatMap { value -> [Float] in
    let angles = (0..<half).map { Double(value) * exp(-log(10_000) * Double($0) / Double(half)) }
    return angles.map { Float(cos($0)) } + angles.map { Float(sin($0)) }
  }
  return Tensor(rows, shape: [values.count, 2 * half])
}

/// The condition of a network: the timestep through two layers, plus the action's learned vector, plus a learned
/// projection of the text's embedding if the model takes texts.
struct Conditioning: Module {
  private let first: Linear
  private let second: Linear
  private let actions: Embedding
  /// `[width, textWidth]`. Without a bias, so that a row of zeros adds nothing.
  private let text: Tensor?
  private let width: Int

  /// One vector for each action and one for none.
  init(actions: Int, text: Int?, width: Int, _ initial: Initializer) {
    first = Linear(width, width, initial)
    second = Linear(width, width, initial)
    self.actions = Embedding(actions + 1, width, deviation: 0.5, initial)
    // Drawn last: a model without texts has the weights that it always had.
    self.text = text.map { initial.uniform([width, $0], bound: 1 / Double($0).squareRoot()) }
    self.width = width
  }

  /// `[batch, width]`.
  func callAsFunction(_ input: DenoiserInput) -> Tensor {
    let timesteps = sinusoids(input.timesteps.floats, width: width)
    let condition = second(first(timesteps).silu()) + actions(input.actions)
    guard let text, let texts = input.texts else { return condition }
    return condition + texts.linear(weight: text, bias: nil).converted(to: .float32)
  }

  var parameters: [Parameter] {
    first.parameters(in: "first") + second.parameters(in: "second") + actions.parameters(in: "actions")
      + (text.map { [Parameter("text", $0)] } ?? [])
  }
}

/// Multi-head self-attention over `[batch, tokens, width]`.
struct SelfAttention: Module {
  private let all: Linear
  private let output: Linear
  private let heads: Int

  init(width: Int, heads: Int, _ initial: Initializer) {
    all = Linear(width, 3 * width, initial)
    output = Linear(width, width, initial)
    self.heads = heads
  }

  /// - Parameter mask: Added to the scores, broadcast to `[batch, heads, tokens, tokens]`.
  func callAsFunction(_ x: Tensor, mask: Tensor? = nil) -> Tensor {
    let shape = x.shape
    let (batch, tokens, width) = (shape[0], shape[1], shape[2])
    let parts = all(x).reshaped(batch, tokens, 3, heads, width / heads).permuted(2, 0, 3, 1, 4).unbound()
    let mixed = Tensor.attention(parts[0], parts[1], parts[2], mask: mask)
    return output(mixed.permuted(0, 2, 1, 3).reshaped(batch, tokens, width))
  }

  var parameters: [Parameter] { all.parameters(in: "all") + output.parameters(in: "output") }
}

/// The first layers of the denoisers over patches: tokens of `patch` frames with learned positions, and the condition.
struct PatchEmbedding: Module {
  private let input: Linear
  private let condition: Conditioning
  private let positions: Tensor
  private let patch: Int

  init(_ configuration: ModelConfiguration, channels: Int, actions: Int, _ initial: Initializer) {
    let width = configuration.width
    patch = configuration.patch
    input = Linear(patch * channels, width, initial)
    condition = Conditioning(actions: actions, text: configuration.textWidth, width: width, initial)
    positions = initial.normal([configuration.frames / patch, width], deviation: 0.2)
  }

  /// Tokens `[batch, frames / patch, width]` and the condition `[batch, width]`.
  func callAsFunction(_ batch: DenoiserInput) -> (tokens: Tensor, condition: Tensor) {
    let shape = batch.noisy.shape
    let condition = condition(batch).silu()
    return (input(batch.noisy.reshaped(shape[0], shape[1] / patch, patch * shape[2])) + positions, condition)
  }

  var parameters: [Parameter] {
    input.parameters(in: "input") + condition.parameters(in: "condition") + [Parameter("positions", positions)]
  }
}

extension Tensor {
  /// `[batch, parts * width]` as `parts` tensors `[batch, 1, width]`: shifts, scales and gates from a condition.
  func modulations(_ parts: Int) -> [Tensor] { reshaped(shape[0], parts, 1, shape[1] / parts).unbound(1) }

  /// The adaptive layer norm of Peebles and Xie (arXiv 2212.09748): normalised, times 1 + scale, plus shift.
  func adaptiveNorm(scale: Tensor, shift: Tensor) -> Tensor {
    layerNorm(weight: nil, bias: nil) * (scale + 1) + shift
  }
}
