import Tensors

/// A transformer over patches of frames, told of noise level and action by adaptive norms (Peebles and Xie, "Scalable
/// Diffusion Models with Transformers", arXiv 2212.09748). The output starts at zero.
struct PatchDenoiser: Denoiser {
  private let input: Dense
  private let condition: Conditioning
  private let positions: Tensor
  private let blocks: [PatchBlock]
  private let modulation: Dense
  private let output: Dense
  private let patch: Int

  init(_ configuration: ModelConfiguration, channels: Int, actions: Int, _ initial: Initializer) {
    let width = configuration.width
    patch = configuration.patch
    input = Dense(patch * channels, width, initial)
    condition = Conditioning(actions: actions, width: width, initial)
    positions = initial.normal([configuration.frames / patch, width], deviation: 0.2)
    blocks = (0..<configuration.layers).map { _ in
      PatchBlock(width: width, heads: configuration.heads, hidden: configuration.hidden, initial)
    }
    modulation = Dense(width, 2 * width, initial, zero: true)
    output = Dense(width, patch * channels, initial, zero: true)
  }

  func callAsFunction(_ question: DenoiserInput) -> Tensor {
    let (batch, frames, channels) = (question.noisy.shape[0], question.noisy.shape[1], question.noisy.shape[2])
    let told = condition(question).silu()
    var tokens = input(question.noisy.reshaped(batch, frames / patch, patch * channels)) + positions
    for block in blocks { tokens = block(tokens, told, dropout: question.dropout) }
    let parts = adaptive(modulation(told), 2)
    let result = output(tokens.layerNorm(weight: nil, bias: nil) * (parts[0] + 1) + parts[1])
    return result.converted(to: .float32).reshaped(batch, frames, channels)
  }

  var parameters: [Parameter] {
    input.parameters(in: "input") + condition.parameters(in: "condition") + [Parameter("positions", positions)]
      + (blocks as [any Module]).parameters(in: "blocks") + modulation.parameters(in: "modulation")
      + output.parameters(in: "output")
  }
}

/// `[batch, parts * width]` as `parts` tensors `[batch, 1, width]`.
func adaptive(_ x: Tensor, _ parts: Int) -> [Tensor] {
  x.reshaped(x.shape[0], parts, 1, x.shape[1] / parts).unbound(1)
}

/// Attention and two products, each between an adaptive norm and an adaptive gate.
struct PatchBlock: Module {
  private let attention: SelfAttention
  private let up: Dense
  private let down: Dense
  private let modulation: Dense

  init(width: Int, heads: Int, hidden: Int, _ initial: Initializer) {
    attention = SelfAttention(width: width, heads: heads, initial)
    up = Dense(width, hidden, initial)
    down = Dense(hidden, width, initial)
    modulation = Dense(width, 6 * width, initial, zero: true)
  }

  func callAsFunction(_ x: Tensor, _ told: Tensor, dropout: Dropout?) -> Tensor {
    let parts = adaptive(modulation(told), 6)
    let seen = x.layerNorm(weight: nil, bias: nil) * (parts[0] + 1) + parts[1]
    let mixed = x + (parts[2] + 1) * attention(seen)
    let again = mixed.layerNorm(weight: nil, bias: nil) * (parts[3] + 1) + parts[4]
    return mixed + (parts[5] + 1) * down(up(again).gelu().dropped(dropout))
  }

  var parameters: [Parameter] {
    attention.parameters(in: "attention") + up.parameters(in: "up") + down.parameters(in: "down")
      + modulation.parameters(in: "modulation")
  }
}
