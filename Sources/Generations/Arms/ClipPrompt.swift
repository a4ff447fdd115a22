public import Randomness

/// What a sample is asked to be: a real window's action label and length.
public struct ClipPrompt: Sendable, Hashable, Codable {
  /// The real window that it is taken from.
  public var window: String
  /// The action label.
  public var action: String
  /// How many frames.
  public var frames: Int

  /// A prompt by its parts.
  public init(window: String, action: String, frames: Int) {
    self.window = window
    self.action = action
    self.frames = frames
  }

  /// `count` prompts drawn without replacement; where more are asked for than there are, whole passes through all of
  /// them come first and the rest is drawn without replacement, so that no two counts differ by more than one.
  static func draw(_ count: Int, from prompts: [ClipPrompt], seed: UInt64) -> [ClipPrompt] {
    guard !prompts.isEmpty else { return [] }
    var random = SeededGenerator(seed: seed)
    var drawn: [ClipPrompt] = []
    while drawn.count < count {
      drawn += prompts.shuffled(using: &random).prefix(count - drawn.count)
    }
    return drawn
  }
}
