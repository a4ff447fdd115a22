public import Foundation
import Kinematics
public import Retargeting
public import Support

/// The formats that a program reads and writes: the built-in ones, and any that it adds.
///
///     let formats = MotionFormatRegistry.builtIn.adding(PointList())
///     for url in try formats.find(in: folder) { clips.append(try formats.read(contentsOf: url).clip) }
///     try formats.write(clip, to: folder.appending(path: "walk.pts"))
///
/// A program that needs the built-in formats alone calls ``MotionFile`` instead.
public struct MotionFormatRegistry: Sendable {
  /// The formats in the order in which they are listed and asked.
  public private(set) var formats: [any MotionFileFormat]

  /// A registry of the given formats.
  ///
  /// - Precondition: No two share a name or an ending; each has an ending.
  public init(_ formats: [any MotionFileFormat]) {
    self.formats = []
    for format in formats { add(format) }
  }

  /// The formats of this package. A new one is added here, by one line.
  public static let builtIn = MotionFormatRegistry([
    BVHFormat(), AMCFormat(), DeepMimicFormat(), HumanML3DFormat(), MotionArchiveFormat(), GLBFormat(), VRMAFormat(),
    CSVFormat(),
  ])

  /// Adds a format.
  ///
  /// - Precondition: Its name and endings are not taken; it has an ending.
  public mutating func add(_ format: any MotionFileFormat) {
    precondition(self[format.name] == nil, "two formats are named \(format.name)")
    precondition(!format.fileExtensions.isEmpty, "\(format.name) has no ending")
    for ending in format.fileExtensions {
      precondition(self.format(withExtension: ending) == nil, "two formats have the ending \(ending)")
    }
    formats.append(format)
  }

  /// These formats and another.
  ///
  /// - Precondition: As of ``add(_:)``.
  public func adding(_ format: any MotionFileFormat) -> MotionFormatRegistry {
    var registry = self
    registry.add(format)
    return registry
  }

  // MARK: Choosing

  /// The format of a name, whatever its letter case; `nil` if there is none.
  public subscript(name: String) -> (any MotionFileFormat)? {
    formats.first { $0.name.lowercased() == name.lowercased() }
  }

  /// The format that files of this name have; `nil` for an ending of no format.
  public func format(of url: URL) -> (any MotionFileFormat)? { format(withExtension: url.pathExtension) }

  private func format(withExtension ending: String) -> (any MotionFileFormat)? {
    let ending = ending.lowercased()
    return formats.first { $0.fileExtensions.contains(ending) }
  }

  /// The format to write a file of this name in; `nil` for a name without an ending.
  ///
  /// - Throws: A `SurefootError` for an ending that no format writes, such as `.fbx`.
  public func formatToWrite(_ url: URL) throws(SurefootError) -> (any MotionFileFormat)? {
    let ending = url.pathExtension.lowercased()
    guard !ending.isEmpty else { return nil }
    guard let format = formats.first(where: { $0.fileExtension == ending }) else {
      throw SurefootError(
        .invalidSettings, file: url.path, message: "no format is written as .\(ending)",
        suggestion: "use \(Self.list(formats.map { ".\($0.fileExtension)" }))\(Self.advice(for: ending))")
    }
    return format
  }

  /// How to get a file of a kind that other programs write.
  private static func advice(for ending: String) -> String {
    switch ending {
    case "fbx", "usd", "usda", "usdc", "usdz", "dae", "abc", "blend", "gltf":
      "; for .\(ending) write .glb or .bvh, import it into Blender and export it from there"
    case "gz", "zip", "xz", "bz2": "; compress the written file afterwards"
    default: ""
    }
  }

  private static func list(_ words: [String]) -> String {
    words.dropLast().joined(separator: ", ") + (words.count > 1 ? " or " : "") + (words.last ?? "")
  }

  // MARK: Files

