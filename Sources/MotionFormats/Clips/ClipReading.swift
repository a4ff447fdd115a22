/// A clip as read from a file, with what the reader noticed.
public struct ClipReading: Sendable, Hashable {
  /// The clip.
  public var clip: Clip
  /// What a user should know though the file could be read: `file:line:column: what`, in the file's order.
  public var warnings: [String]

  /// A reading by its parts.
  public init(clip: Clip, warnings: [String] = []) {
    self.clip = clip
    self.warnings = warnings
  }
}
