public import Foundation
import Kinematics
public import Support

extension GLB {
  /// Reads a binary glTF 2.0 file of any exporter: the skeleton of its largest skin, or its animated nodes with all nodes
  /// below them, and one animation.
  ///
  /// Joints keep the file's names and hierarchy. At rest a joint's frame is turned as the world, as in a BVH file, and
  /// the bones stand as the file's nodes do; armatures above the skeleton, their scale and their motion are in the
  /// skeleton's numbers. Keys may be LINEAR, STEP or CUBICSPLINE, evenly spaced or not.
  ///
  /// - Parameters:
  ///   - frameRate: Frames per second to sample at; that of the keys if absent.
  ///   - animation: The name of an animation, or its number from 1; the first if absent.
  /// - Throws: A `SurefootError` for a file that is damaged, or that has data outside the file, sparse accessors, or
  ///   scales that change or differ between axes.
  public static func reading(
    contentsOf url: URL, frameRate: Double? = nil, animation: String? = nil
  ) throws(SurefootError) -> ClipReading {
    let name = url.deletingPathExtension().lastPathComponent
    return try reading(
      bytes: try FileBytes.read(url), file: url.path, name: name, frameRate: frameRate, animation: animation)
  }

  /// Reads a file's bytes; `file` is its name in errors, `name` the clip's name.
  public static func reading(
    bytes: [UInt8], file: String, name: String, frameRate: Double? = nil, animation: String? = nil
  ) throws(SurefootError) -> ClipReading {
    let (json, binary) = try GLBContainer.chunks(of: bytes, file: file)
    let document = try GLTFDocument(json: Data(json), file: file)
    var reader = try GLBReader(document, binary, file: file, animation: animation)
    let motion = try reader.motion(frameRate: frameRate)
    let clip = Clip(name: name, motion: motion, provenance: Provenance(source: file))
    return ClipReading(clip: clip, warnings: reader.warnings)
  }
}

/// The two parts of a binary glTF file.
enum GLBContainer {
  static func chunks(
    of bytes: [UInt8], file: String
  ) throws(SurefootError) -> (json: ArraySlice<UInt8>, binary: ArraySlice<UInt8>) {
    guard bytes.count >= 20, bytes.starts(with: "glTF".utf8) else {
      throw SurefootError(file: file, message: "is no binary glTF file", suggestion: "export it as glTF Binary (.glb)")
    }
    let version = bytes.littleEndian(UInt32.self, at: 4)
    guard version == 2 else {
      throw SurefootError(
        file: file, message: "is glTF \(version); only glTF 2 is read", suggestion: "export it as glTF 2.0")
    }
    let declared = Int(bytes.littleEndian(UInt32.self, at: 8))
    guard declared <= bytes.count else {
      throw SurefootError(
        file: file, message: "ends after \(bytes.count) of its \(declared) bytes",
        suggestion: "it is cut off; get it again")
    }
    var chunks: [ArraySlice<UInt8>] = []
    var at = 12
    while at + 8 <= declared, chunks.count < 2 {
      let length = Int(bytes.littleEndian(UInt32.self, at: at))
      let kind = bytes.littleEndian(UInt32.self, at: at + 4)
      guard length <= declared - at - 8, chunks.isEmpty == (kind == 0x4E4F_534A) else { break }
      if kind == 0x4E4F_534A || kind == 0x004E_4942 { chunks.append(bytes[(at + 8)..<(at + 8 + length)]) }
      at += 8 + length
    }
    guard let json = chunks.first else {
      throw SurefootError(file: file, message: "has no glTF document", suggestion: "it is damaged; export it again")
    }
    return (json, chunks.count > 1 ? chunks[1] : [])
  }
}

/// One file's skeleton and motion.
private struct GLBReader {
  private let document: GLTFDocument
  private let file: String
  private let tree: GLTFTree
  private let animation: GLTFDocument.Animation
  private let tracks: [Int: [String: GLTFTrack]]
  private(set) var warnings: [String] = []

