/// What is asked of a sampler: one motion.
public struct Prompt: Sendable, Hashable, Codable {
  /// The action, `nil` for any.
  public var action: String?
  /// How many frames.
  public var frames: Int

  /// A prompt by its parts.
  public init(action: String?, frames: Int) {
    self.action = action
    self.frames = frames
  }
}
