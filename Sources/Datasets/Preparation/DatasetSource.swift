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
  /// Taken are `.bvh`, `.amc` and DeepMimic's `.txt` and `.json` (those that hold `"Frames"`).
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
    guard let walker = FileManager.default.enumerator(atPath: folder.path) else { return [] }
    let paths = walker.compactMap { $0 as? String }.filter { path in
      !path.split(separator: "/").contains { $0.hasPrefix(".") }
    }
    return paths.sorted().compactMap { path in
      let url = folder.appendingPathComponent(path)
      return isMotion(url) ? DatasetSource(url: url, path: path) : nil
    }
  }

  private static func isMotion(_ url: URL) -> Bool {
    // A pipe among the files would block whoever opens it. A name that is not UTF-8 is rejected with that reason.
    guard MotionFile.isRegular(url) || FileBytes.isRepaired(url.path) else { return false }
    switch url.pathExtension.lowercased() {
    case "bvh", "amc": return true
    case "txt", "json":
      guard let handle = try? FileHandle(forReadingFrom: url) else { return false }
      defer { try? handle.close() }
      let head = String(decoding: (try? handle.read(upToCount: 4096)) ?? Data(), as: UTF8.self)
      return head.contains("\"Frames\"") && head.contains("{")
    default: return false
    }
  }

  /// Reads the file by its kind.
  func read() throws(SurefootError) -> Clip { try MotionFile.reading(contentsOf: url).clip }

  /// An error's text with this file's path cut to what was given, so that a manifest does not depend on the machine.
  func relative(_ error: SurefootError) -> String {
    error.description.replacingOccurrences(of: url.path, with: path)
  }
}
