import Tensors

/// A transformer over patches of frames with adaptive norms (Peebles and Xie, "Scalable Diffusion Models with
/// Transformers", arXiv 2212.09748). The output starts at zero.
struct PatchDenoiser: Denoiser {
  private let embedding: PatchEmbedding
  private let blocks: [PatchBlock]
  private let modulation: Linear
  private let output: Linear

  init(_ configuration: ModelConfiguration, channels: Int, actions: Int, _ initial: Initializer) {
    let width = configuration.width
    embedding = PatchEmbedding(configuration, channels: channels, actions: actions, initial)
    blocks = (0..<configuration.layers).map { _ in
      PatchBlock(width: width, heads: configuration.heads, hidden: configuration.hidden, initial)
    }
    modulation = Linear(width, 2 * width, initial, zero: true)
    output = Linear(width, configuration.patch * channels, initial, zero: true)
  }

  func callAsFunction(_ batch: DenoiserInput) -> Tensor {
    let (embedded, condition) = embedding(batch)
    var tokens = embedded
    for block in blocks { tokens = block(tokens, condition, dropout: batch.dropout) }
    let parts = modulation(condition).modulations(2)
    let patches = output(tokens.adaptiveNorm(scale: parts[0], shift: parts[1]))
    return patches.converted(to: .float32).reshaped(to: batch.noisy.shape)
  }

  var parameters: [Parameter] {
    embedding.parameters + (blocks as [any Module]).parameters(in: "blocks") + modulation.parameters(in: "modulation")
      + output.parameters(in: "output")
  }
}

/// Attention and a feed-forward part, each between an adaptive norm and an adaptive gate.
struct PatchBlock: Module {
  private let attention: SelfAttention
  private let up: Linear
  private let down: Linear
  private let modulation: Linear

  init(width: Int, heads: Int, hidden: Int, _ initial: Initializer) {
    attention = SelfAttention(width: width, heads: heads, initial)
    up = Linear(width, hidden, initial)
    down = Linear(hidden, width, initial)
    modulation = Linear(width, 6 * width, initial, zero: true)
  }

  func callAsFunction(_ x: Tensor, _ condition: Tensor, dropout: Dropout?) -> Tensor {
    let parts = modulation(condition).modulations(6)
    let mixed = x + (parts[2] + 1) * attention(x.adaptiveNorm(scale: parts[0], shift: parts[1]))
    let normed = mixed.adaptiveNorm(scale: parts[3], shift: parts[4])
    return mixed + (parts[5] + 1) * down(up(normed).gelu().dropped(dropout))
  }

  var parameters: [Parameter] {
    attention.parameters(in: "attention") + up.parameters(in: "up") + down.parameters(in: "down")
      + modulation.parameters(in: "modulation")
  }
}
