import Tensors

/// A stack of dilated convolutions over patches of frames with adaptive norms: fewer products than attention.
struct ConvolutionDenoiser: Denoiser {
  private let input: Dense
  private let condition: Conditioning
  private let positions: Tensor
  private let blocks: [ConvolutionBlock]
  private let norm: LayerNorm
  private let output: Dense
  private let patch: Int

  init(_ configuration: ModelConfiguration, channels: Int, actions: Int, _ initial: Initializer) {
    let width = configuration.width
    patch = configuration.patch
    input = Dense(patch * channels, width, initial)
    condition = Conditioning(actions: actions, width: width, initial)
    positions = initial.normal([configuration.frames / patch, width], deviation: 0.2)
    blocks = (0..<configuration.layers).map { ConvolutionBlock(width: width, dilation: 1 << ($0 % 3), initial) }
    norm = LayerNorm(width, initial)
    output = Dense(width, patch * channels, initial, zero: true)
  }

  func callAsFunction(_ question: DenoiserInput) -> Tensor {
    let (batch, frames, channels) = (question.noisy.shape[0], question.noisy.shape[1], question.noisy.shape[2])
    let told = condition(question).silu()
    var tokens = input(question.noisy.reshaped(batch, frames / patch, patch * channels)) + positions
    for block in blocks { tokens = block(tokens, told, dropout: question.dropout) }
    return output(norm(tokens)).converted(to: .float32).reshaped(batch, frames, channels)
  }

  var parameters: [Parameter] {
    input.parameters(in: "input") + condition.parameters(in: "condition") + [Parameter("positions", positions)]
      + (blocks as [any Module]).parameters(in: "blocks") + norm.parameters(in: "norm")
      + output.parameters(in: "output")
  }
}

/// A dilated convolution and a product between an adaptive norm and an adaptive gate.
struct ConvolutionBlock: Module {
  private let across: Conv1d
  private let along: Dense
  private let modulation: Dense

  init(width: Int, dilation: Int, _ initial: Initializer) {
    across = Conv1d(width, width, kernel: 3, dilation: dilation, initial)
    along = Dense(width, width, initial)
    modulation = Dense(width, 3 * width, initial, zero: true)
  }

  func callAsFunction(_ x: Tensor, _ told: Tensor, dropout: Dropout?) -> Tensor {
    let parts = adaptive(modulation(told), 3)
    let seen = x.layerNorm(weight: nil, bias: nil) * (parts[0] + 1) + parts[1]
    let mixed = across(seen.permuted(0, 2, 1)).gelu().permuted(0, 2, 1).dropped(dropout)
    return x + (parts[2] + 1) * along(mixed)
  }

  var parameters: [Parameter] {
    across.parameters(in: "across") + along.parameters(in: "along") + modulation.parameters(in: "modulation")
  }
}