  init(
    _ document: GLTFDocument, _ binary: ArraySlice<UInt8>, file: String, animation wanted: String?
  ) throws(SurefootError) {
    self.document = document
    self.file = file
    tree = try GLTFTree(document, file: file)
    let animations = document.animations ?? []
    guard !animations.isEmpty else {
      throw SurefootError(file: file, message: "holds no animation", suggestion: "export it with its animation")
    }
    let index = try wanted.map { wanted throws(SurefootError) in
      try Self.index(of: wanted, animations, file)
    }
    animation = animations[index ?? 0]
    var numbers = GLTFNumbers(document: document, binary: binary, file: file)
    tracks = try Self.tracks(of: animation, &numbers, tree)
    if index == nil, animations.count > 1 {
      warnings.append("\(file): the first of \(animations.count) animations is read; they are \(Self.list(animations))")
    }
  }

  private static func index(
    of wanted: String, _ animations: [GLTFDocument.Animation], _ file: String
  ) throws(SurefootError) -> Int {
    if let index = animations.firstIndex(where: { $0.name == wanted }) { return index }
    if let number = Int(wanted), animations.indices.contains(number - 1) { return number - 1 }
    throw SurefootError(
      .invalidSettings, file: file, message: "holds no animation '\(wanted.prefix(60))'",
      suggestion: "choose one by name or number: \(list(animations))")
  }

  /// The first ten animations by number and name.
  private static func list(_ animations: [GLTFDocument.Animation]) -> String {
    let shown = animations.prefix(10).enumerated().map { "\($0 + 1) '\($1.name?.prefix(60) ?? "")'" }
    return shown.joined(separator: ", ") + (animations.count > 10 ? ", and \(animations.count - 10) more" : "")
  }

  private static func tracks(
    of animation: GLTFDocument.Animation, _ numbers: inout GLTFNumbers, _ tree: GLTFTree
  ) throws(SurefootError) -> [Int: [String: GLTFTrack]] {
    let file = numbers.file
    var tracks: [Int: [String: GLTFTrack]] = [:]
    // Thousands of channels may share a sampler.
    var bySampler: [String: GLTFTrack] = [:]
    for channel in animation.channels {
      let path = channel.target.path
      guard let node = channel.target.node, ["translation", "rotation", "scale"].contains(path) else { continue }
      guard tree.nodes.indices.contains(node), animation.samplers.indices.contains(channel.sampler) else {
        throw SurefootError(
          file: file, message: "an animation channel names a node or sampler that is not there",
          suggestion: "export it again"
        )
      }
      let key = "\(channel.sampler) \(path)"
      let track =
        if let read = bySampler[key] { read } else {
          try GLTFTrack(animation.samplers[channel.sampler], path: path, &numbers)
        }
      bySampler[key] = track
      tracks[node, default: [:]][path] = track
    }
    return tracks
  }

  mutating func motion(frameRate: Double?) throws(SurefootError) -> Motion {
    let (joints, left) = try tree.skeleton(document, animated: Set(tracks.keys))
    if left > 0 { warnings.append("\(file): \(left) joints that are in other trees than the root are left out") }
    let above = Array(tree.ancestors(of: joints[0]).reversed())
    let relevant = (joints + above).flatMap { tracks[$0].map { Array($0.values) } ?? [] }
    guard !relevant.isEmpty else {
      throw SurefootError(
        file: file, message: "its animation moves no joint", suggestion: "export it with the armature's animation")
    }
    if let frameRate { _ = try MotionLimits.frameTime(ofRate: frameRate, file: file) }
    try document.check(extensionsOf: joints + above, animation, file: file)
    let rate = GLTFRate(relevant, declared: animation.extras?.frameTime, wanted: frameRate)
    try MotionLimits.check(frameTime: rate.frameTime, file: file)
    // In proportion to the keys: two of them, an hour apart, are no reason for gigabytes.
    let keys = relevant.reduce(0) { $0 + $1.times.count }
    guard rate.count * joints.count <= max(5_000_000, 20 * keys) else {
      throw SurefootError(
        file: file, message: "has \(keys) keys, and \(rate.count) frames of \(joints.count) joints from first to last",
        suggestion: "cut it, or give a lower frame rate")
    }
    if rate.isGuessed { warnings.append("\(file): keys come unevenly and are read at 30 frames a second") }
    let figure = try GLBFigure(joints, above: above, tree: tree, tracks: tracks)
    warnings += figure.notes.map { "\(file): \($0)" }
    let motion = figure.motion(rate)
    try motion.checkRead(file: file)
    return motion
  }
}
