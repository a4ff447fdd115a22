public import Kinematics

/// How a file's numbers relate to ours, so that a round trip gives back the file's own convention.
public struct FileConvention: Sendable, Hashable, Codable {
  /// Metres in one of the file's length units: 0.01 for centimetres, 1 for metres, 0.056444 for CMU's.
  public var metresPerUnit: Double
  /// The file's up axis, Y or Z.
  public var up: Axis

  /// A convention by its parts.
  public init(metresPerUnit: Double, up: Axis = .y) {
    self.metresPerUnit = metresPerUnit
    self.up = up
  }

  /// Centimetres, Y up: what is written when nothing else is asked for.
  public static let centimetres = FileConvention(metresPerUnit: 0.01)
}

/// Where a clip comes from.
public struct Provenance: Sendable, Hashable, Codable {
  /// The path or address that it was read from.
  public var source: String
  /// The SHA-256 of the source's bytes, in hexadecimal.
  public var sha256: String?
  /// Who was captured: motions of one subject stay on one side of a train/evaluation split.
  public var subject: String?
  /// A one-word label, `walk`.
  public var action: String?
  /// What is done, in words.
  public var description: String?
  /// The licence's short text.
  public var licence: String?

  /// A provenance by its parts.
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

/// A motion with its name and provenance.
public struct Clip: Sendable, Hashable {
  /// The file's name without its extension.
  public var name: String
  /// What moves, and how.
  public var motion: Motion
  /// The file's units and up axis.
  public var convention: FileConvention
  /// Where it comes from.
  public var provenance: Provenance

  /// A clip by its parts.
  public init(name: String, motion: Motion, convention: FileConvention = .centimetres, provenance: Provenance) {
    self.name = name
    self.motion = motion
    self.convention = convention
    self.provenance = provenance
  }
}
