import Tensors

/// A stack of dilated convolutions over patches of frames with adaptive norms: fewer products than attention.
struct ConvolutionDenoiser: Denoiser {
  private let embedding: PatchEmbedding
  private let blocks: [ConvolutionBlock]
  private let norm: LayerNorm
  private let output: Linear

  init(_ configuration: ModelConfiguration, channels: Int, actions: Int, _ initial: Initializer) {
    let width = configuration.width
    embedding = PatchEmbedding(configuration, channels: channels, actions: actions, initial)
    blocks = (0..<configuration.layers).map { ConvolutionBlock(width: width, dilation: 1 << ($0 % 3), initial) }
    norm = LayerNorm(width, initial)
    output = Linear(width, configuration.patch * channels, initial, zero: true)
  }

  func callAsFunction(_ batch: DenoiserInput) -> Tensor {
    let (embedded, condition) = embedding(batch)
    var tokens = embedded
    for block in blocks { tokens = block(tokens, condition, dropout: batch.dropout) }
    return output(norm(tokens)).converted(to: .float32).reshaped(to: batch.noisy.shape)
  }

  var parameters: [Parameter] {
    embedding.parameters + (blocks as [any Module]).parameters(in: "blocks") + norm.parameters(in: "norm")
      + output.parameters(in: "output")
  }
}

/// A dilated convolution over tokens and a linear layer, between an adaptive norm and an adaptive gate.
struct ConvolutionBlock: Module {
  private let across: Conv1d
  private let along: Linear
  private let modulation: Linear

  init(width: Int, dilation: Int, _ initial: Initializer) {
    across = Conv1d(width, width, kernel: 3, dilation: dilation, initial)
    along = Linear(width, width, initial)
    modulation = Linear(width, 3 * width, initial, zero: true)
  }

  func callAsFunction(_ x: Tensor, _ condition: Tensor, dropout: Dropout?) -> Tensor {
    let parts = modulation(condition).modulations(3)
    let normed = x.adaptiveNorm(scale: parts[0], shift: parts[1])
    let mixed = across(normed.permuted(0, 2, 1)).gelu().permuted(0, 2, 1).dropped(dropout)
    return x + (parts[2] + 1) * along(mixed)
  }

  var parameters: [Parameter] {
    across.parameters(in: "across") + along.parameters(in: "along") + modulation.parameters(in: "modulation")
  }
}
