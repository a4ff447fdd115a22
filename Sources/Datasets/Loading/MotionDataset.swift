public import Kinematics
public import MotionFormats

/// Which side of the split a window stands on. Evaluation windows never reach a model's training.
public enum Split: String, Sendable, Hashable, Codable, CaseIterable {
  /// What models learn from.
  case train
  /// What figures are measured against.
  case evaluation
}

/// One window of a prepared clip: what a model is trained on or measured against.
public struct MotionWindow: Sendable, Hashable, Codable {
  /// Unique in the dataset, a valid file name: `16_15@40` or `16_15@40-mirrored`.
  public var id: String
  /// The prepared clip that it is cut from, by its name.
  public var clip: String
  /// The first frame in the clip.
  public var start: Int
  /// How many frames.
  public var frames: Int
  /// The action label, `walk`; `unknown` if the source has none.
  public var action: String
  /// What is done, in words; empty if the source has none.
  public var description: String
  /// Train or evaluation.
  public var split: Split
  /// Whether left and right are exchanged when it is read.
  public var mirrored: Bool

  package init(
    id: String, clip: String, start: Int, frames: Int, action: String, description: String, split: Split, mirrored: Bool
  ) {
    self.id = id
    self.clip = clip
    self.start = start
    self.frames = frames
    self.action = action
    self.description = description
    self.split = split
    self.mirrored = mirrored
  }
}

/// Prepared motion capture: clips on one skeleton at one frame rate, on a level floor at height 0, cut into windows.
///
/// `surefoot data prepare` writes it as a folder: `manifest.json` and `clips/NAME.bvh`.
public struct MotionDataset: Sendable {
  /// Frames a second of every clip.
  public let frameRate: Double
  /// The skeleton of every clip.
  public let skeleton: Skeleton
  /// The prepared clips by name.
  public let clips: [String: Clip]
  /// All windows, in the manifest's order.
  public let windows: [MotionWindow]
  /// The SHA-256 of the manifest's bytes, which hold every clip's hash: names the dataset in ledgers.
  public let sha256: String

  package init(
    frameRate: Double, skeleton: Skeleton, clips: [String: Clip], windows: [MotionWindow], sha256: String
  ) {
    self.frameRate = frameRate
    self.skeleton = skeleton
    self.clips = clips
    self.windows = windows
    self.sha256 = sha256
  }

  /// The windows of one side of the split.
  public func windows(in split: Split) -> [MotionWindow] { windows.filter { $0.split == split } }

  /// The distinct action labels, sorted: a model's classes.
  public var actions: [String] { Array(Set(windows.map(\.action))).sorted() }
}
