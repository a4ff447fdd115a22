import Tensors

/// MDM's transformer encoder (Tevet et al., arXiv 2209.14916): one token a frame, and a first token with the condition,
/// which is timestep and action. Norms follow the sums, as in the published network.
struct EncoderDenoiser: Denoiser {
  private let input: Linear
  private let condition: Conditioning
  private let blocks: [EncoderBlock]
  private let output: Linear
  private let positions: Tensor

  init(_ configuration: ModelConfiguration, channels: Int, actions: Int, _ initial: Initializer) {
    let width = configuration.width
    input = Linear(channels, width, initial)
    condition = Conditioning(actions: actions, text: configuration.textWidth, width: width, initial)
    blocks = (0..<configuration.layers).map { _ in
      EncoderBlock(width: width, heads: configuration.heads, hidden: configuration.hidden, initial)
    }
    output = Linear(width, channels, initial)
    positions = sinusoids((0...configuration.frames).map(Float.init), width: width)
  }

  func callAsFunction(_ batch: DenoiserInput) -> Tensor {
    let (count, frames) = (batch.noisy.shape[0], batch.noisy.shape[1])
    let conditionToken = condition(batch).unsqueezed(1)
    var tokens = Tensor.concatenated([conditionToken, input(batch.noisy).converted(to: .float32)], 1)
    tokens = (tokens + positions.narrowed(0, 0..<frames + 1)).dropped(batch.dropout)
    let mask = batch.mask.map { mask in
      // The condition is always visible; a padded frame's scores become so low that its weight is exactly 0.
      ((Tensor.concatenated([Tensor.ones(count, 1), mask], 1) - 1) * 1e9).reshaped(count, 1, 1, frames + 1)
    }
    for block in blocks { tokens = block(tokens, mask: mask, dropout: batch.dropout) }
    return output(tokens.narrowed(1, 1..<frames + 1)).converted(to: .float32)
  }

  var parameters: [Parameter] {
    input.parameters(in: "input") + condition.parameters(in: "condition")
      + (blocks as [any Module]).parameters(in: "blocks") + output.parameters(in: "output")
  }
}

/// Attention and a feed-forward part, each added to its input and then normalised.
struct EncoderBlock: Module {
  private let attention: SelfAttention
  private let norm1: LayerNorm
  private let up: Linear
  private let down: Linear
  private let norm2: LayerNorm

  init(width: Int, heads: Int, hidden: Int, _ initial: Initializer) {
    attention = SelfAttention(width: width, heads: heads, initial)
    norm1 = LayerNorm(width, initial)
    up = Linear(width, hidden, initial)
    down = Linear(hidden, width, initial)
    norm2 = LayerNorm(width, initial)
  }

  func callAsFunction(_ x: Tensor, mask: Tensor?, dropout: Dropout?) -> Tensor {
    let x = norm1(x + attention(x, mask: mask).dropped(dropout))
    return norm2(x + down(up(x).gelu().dropped(dropout)).dropped(dropout))
  }

  var parameters: [Parameter] {
    attention.parameters(in: "attention") + norm1.parameters(in: "norm1") + up.parameters(in: "up")
      + down.parameters(in: "down") + norm2.parameters(in: "norm2")
  }
}
