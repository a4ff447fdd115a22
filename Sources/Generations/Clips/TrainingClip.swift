public import Kinematics
import Randomness

/// A motion that a model learns from: a real window, or a synthetic clip that entered a training set.
///
/// Make one yourself to run a ``Loop`` on motion that does not come from a prepared dataset; see ``LoopData``.
public struct TrainingClip: Sendable, Hashable {
  /// Unique in the run.
  public var id: String
  /// The motion, on the run's skeleton and at the run's frame rate.
  public var motion: Motion
  /// The action label.
  public var action: String
  /// The name of the captured clip that the window is cut from; empty if there is none.
  public var source: String

  /// A clip. `source` is needed only where `evaluation.windows` is `other-clips`.
  public init(id: String, motion: Motion, action: String, source: String = "") {
    self.id = id
    self.motion = motion
    self.action = action
    self.source = source
  }

  /// The prompt for a sample that is like this window.
  var prompt: ClipPrompt { ClipPrompt(window: id, action: action, frames: motion.count) }
}

/// The condition of a sample: a real window's action label and length.
public struct ClipPrompt: Sendable, Hashable, Codable {
  /// The id of the real window that label and length are taken from.
  public var window: String
  /// The action label.
  public var action: String
  /// The number of frames.
  public var frames: Int

  /// `count` prompts drawn without replacement.
  ///
  /// If `count` exceeds the number of prompts, whole passes through all of them come first and the rest is drawn without
  /// replacement, so that the counts of any two prompts differ by at most one.
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
