public import Foundation
public import Kinematics
public import Support

extension GLB {
  /// Reads a binary glTF 2.0 file of any exporter: its largest skin's skeleton, or its animated nodes, and its first
  /// animation.
  ///
  /// Joints keep the file's names and hierarchy. At rest a joint's frame is turned as the world, as in a BVH file, and
  /// the bones stand as the file's nodes do; armatures above the skeleton, their scale and their motion are in the
  /// skeleton's numbers. Keys may be LINEAR, STEP or CUBICSPLINE, evenly spaced or not.
  ///
  /// - Parameter frameRate: Frames a second to read at; the keys' own if absent.
  /// - Throws: A `SurefootError` for what is damaged or not read: data outside the file, sparse accessors, scales that
  ///   change or differ between axes.
  public static func reading(contentsOf url: URL, frameRate: Double? = nil) throws(SurefootError) -> ClipReading {
    let name = url.deletingPathExtension().lastPathComponent
    return try reading(bytes: try FileBytes.read(url), file: url.path, name: name, frameRate: frameRate)
  }

  /// Reads a file's bytes; `file` stands in errors, `name` names the clip.
  public static func reading(
    bytes: [UInt8], file: String, name: String, frameRate: Double? = nil
  ) throws(SurefootError) -> ClipReading {
    let (json, binary) = try GLBContainer.chunks(of: bytes, file: file)
    let document = try GLTFDocument(json: Data(json), file: file)
    var reader = try GLBReader(document, binary, file: file)
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
  private let tracks: [Int: [String: GLTFTrack]]
  private(set) var warnings: [String] = []

  init(_ document: GLTFDocument, _ binary: ArraySlice<UInt8>, file: String) throws(SurefootError) {
    self.document = document
    self.file = file
    tree = try GLTFTree(document, file: file)
    tracks = try Self.tracks(GLTFNumbers(document: document, binary: binary, file: file), tree)
    let others = (document.animations?.count ?? 0) - 1
    if others > 0 {
      let name = document.animations?.first?.name?.prefix(60) ?? ""
      warnings.append("\(file): the first of \(others + 1) animations is read, '\(name)'")
    }
  }

  private static func tracks(_ numbers: GLTFNumbers, _ tree: GLTFTree) throws(SurefootError) -> [Int: [String:
    GLTFTrack]]
  {
    let file = numbers.file
    guard let animation = numbers.document.animations?.first else {
      throw SurefootError(file: file, message: "holds no animation", suggestion: "export it with its animation")
    }
    var tracks: [Int: [String: GLTFTrack]] = [:]
    for channel in animation.channels {
      let path = channel.target.path
      guard let node = channel.target.node, ["translation", "rotation", "scale"].contains(path) else { continue }
      guard tree.nodes.indices.contains(node), animation.samplers.indices.contains(channel.sampler) else {
        throw SurefootError(
          file: file, message: "an animation channel names a node or sampler that is not there",
          suggestion: "export it again"
        )
      }
      tracks[node, default: [:]][path] = try GLTFTrack(animation.samplers[channel.sampler], path: path, numbers)
    }
    return tracks
  }

  mutating func motion(frameRate: Double?) throws(SurefootError) -> Motion {
    let (joints, left) = try tree.skeleton(document, animated: Set(tracks.keys))
    if left > 0 { warnings.append("\(file): \(left) joints that hang on no common root are left out") }
    let above = Array(tree.ancestors(of: joints[0]).reversed())
    let relevant = (joints + above).flatMap { tracks[$0].map { Array($0.values) } ?? [] }
    guard !relevant.isEmpty else {
      throw SurefootError(
        file: file, message: "its animation moves no joint", suggestion: "export it with the armature's animation")
    }
    let declared = document.animations?.first?.extras?.frameTime
    let rate = GLTFRate(relevant, declared: declared, wanted: frameRate)
    guard rate.count * joints.count < 50_000_000 else {
      throw SurefootError(
        file: file, message: "lasts \(rate.count) frames of \(joints.count) joints",
        suggestion: "cut it or give a lower rate"
      )
    }
    if rate.isGuessed { warnings.append("\(file): keys come unevenly and are read at 30 frames a second") }
    let figure = try GLBFigure(joints, above: above, tree: tree, tracks: tracks)
    let motion = figure.motion(rate)
    guard motion.isFinite, motion.skeleton.joints.allSatisfy({ ($0.offset + ($0.endSite ?? .zero)).isFinite }) else {
      throw SurefootError(file: file, message: "its numbers are too large together", suggestion: "export it again")
    }
    return motion
  }
}
