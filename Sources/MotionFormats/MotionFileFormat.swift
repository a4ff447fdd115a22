public import Foundation
public import Kinematics
public import Retargeting
public import Support

/// A kind of motion file: how its files are recognised, read and written.
///
/// Conform a type to it and add that to a ``MotionFormatRegistry``; nothing else needs to know the format.
///
///     struct PointList: MotionFileFormat {
///       let name = "points"
///       let fileExtensions = ["pts"]
///       let traits = MotionFileTraits()
///
///       func read(contentsOf url: URL, options: MotionReadingOptions) throws(SurefootError) -> ClipReading { ... }
///       func write(_ clip: Clip, to url: URL, joints: JointMap?) throws(SurefootError) -> [String] { ... }
///     }
///
///     let formats = MotionFormatRegistry.builtIn.adding(PointList())
///     let clip = try formats.read(contentsOf: url).clip
///
/// Inside, lengths are metres and Y is up: a reader converts from its file's units and axes, a writer back. Readers throw
/// for damaged data with the file's name, and the line and column of a text; they allocate in proportion to the bytes
/// that are there, never to what a file declares.
public protocol MotionFileFormat: Sendable {
  /// The name by which users choose the format: lower case, one word.
  var name: String { get }

  /// The endings of file names, lower case without the dot. All are read; the first is the one that is written.
  var fileExtensions: [String] { get }

  /// What files of the format can keep.
  var traits: MotionFileTraits { get }

  /// Whether a file with one of the endings looks like a motion in this format. A search through a folder asks this, to
  /// leave out other files of the same ending; reading a file that a user names does not.
  func looksLike(_ head: FileHead) -> Bool

  /// Reads a file.
  ///
  /// - Throws: A `SurefootError` for a file that is damaged or holds impossible values.
  func read(contentsOf url: URL, options: MotionReadingOptions) throws(SurefootError) -> ClipReading

  /// Writes a clip in the clip's units and axes, where the format leaves them open. The file appears whole or not at all.
  ///
  /// - Parameter joints: Which joints are a biped's, for formats of one skeleton; found by name if absent.
  /// - Returns: What changed or could not be kept, one sentence each.
  /// - Throws: A `SurefootError` for a motion that the format cannot hold.
  func write(_ clip: Clip, to url: URL, joints: JointMap?) throws(SurefootError) -> [String]
}

extension MotionFileFormat {
  /// Every file with one of the endings is taken for a motion.
  public func looksLike(_ head: FileHead) -> Bool { true }

  /// The ending of the names of written files.
  public var fileExtension: String { fileExtensions.first ?? name }
}

/// What files of a format can keep of a clip's convention.
public struct MotionFileTraits: Sendable, Hashable {
  /// Whether the writer chooses the length unit; otherwise lengths are metres.
  public var hasUnits: Bool
  /// Whether the writer chooses the up axis; otherwise it is Y.
  public var hasUpAxis: Bool
  /// The only frame rate of a format that has one [frames per second].
  public var frameRate: Double?

  /// Describes a format; without arguments one in metres with Y up at any frame rate.
  public init(hasUnits: Bool = false, hasUpAxis: Bool = false, frameRate: Double? = nil) {
    self.hasUnits = hasUnits
    self.hasUpAxis = hasUpAxis
    self.frameRate = frameRate
  }
}

/// What files do not say themselves; each is found or estimated if absent.
public struct MotionReadingOptions: Sendable {
  /// Metres in one of the file's length units: estimated of a BVH file, and what others say themselves, if absent.
  public var metresPerUnit: Double?
  /// A BVH file's up axis, Y or Z.
  public var up: Axis?
  /// Whether a BVH file's root positions are relative to the root's OFFSET.
  public var rootIsRelative: Bool?
  /// The ASF file with the skeleton of AMC files.
  public var skeleton: URL?
  /// Frames per second of AMC, `.npy` and GLB files, and of BVH files whose frame time is wrong.
  public var captureRate: Double?
  /// How often a looping DeepMimic clip is repeated; clips that do not loop are read once.
  public var cycles: Int
  /// Which animation of a GLB file to read: its name, or its number from 1.
  public var animation: String?

  /// Options for a reader; without arguments everything is found or estimated.
  public init(
    metresPerUnit: Double? = nil, up: Axis? = nil, rootIsRelative: Bool? = nil, skeleton: URL? = nil,
    captureRate: Double? = nil, cycles: Int = 1, animation: String? = nil
  ) {
    self.metresPerUnit = metresPerUnit
    self.up = up
    self.rootIsRelative = rootIsRelative
    self.skeleton = skeleton
    self.captureRate = captureRate
    self.cycles = cycles
    self.animation = animation
  }
}

/// The beginning of a file, for ``MotionFileFormat/looksLike(_:)``: read from disk only as far as a format asks.
public struct FileHead: Sendable {
  private enum Source: Sendable {
    case file(URL)
    case bytes([UInt8])
  }

  private let source: Source

  /// The head of a file on disk.
  public init(of url: URL) { source = .file(url) }

  /// The head of a file that is in memory.
  public init(_ bytes: [UInt8]) { source = .bytes(bytes) }

  /// Up to `count` bytes from the file's start; none of a file that cannot be read.
  public func bytes(upTo count: Int) -> [UInt8] {
    switch source {
    case .bytes(let bytes): return Array(bytes.prefix(count))
    case .file(let url):
      guard let handle = try? FileHandle(forReadingFrom: url) else { return [] }
      defer { try? handle.close() }
      return (try? handle.read(upToCount: count)).map { [UInt8]($0) } ?? []
    }
  }
}
