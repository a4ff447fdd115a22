public import Support

/// The shape of a model: network, space, schedule. It travels in the checkpoint.
///
///     var configuration = ModelConfiguration.cpu
///     configuration.layers = 8
public struct ModelConfiguration: Sendable, Hashable, Codable {
  /// The available networks.
  public enum Architecture: String, Sendable, Hashable, Codable, CaseIterable {
    /// MDM's transformer encoder over frames (Tevet et al., ICLR 2023, arXiv 2209.14916).
    case encoder
    /// A transformer over patches of frames with adaptive norms (Peebles and Xie, arXiv 2212.09748).
    case patches
    /// A stack of dilated convolutions with adaptive norms.
    case convolutions
  }

  /// The available spaces, in which noise is added.
  public enum Space: String, Sendable, Hashable, Codable, CaseIterable {
    /// Normalised features, frame by frame; motions of any length.
    case frames
    /// Principal components of a frame by cosine frequency over time; one length.
    case spectrum
  }

  /// The network.
  public var architecture: Architecture
  /// Where noise is added.
  public var space: Space
  /// The parts of a feature row.
  public var content: MotionRepresentation.Content
  /// The network's width.
  public var width: Int
  /// The number of blocks.
  public var layers: Int
  /// Attention heads; they divide the width.
  public var heads: Int
  /// The width between the two linear layers at the end of a block.
  public var hidden: Int
  /// Frames in one token of ``Architecture/patches`` and ``Architecture/convolutions``.
  public var patch: Int
  /// Principal components kept by ``Space/spectrum``.
  public var components: Int
  /// Cosine frequencies kept by ``Space/spectrum``.
  public var frequencies: Int
  /// Dropout during training.
  public var dropout: Double
  /// The longest motion [frames]; the only length of ``Space/spectrum``, which cuts shorter ones from it.
  public var frames: Int
  /// The schedule's shape.
  public var schedule: NoiseSchedule.Kind
  /// The schedule's number of steps.
  public var steps: Int
  /// The length of the embeddings of texts that the model takes, ``Caption/embedding``; `nil` for a model without texts.
  public var textWidth: Int?

  /// For a shape that no preset has; ``validate()`` says whether the numbers fit one another.
  public init(
    architecture: Architecture, space: Space, content: MotionRepresentation.Content, width: Int, layers: Int,
    heads: Int, hidden: Int, patch: Int = 1, components: Int = 64, frequencies: Int = 40, dropout: Double = 0,
    frames: Int = 60,
    schedule: NoiseSchedule.Kind = .cosine, steps: Int = 50
  ) {
    self.architecture = architecture
    self.space = space
    self.content = content
    self.width = width
    self.layers = layers
    self.heads = heads
    self.hidden = hidden
    self.patch = patch
    self.components = components
    self.frequencies = frequencies
    self.dropout = dropout
    self.frames = frames
    self.schedule = schedule
    self.steps = steps
  }

  /// For tests: learns a few motions in seconds.
  public static let tiny = ModelConfiguration(
    architecture: .encoder, space: .frames, content: .compact, width: 32, layers: 2, heads: 2, hidden: 64, frames: 200)

  /// MDM as published: 8 layers, 512 wide, 4 heads, 18 million parameters.
  public static let paper = ModelConfiguration(
    architecture: .encoder, space: .frames, content: .full, width: 512, layers: 8, heads: 4, hidden: 1024,
    dropout: 0.1, frames: 200)

  /// For 45 minutes on two processor cores.
  public static let cpu = ModelConfiguration(
    architecture: .convolutions, space: .spectrum, content: .compact, width: 256, layers: 6, heads: 4, hidden: 256,
    patch: 4)

  /// For a few minutes on two processor cores.
  public static let quickstart = ModelConfiguration(
    architecture: .convolutions, space: .spectrum, content: .compact, width: 192, layers: 4, heads: 4, hidden: 192,
    patch: 4)

  /// The fewest frames of a motion that the model can learn from: a spectrum is taken of whole windows only.
  public var shortestWindow: Int { space == .spectrum ? frames : 2 }

  /// Checks that the numbers fit one another and lie in a sane range: a configuration may come from a hostile file.
  public func validate() throws(SurefootError) {
    let ranges: [(String, Int, ClosedRange<Int>)] = [
      ("width", width, 2...8192), ("layers", layers, 1...128), ("heads", heads, 1...128), ("hidden", hidden, 1...65536),
      ("patch", patch, 1...1024), ("components", components, 1...4096), ("frames", frames, 2...10_000),
      ("frequencies", frequencies, 1...10_000),
      ("steps", steps, 1...10_000), ("textWidth", textWidth ?? 1, 1...65536),
    ]
    for (name, value, range) in ranges where !range.contains(value) {
      throw ModelConfiguration.fault("\(name) is \(value), which is outside \(range.lowerBound) to \(range.upperBound)")
    }
    guard width.isMultiple(of: heads) else { throw ModelConfiguration.fault("\(heads) heads do not divide \(width)") }
    guard width.isMultiple(of: 2) else { throw ModelConfiguration.fault("a width of \(width) is odd") }
    guard (0..<1).contains(dropout) else { throw ModelConfiguration.fault("dropout is \(dropout), not in 0..<1") }
    guard space == .spectrum || architecture == .encoder else {
      throw ModelConfiguration.fault("\(architecture.rawValue) needs the space spectrum")
    }
    guard space == .frames || (content == .compact && frames.isMultiple(of: patch)) else {
      throw ModelConfiguration.fault("the space spectrum takes compact rows and a length that the patch divides")
    }
  }

  private static func fault(_ message: String) -> SurefootError {
    SurefootError(
      .configuration, message: "the model's configuration cannot be: \(message)", suggestion: "take a preset")
  }
}
