import Foundation
import MotionFormats
import Support

/// A motion file that an argument names: a file, a folder or a pattern.
struct InputFile: Hashable {
  /// Which of a folder's files are meant.
  enum Kind {
    /// BVH alone, or every format that is read if there is no BVH file.
    case bvh
    /// Every format that is read.
    case motion
  }

  var url: URL
  /// Its path as the user sees it.
  var shown: String
  /// Its path below the folder that was named, or its name.
  var below: String

  init(url: URL, shown: String, below: String) {
    self.url = url
    self.shown = shown
    self.below = below
  }

  /// A file by its path.
  init(_ path: String) {
    url = URL(fileURLWithPath: path)
    shown = path
    below = url.lastPathComponent
  }

  /// The files that an argument means.
  ///
  /// - Throws: A `SurefootError` if a folder holds none or no file matches a pattern.
  static func expand(_ argument: String, kind: Kind = .bvh) throws(SurefootError) -> [InputFile] {
    if isFolder(argument) { return try files(in: argument, kind) }
    guard !FileManager.default.fileExists(atPath: argument), argument.contains(where: "*?[".contains) else {
      return [InputFile(argument)]
    }
    let paths = paths(matching: argument)
    guard !paths.isEmpty else {
      throw SurefootError(file: argument, message: "no file matches", suggestion: "check the pattern and the folder")
    }
    var found: [InputFile] = []
    for path in paths { found += isFolder(path) ? try files(in: path, kind) : [InputFile(path)] }
    return found
  }

  /// Each file once, where it was named first. By bytes: names that differ in their Unicode normalization are two files.
  static func unique(_ files: [InputFile]) -> [InputFile] {
    var seen: Set<[UInt8]> = []
    return files.filter { seen.insert(Array($0.url.standardizedFileURL.path.utf8)).inserted }
  }

  /// The folders that an argument means: the folder that it names, or those that match a pattern.
  static func folders(_ argument: String) -> [URL] {
    let paths = isFolder(argument) ? [argument] : paths(matching: argument).filter(isFolder)
    return paths.map { URL(fileURLWithPath: $0) }
  }

  /// Refuses an output that is, contains or lies in a folder that is read.
  ///
  /// - Throws: A `ValidationError`.
  static func check(output: String, apartFrom arguments: [String]) throws {
    try OutputCheck.folder(output, apartFrom: arguments.flatMap(folders).map(\.path))
  }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// The files of a folder and below, by path.
  private static func files(in folder: String, _ kind: Kind) throws(SurefootError) -> [InputFile] {
    let root = URL(fileURLWithPath: folder).standardizedFileURL.path
    let all = try MotionFile.find(in: URL(fileURLWithPath: folder)).filter {
      $0.standardizedFileURL.path.hasPrefix(root)
    }
    let bvh = all.filter { $0.pathExtension.lowercased() == "bvh" }
    let found = kind == .bvh && !bvh.isEmpty ? bvh : all
    guard !found.isEmpty else {
      throw SurefootError(
        file: folder, message: "holds no motion file",
        suggestion: "give .bvh, .amc, .glb, humanoid3d_*.txt, .npy, .npz or .csv files")
    }
    return found.map { file in
      let below = String(file.standardizedFileURL.path.dropFirst(root.count).drop { $0 == "/" })
      return InputFile(url: file, shown: folder.hasSuffix("/") ? folder + below : "\(folder)/\(below)", below: below)
    }
  }

  private static func paths(matching pattern: String) -> [String] {
    var result = glob_t()
    defer { globfree(&result) }
    guard glob(pattern, 0, nil, &result) == 0, let paths = result.gl_pathv else { return [] }
    return (0..<Int(result.gl_pathc)).compactMap { index in paths[index].map { String(cString: $0) } }
  }
}
