import Tensors

/// MDM's transformer encoder (Tevet et al., arXiv 2209.14916): one token a frame, and a first token that tells the noise
/// level and the action. Norms follow the sums, as in the published network.
struct EncoderDenoiser: Denoiser {
  private let input: Dense
  private let condition: Conditioning
  private let blocks: [EncoderBlock]
  private let output: Dense
  private let positions: Tensor

  init(_ configuration: ModelConfiguration, channels: Int, actions: Int, _ initial: Initializer) {
    let width = configuration.width
    input = Dense(channels, width, initial)
    condition = Conditioning(actions: actions, width: width, initial)
    blocks = (0..<configuration.layers).map { _ in
      EncoderBlock(width: width, heads: configuration.heads, hidden: configuration.hidden, initial)
    }
    output = Dense(width, channels, initial)
    positions = sinusoids((0...configuration.frames).map(Float.init), width: width)
  }

  func callAsFunction(_ question: DenoiserInput) -> Tensor {
    let (batch, frames) = (question.noisy.shape[0], question.noisy.shape[1])
    let told = condition(question).unsqueezed(1)
    var tokens = Tensor.concatenated([told, input(question.noisy).converted(to: .float32)], 1)
    tokens = (tokens + positions.narrowed(0, 0..<frames + 1)).dropped(question.dropout)
    let mask = question.mask.map { mask in
      // The first token is always seen; a padded frame's scores become so low that its weight is exactly 0.
      ((Tensor.concatenated([Tensor.ones(batch, 1), mask], 1) - 1) * 1e9).reshaped(batch, 1, 1, frames + 1)
    }
    for block in blocks { tokens = block(tokens, mask: mask, dropout: question.dropout) }
    return output(tokens.narrowed(1, 1..<frames + 1)).converted(to: .float32)
  }

  var parameters: [Parameter] {
    input.parameters(in: "input") + condition.parameters(in: "condition")
      + (blocks as [any Module]).parameters(in: "blocks") + output.parameters(in: "output")
  }
}

/// Attention and two products, each added to its input and then normalised.
struct EncoderBlock: Module {
  private let attention: SelfAttention
  private let norm1: LayerNorm
  private let up: Dense
  private let down: Dense
  private let norm2: LayerNorm

  init(width: Int, heads: Int, hidden: Int, _ initial: Initializer) {
    attention = SelfAttention(width: width, heads: heads, initial)
    norm1 = LayerNorm(width, initial)
    up = Dense(width, hidden, initial)
    down = Dense(hidden, width, initial)
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

/// Multi-head self-attention over `[batch, tokens, width]`.
struct SelfAttention: Module {
  private let all: Dense
  private let output: Dense
  private let heads: Int

  init(width: Int, heads: Int, _ initial: Initializer) {
    all = Dense(width, 3 * width, initial)
    output = Dense(width, width, initial)
    self.heads = heads
  }

  func callAsFunction(_ x: Tensor, mask: Tensor? = nil) -> Tensor {
    let shape = x.shape
    let (batch, tokens, width) = (shape[0], shape[1], shape[2])
    let parts = all(x).reshaped(batch, tokens, 3, heads, width / heads).permuted(2, 0, 3, 1, 4).unbound()
    let mixed = Tensor.attention(parts[0], parts[1], parts[2], mask: mask)
    return output(mixed.permuted(0, 2, 1, 3).reshaped(batch, tokens, width))
  }

  var parameters: [Parameter] { all.parameters(in: "all") + output.parameters(in: "output") }
}
