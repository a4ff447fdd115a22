public import Kinematics
public import Retargeting

/// What `manifest.json` of a prepared dataset holds.
///
/// Nothing in it depends on when, where or by whom it was prepared: the same inputs and options give the same bytes.
public struct DatasetManifest: Sendable, Hashable, Codable {
  /// A prepared clip.
  public struct PreparedClip: Sendable, Hashable, Codable {
    /// The clip's name; its file is `clips/NAME.bvh`.
    public var name: String
    /// The SHA-256 of the clip's file.
    public var sha256: String
    /// The source's path below the folder that was prepared.
    public var source: String
    /// The SHA-256 of the source's bytes.
    public var sourceSHA256: String
    /// Who was captured; empty if unknown.
    public var subject: String
    /// A one-word label; `unknown` if the source has none.
    public var action: String
    /// What is done, in words; empty if unknown.
    public var description: String
    /// The licence's short text; empty if unknown.
    public var licence: String
    /// Which side of the split it is on.
    public var split: Split
    /// Frames of the prepared clip.
    public var frames: Int
    /// The source's frames a second.
    public var sourceFrameRate: Double
    /// Artificial frames left out at the source's ends.
    public var artificialFrames: Int
    /// Metres of the prepared clip for one metre of the source.
    public var scale: Double
    /// How the joints were identified.
    public var jointMap: String
    /// Canonical joints that the source lacks.
    public var missingJoints: [String]
    /// How far the floor stood from height 0 before levelling [m].
    public var floorHeight: Double
    /// The spread of the resting feet's heights [m].
    public var floorSpread: Double
    /// The rise of the floor over the ground walked [m].
    public var floorTilt: Double
    /// The share of frames in which a foot rests.
    public var support: Double
    /// The mean horizontal speed of the root [m/s].
    public var rootSpeed: Double
    /// How tall the person of the source is [m].
    public var stature: Double?
    /// What reading the source noticed; absent for nothing.
    public var notes: [String]?
  }

  /// A source that was not taken.
  public struct RejectedClip: Sendable, Hashable, Codable {
    /// The source's path below the folder that was prepared.
    public var source: String
    /// Why it was not taken.
    public var reason: String
  }

  /// The layout's version: 1.
  public var version: Int
  /// Frames a second of every clip.
  public var frameRate: Double
  /// Frames of a full window.
  public var window: Int
  /// Frames from one window's start to the next.
  public var stride: Int
  /// Whether every training window has a mirrored copy too.
  public var mirrored: Bool
  /// Whose limbs the clips have.
  public var limbLengths: LimbLengths
  /// How clips were assigned to training and evaluation, in words.
  public var splitRule: String
  /// The skeleton of the clips; with the source's limbs each clip's file has its own lengths.
  public var skeleton: Skeleton
  /// The taken clips, by name.
  public var clips: [PreparedClip]
  /// The sources that were not taken, by path.
  public var rejected: [RejectedClip]
  /// All windows.
  public var windows: [MotionWindow]
}