  /// Reads a clip, in the format that its name's ending says.
  ///
  /// - Throws: A `SurefootError` for a file that is absent, of no known ending, or damaged.
  public func read(
    contentsOf url: URL, options: MotionReadingOptions = MotionReadingOptions()
  ) throws(SurefootError) -> ClipReading {
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw SurefootError(
        .unreadable, file: url.path, message: "is not there",
        suggestion: FileBytes.isRepaired(url.path) ? FileBytes.renaming : "check the path")
    }
    guard let format = format(of: url) else {
      throw SurefootError(
        file: url.path, message: "has an ending that no format is read from",
        suggestion: "give \(Self.list(formats.flatMap(\.fileExtensions).map { ".\($0)" }))")
    }
    let reading = try format.read(contentsOf: url, options: options)
    // BVH says no unit: its reader has settled it.
    return format.name == "bvh" ? reading : try Self.settlingUnit(of: reading, format, file: url.path, options)
  }

  /// The reading of a file that says its length unit, or whose format does, in the unit that the user says instead, with
  /// a warning of an unlikely stature.
  private static func settlingUnit(
    of reading: ClipReading, _ format: any MotionFileFormat, file: String, _ options: MotionReadingOptions
  ) throws(SurefootError) -> ClipReading {
    var reading = reading
    var metres = format.traits.hasUnits ? reading.clip.convention.metresPerUnit : 1
    if let given = options.metresPerUnit, given != metres {
      try FileConvention.check(metresPerUnit: given, up: nil, file: file)
      reading.clip.motion = FileConvention(metresPerUnit: given / metres).intoWorld(reading.clip.motion)
      try reading.clip.motion.checkRead(file: file)
      if format.traits.hasUnits { reading.clip.convention.metresPerUnit = given }
      metres = given
    }
    reading.warnings += Stature(reading.clip).warnings(file: file, metresPerUnit: metres, isEstimated: false)
    return reading
  }

  /// Writes a clip. The file appears whole or not at all.
  ///
  /// - Parameters:
  ///   - format: The format; what the name's ending says if absent.
  ///   - joints: Which joints are a biped's, for formats of one skeleton; found by name if absent.
  /// - Returns: What changed or could not be kept, one sentence each.
  /// - Throws: A `SurefootError` for an ending that no format writes, or a motion that the format cannot hold.
  @discardableResult
  public func write(
    _ clip: Clip, to url: URL, as format: (any MotionFileFormat)? = nil, joints: JointMap? = nil
  ) throws(SurefootError) -> [String] {
    let chosen = if let format { format } else { try formatToWrite(url) }
    guard let chosen else {
      throw SurefootError(
        .invalidSettings, file: url.path, message: "has no ending that names a format",
        suggestion: "use \(Self.list(formats.map { ".\($0.fileExtension)" }))")
    }
    return try chosen.write(clip, to: url, joints: joints)
  }

  /// All motion files in a folder and below, by path. Hidden files, and what is no regular file, are left out.
  ///
  /// - Throws: A `SurefootError` if the folder cannot be read.
  public func find(in folder: URL) throws(SurefootError) -> [URL] {
    guard FileManager.default.fileExists(atPath: folder.path),
      let walk = FileManager.default.enumerator(
        at: folder, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles])
    else {
      throw SurefootError(
        .unreadable, file: folder.path, message: "cannot be read", suggestion: "check the path and its permissions")
    }
    var files: [URL] = []
    while let url = walk.nextObject() as? URL {
      guard let format = format(of: url) else { continue }
      // A pipe among the files would block whoever opens it. A name that is not UTF-8 cannot be opened: whoever reads the
      // file says so.
      if FileBytes.isRepaired(url.path) || (Self.isRegular(url) && format.looksLike(FileHead(of: url))) {
        files.append(url)
      }
    }
    return files.sorted { $0.path < $1.path }
  }

  static func isRegular(_ url: URL) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path)
    return attributes?[.type] as? FileAttributeType == .typeRegular
  }
}
