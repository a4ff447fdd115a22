import Foundation
import MotionFormats
import Support

/// A motion file that may go into a dataset.
struct DatasetSource: Sendable, Hashable {
  /// Where it is.
  let url: URL
  /// Its path below the folder that was given, which names it wherever that folder lies.
  let path: String

  /// All motion files in files and folders, folders searched to their bottoms, in the paths' order.
  ///
  /// Taken of a folder is what a format of ``MotionFormatRegistry`` recognises as its own.
  static func all(in places: [URL]) throws(SurefootError) -> [DatasetSource] {
    var found: [DatasetSource] = []
    for place in places {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) else {
        throw SurefootError(file: place.path, message: "there is no such file or folder", suggestion: "check the path")
      }
      if isFolder.boolValue {
        found += below(place)
      } else {
        found.append(DatasetSource(url: place, path: place.lastPathComponent))
      }
    }
    // By bytes: names that differ in their Unicode normalization are two files.
    var seen: Set<[UInt8]> = []
    return found.filter { seen.insert(Array($0.url.standardizedFileURL.path.utf8)).inserted }
  }

  private static func below(_ folder: URL) -> [DatasetSource] {
    paths(below: folder).compactMap { path in
      let url = folder.appendingPathComponent(path)
      return isMotion(url) ? DatasetSource(url: url, path: path) : nil
    }
  }

  /// The paths of all files of a folder, without hidden ones; none of a file.
  private static func paths(below folder: URL) -> [String] {
    guard let walker = FileManager.default.enumerator(atPath: folder.path) else { return [] }
    return walker.compactMap { $0 as? String }.filter { path in
      !path.split(separator: "/").contains { $0.hasPrefix(".") }
    }.sorted()
  }

  private static func isMotion(_ url: URL) -> Bool { whyNoMotion(url) == nil }

  /// Why a file of a folder is not taken: an empty text for a file that nobody would take for a motion, `nil` for a motion.
  private static func whyNoMotion(_ url: URL) -> String? {
    let ending = url.pathExtension.lowercased()
    // A pipe among the files would block whoever opens it.
    // A name that is not UTF-8 is rejected with that reason.
    guard MotionFile.isRegular(url) || FileBytes.isRepaired(url.path) else { return "" }
    guard let format = MotionFormatRegistry.builtIn.format(of: url) else {
      guard foreign.contains(ending) else { return "" }
      return "no format is read from .\(ending): convert it to .bvh or .glb, in Blender for one"
    }
    if format.looksLike(FileHead(of: url)) { return nil }
    // Texts, tables of labels and side-cars lie beside motions.
    return ["txt", "json", "csv"].contains(ending)
      ? "" : "holds no motion that the format \(format.name) can be read from"
  }

  /// Endings of motions in other programs' formats.
  private static let foreign: Set = [
    "fbx", "c3d", "trc", "vmd", "usd", "usda", "usdc", "usdz", "gltf", "dae", "abc", "blend", "mvnx", "htr", "bip",
    "pkl",
  ]

  /// The files of folders that look like motions and are none that is read, each with the reason, in the paths' order.
  static func leftOut(of places: [URL]) -> [DatasetManifest.RejectedClip] {
    var seen: Set<String> = []
    return places.flatMap { place in
      paths(below: place).compactMap { path in
        let url = place.appendingPathComponent(path)
        guard let reason = whyNoMotion(url), !reason.isEmpty, seen.insert(url.standardizedFileURL.path).inserted else {
          return nil
        }
        return DatasetManifest.RejectedClip(source: path, reason: reason)
      }
    }
  }

  /// A text about this file with its path cut to what was given, so that a manifest does not depend on the machine.
  func relative(_ text: String) -> String { text.replacingOccurrences(of: url.path, with: path) }
}
