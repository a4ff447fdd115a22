import Foundation
import MotionFormats
import Support

/// A motion file that an argument names: a file, a folder or a pattern.
struct InputFile: Hashable {
  /// Which of a folder's files are meant.
  enum Kind {
    /// BVH alone.
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
    var found: [InputFile] = []
    for file in try MotionFile.find(in: URL(fileURLWithPath: folder)) {
      let path = file.standardizedFileURL.path
      guard kind == .motion || file.pathExtension.lowercased() == "bvh", path.hasPrefix(root),
        written == root || !path.hasPrefix(written + "/")
      else { continue }
      let below = String(path.dropFirst(root.count).drop { $0 == "/" })
      found.append(
        InputFile(url: file, shown: folder.hasSuffix("/") ? folder + below : "\(folder)/\(below)", below: below))
    }
    guard found.isEmpty else { return found }
    switch kind {
    case .bvh:
      throw SurefootError(
        file: folder, message: "holds no BVH file",
        suggestion: "make BVH of other formats with `surefoot convert` first")
    case .motion:
      throw SurefootError(
        file: folder, message: "holds no motion file",
        suggestion: "give .bvh, .amc, .glb, humanoid3d_*.txt, .npy, .npz or .csv files")
    }
  }

  private static func paths(matching pattern: String) -> [String] {
    var result = glob_t()
    defer { globfree(&result) }
    guard glob(pattern, 0, nil, &result) == 0, let paths = result.gl_pathv else { return [] }
    return (0..<Int(result.gl_pathc)).compactMap { index in paths[index].map { String(cString: $0) } }
  }
}
