public import Kinematics

/// The length unit and up axis of a file, kept with a clip so that a round trip gives them back.
public struct FileConvention: Sendable, Hashable, Codable {
  /// Metres in one of the file's length units: 0.01 for centimetres, 1 for metres, 0.056444 for CMU's.
  public var metresPerUnit: Double
  /// The file's up axis, Y or Z.
  public var up: Axis

  /// A convention for a clip that does not come from a file.
  public init(metresPerUnit: Double, up: Axis = .y) {
    self.metresPerUnit = metresPerUnit
    self.up = up
  }

  /// Centimetres with Y up, the default of files that are written.
  public static let centimetres = FileConvention(metresPerUnit: 0.01)
}

/// Where a clip comes from: its source, its licence, and who does what in it.
public struct Provenance: Sendable, Hashable, Codable {
  /// The path or address that it was read from.
  public var source: String
  /// The SHA-256 of the source's bytes, in hexadecimal.
  public var sha256: String?
  /// The person captured. All motions of a subject stay on one side of a split into training and evaluation.
  public var subject: String?
  /// A one-word label, `walk`.
  public var action: String?
  /// What the subject does, in words.
  public var description: String?
  /// The licence's short text.
  public var licence: String?

  /// The provenance of a clip that does not come from a file, or of one whose data set says more.
  public init(
    source: String, sha256: String? = nil, subject: String? = nil, action: String? = nil, description: String? = nil,
    licence: String? = nil
  ) {
    self.source = source
    self.sha256 = sha256
    self.subject = subject
    self.action = action
    self.description = description
    self.licence = licence
  }
}

/// A motion with its name, its file's convention and its provenance.
///
///     let clip = try MotionFile.reading(contentsOf: url).clip
///     print(clip.name, clip.motion.count, clip.convention.metresPerUnit)
public struct Clip: Sendable, Hashable {
  /// The file's name without its extension.
  public var name: String
  /// The skeleton and its poses, in metres with Y up.
  public var motion: Motion
  /// The file's units and up axis.
  public var convention: FileConvention
  /// The source, subject, action and licence.
  public var provenance: Provenance

  /// A clip of a motion that does not come from a file; readers make the others.
  public init(name: String, motion: Motion, convention: FileConvention = .centimetres, provenance: Provenance) {
    self.name = name
    self.motion = motion
    self.convention = convention
    self.provenance = provenance
  }
}

/// A clip as read from a file, with the reader's warnings.
public struct ClipReading: Sendable, Hashable {
  /// The clip that was read.
  public var clip: Clip
  /// What a user should know although the file could be read, each with the file's name, and line and column of a text.
  public var warnings: [String]

  /// A reading, for formats outside this module.
  public init(clip: Clip, warnings: [String] = []) {
    self.clip = clip
    self.warnings = warnings
  }
}
