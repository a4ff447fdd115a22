public import Foundation
public import Kinematics
public import Support

/// Motion files of any format that Surefoot reads, told apart by their names: BVH, AMC with its ASF, DeepMimic,
/// HumanML3D's `.npy`, ``MotionArchive``'s `.npz`, ``GLB`` and ``CSV``.
///
///     for url in try MotionFile.find(in: folder) { clips.append(try MotionFile.reading(contentsOf: url).clip) }
public enum MotionFile {
  /// What the files do not say themselves; each is found or estimated if absent.
  public struct Options: Sendable {
    /// Metres in one of a BVH file's units.
    public var metresPerUnit: Double?
    /// A BVH file's up axis.
    public var up: Axis?
    /// The skeleton of AMC files.
    public var skeleton: URL?
    /// Frames a second of AMC, `.npy` and GLB files.
    public var captureRate: Double?
    /// How often a looping DeepMimic clip is gone through; clips that do not loop are read once.
    public var cycles: Int

    /// Options by their parts; see the members.
    public init(
      metresPerUnit: Double? = nil, up: Axis? = nil, skeleton: URL? = nil, captureRate: Double? = nil, cycles: Int = 1
    ) {
      self.metresPerUnit = metresPerUnit
      self.up = up
      self.skeleton = skeleton
      self.captureRate = captureRate
      self.cycles = cycles
    }
  }

  /// Reads a clip.
  ///
  /// An AMC file's skeleton, if not given, is the ASF file beside it that bears its subject's name (`16.asf` for
  /// `16_15.amc`) or its own, or the only one there.
  public static func reading(contentsOf url: URL, options: Options = Options()) throws(SurefootError) -> ClipReading {
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw SurefootError(file: url.path, message: "is not there", suggestion: "check the path")
    }
    switch url.pathExtension.lowercased() {
    case "bvh":
      return try BVH.reading(contentsOf: url, metresPerUnit: options.metresPerUnit, up: options.up)
    case "amc":
      let file = if let given = options.skeleton { given } else { try skeleton(beside: url) }
      let skeleton = try ASF.read(contentsOf: file)
      return ClipReading(clip: try AMC.read(contentsOf: url, skeleton: skeleton, frameRate: options.captureRate))
    case "txt", "json":
      return ClipReading(clip: try DeepMimic.read(contentsOf: url, cycles: options.cycles, ifLooping: true))
    case "npy": return try HumanML3D.reading(contentsOf: url, frameRate: options.captureRate)
    case "npz": return ClipReading(clip: try MotionArchive.read(contentsOf: url))
    case "glb": return try GLB.reading(contentsOf: url, frameRate: options.captureRate)
    case "csv": return ClipReading(clip: try CSV.read(contentsOf: url))
    default:
      throw SurefootError(
        file: url.path, message: "is of no kind that is read",
        suggestion: "give .bvh, .amc (with its .asf), .glb, .npz, HumanML3D's .npy, DeepMimic's .txt or a .csv of ours")
    }
  }

  /// The ASF file of an AMC file's actor.
  public static func skeleton(beside motion: URL) throws(SurefootError) -> URL {
    let folder = motion.deletingLastPathComponent()
    let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    let skeletons = files.filter { $0.pathExtension.lowercased() == "asf" }
    let name = motion.deletingPathExtension().lastPathComponent
    let subject = String(name.prefix { $0 != "_" })
    // Its own name first: a file written beside others has a skeleton of its own.
    for wanted in [name, subject] {
      if let match = skeletons.first(where: { $0.deletingPathExtension().lastPathComponent == wanted }) { return match }
    }
    if skeletons.count == 1 { return skeletons[0] }
    throw SurefootError(
      file: motion.path, message: "its skeleton \(subject).asf is not beside it", suggestion: "put it there or name it")
  }

  /// All motion files in a folder and below, by path.
  public static func find(in folder: URL) throws(SurefootError) -> [URL] {
    guard FileManager.default.fileExists(atPath: folder.path),
      let walk = FileManager.default.enumerator(
        at: folder, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles])
    else {
      throw SurefootError(
        file: folder.path, message: "cannot be read", suggestion: "check the path and its permissions")
    }
    var found: [URL] = []
    while let url = walk.nextObject() as? URL {
      let kind = url.pathExtension.lowercased()
      if ["bvh", "amc", "npz"].contains(kind) || (["txt", "json"].contains(kind) && looksLikeDeepMimic(url))
        || (kind == "npy" && looksLikeHumanML3D(url)) || (kind == "glb" && looksAnimated(url))
        || (kind == "csv" && looksLikeMotion(url))
      {
        found.append(url)
      }
    }
    return found.sorted { $0.path < $1.path }
  }

  /// Other arrays lie beside motions, statistics of a dataset for one.
  private static func looksLikeHumanML3D(_ url: URL) -> Bool {
    guard let handle = try? FileHandle(forReadingFrom: url) else { return false }
    defer { try? handle.close() }
    guard let head = try? handle.read(upToCount: 128) else { return false }
    let text = String(decoding: head, as: UTF8.self)
    return text.contains("NUMPY") && (text.contains(", 263)") || text.contains(", 22, 3)"))
  }

  /// Most GLB files are things that do not move.
  private static func looksAnimated(_ url: URL) -> Bool {
    guard let handle = try? FileHandle(forReadingFrom: url) else { return false }
    defer { try? handle.close() }
    guard let head = try? handle.read(upToCount: 20), head.count == 20 else { return false }
    let length = Int([UInt8](head).littleEndian(UInt32.self, at: 12))
    guard let document = try? handle.read(upToCount: min(length, 1 << 26)) else { return false }
    return document.range(of: Data("\"animations\"".utf8)) != nil
  }

  /// Other tables lie beside motions.
  private static func looksLikeMotion(_ url: URL) -> Bool {
    guard let handle = try? FileHandle(forReadingFrom: url) else { return false }
    defer { try? handle.close() }
    return (try? handle.read(upToCount: 11)).map { $0 == Data("frame,time,".utf8) } ?? false
  }

  /// Other texts and JSON lie beside motions: DeepMimic's hold `"Frames"` near their head.
  private static func looksLikeDeepMimic(_ url: URL) -> Bool {
    guard let handle = try? FileHandle(forReadingFrom: url) else { return false }
    defer { try? handle.close() }
    guard let head = try? handle.read(upToCount: 4096) else { return false }
    let text = String(decoding: head, as: UTF8.self)
    return text.drop(while: \.isWhitespace).first == "{" && text.contains("\"Frames\"")
  }
}
