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

  /// The files that an argument means, without those in the folder that is written to.
  ///
  /// - Throws: A `SurefootError` if a folder holds none or no file matches a pattern.
  static func expand(
    _ argument: String, outside output: URL? = nil, kind: Kind = .bvh
  ) throws(SurefootError) -> [InputFile] {
    if isFolder(argument) { return try files(in: argument, outside: output, kind) }
    guard !FileManager.default.fileExists(atPath: argument), argument.contains(where: "*?[".contains) else {
      return [InputFile(argument)]
    }
    let paths = paths(matching: argument)
    guard !paths.isEmpty else {
      throw SurefootError(file: argument, message: "no file matches", suggestion: "check the pattern and the folder")
    }
    var found: [InputFile] = []
    for path in paths { found += isFolder(path) ? try files(in: path, outside: output, kind) : [InputFile(path)] }
    return found
  }

  /// Each file once, where it was named first.
  static func unique(_ files: [InputFile]) -> [InputFile] {
    var seen: Set<String> = []
    return files.filter { seen.insert($0.url.standardizedFileURL.path).inserted }
  }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// The files of a folder and below, by path, without what an earlier run wrote there.
  private static func files(in folder: String, outside output: URL?, _ kind: Kind) throws(SurefootError) -> [InputFile]
  {
    let root = URL(fileURLWithPath: folder).standardizedFileURL.path
    let written = output?.standardizedFileURL.path ?? root
    let all = try MotionFile.find(in: URL(fileURLWithPath: folder)).filter { file in
      let path = file.standardizedFileURL.path
      return path.hasPrefix(root) && (written == root || !path.hasPrefix(written + "/"))
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
