import ArgumentParser
import Correctors
import Foundation
import MotionFormats
import Support

/// Which files are read, and where each one's correction goes.
struct CorrectionPlan {
  /// One clip's way.
  struct Item: Sendable {
    /// The file as the user sees it.
    let shown: String
    /// What it is written as.
    let format: any MotionFileFormat
    // Paths, not URLs: those take ten times the memory, and there may be a million.
    private let sourcePath: String?
    private let targetPath: String?

    init(source: URL? = nil, shown: String, target: URL?, format: any MotionFileFormat) {
      sourcePath = source?.path
      self.shown = shown
      targetPath = target?.path
      self.format = format
    }

    /// The file; standard input if absent.
    var source: URL? { sourcePath.map { URL(fileURLWithPath: $0, isDirectory: false) } }
    /// The file to write; standard output if absent.
    var target: URL? { targetPath.map { URL(fileURLWithPath: $0, isDirectory: false) } }

    /// The report beside the target.
    var sideCar: URL? { target.map { $0.deletingPathExtension().appendingPathExtension("json") } }
  }

  /// In the order of the arguments; a folder's files by path.
  let items: [Item]

  /// Whether the corrected motion goes to standard output.
  var isPiped: Bool { items.first?.target == nil }

  /// The formats that are written, each once.
  var formats: [any MotionFileFormat] {
    items.reduce(into: []) { found, item in
      if !found.contains(where: { $0.name == item.format.name }) { found.append(item.format) }
    }
  }

  /// The folder that is written to; `nil` where the output is one file.
  let folder: URL?

  /// - Parameters:
  ///   - inputs: Files, folders, patterns, or `-` alone.
  ///   - output: A folder, a file for one input, or `-`; may be absent for `-`.
  ///   - format: The written format; if absent what the output's name ends in, else each input's own.
  /// - Throws: A `ValidationError` for inputs that cannot go together or would be lost, a `SurefootError` for a folder
  ///   without motion files.
  init(inputs: [String], output: String?, format wanted: (any MotionFileFormat)? = nil) throws {
    let format = try Self.format(wanted, output)
    if inputs.contains("-") {
      guard inputs.count == 1 else { throw ValidationError("- (standard input) must be the only input") }
      self.folder = nil
      let format = format ?? .bvh
      items = [
        Item(shown: "<standard input>", target: Self.singleTarget(name: "stdin", output, format), format: format)
      ]
      return
    }
    guard let output else { throw ValidationError("-o is missing: name the folder to write to") }
    let folder = URL(fileURLWithPath: output)
    if output != "-" { try InputFile.check(output: output, apartFrom: inputs) }
    let found = try inputs.flatMap { try InputFile.expand($0) }
    let sources = InputFile.unique(found)
    if output == "-" || Self.isFile(output, for: inputs, sources) {
      guard sources.count == 1 else { throw ValidationError("-o - takes one input, not \(sources.count)") }
      let source = sources[0]
      let name = source.url.deletingPathExtension().lastPathComponent
      self.folder = nil
      let format = format ?? .bvh
      items = [
        Item(
          source: source.url, shown: source.shown, target: Self.singleTarget(name: name, output, format),
          format: format)
      ]
    } else {
      self.folder = folder
      items = sources.map { source in
        let format = format ?? MotionFormatRegistry.builtIn.format(of: source.url) ?? .bvh
        return Item(
          source: source.url, shown: source.shown,
          target: folder.appendingPathComponent(source.below).deletingPathExtension()
            .appendingPathExtension(format.fileExtension), format: format)
      }
    }
    try Self.check(items)
  }

  /// The items of one shard of a larger plan, as ``shardText(_:)`` wrote them.
  ///
  /// - Throws: A `SurefootError` if the file is no shard of this program.
  init(shard file: URL, output: String?) throws(SurefootError) {
    folder = output.map { URL(fileURLWithPath: $0) }
    var items: [Item] = []
    for (index, line) in try Data(readingFile: file).split(separator: UInt8(ascii: "\n")).enumerated() {
      guard let words = try? JSONDecoder().decode([String].self, from: Data(line)), words.count == 4,
        let format = MotionFormatRegistry.withMuJoCo[words[3]]
      else { throw SurefootError(file: file.path, line: index + 1, message: "is no line of a shard") }
      items.append(
        Item(
          source: URL(fileURLWithPath: words[0]), shown: words[1], target: URL(fileURLWithPath: words[2]),
          format: format))
    }
    self.items = items
  }

  /// Some items as a worker's shard: a line each.
  func shardText(_ range: Range<Int>) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return try items[range].reduce(into: Data()) { text, item in
      let words = [item.source?.path ?? "", item.shown, item.target?.path ?? "", item.format.name]
      text += try encoder.encode(words) + Data("\n".utf8)
    }
  }

  /// The format by `--format`, else by the output's name; `nil` for each input's own.
  private static func format(_ wanted: (any MotionFileFormat)?, _ output: String?) throws -> (any MotionFileFormat)? {
    let named = output.flatMap(namedFormat)
    if let output, named == nil, !InputFile.isFolder(output), foreign.contains(ending(output)) {
      _ = try MotionFormatRegistry.withMuJoCo.formatThatUserWrites(output)
    }
    if let wanted, let named, wanted.name != named.name {
      throw ValidationError("--format \(wanted.name): \(output ?? "") ends like another format; name it otherwise")
    }
    let format = wanted ?? named
    guard format == nil || format?.name == "bvh" || (output != nil && output != "-") else {
      throw ValidationError("standard output takes BVH; name a folder or a file with -o for \(format?.name ?? "")")
    }
    if output.map({ $0.lowercased().hasSuffix(".json") && !InputFile.isFolder($0) }) == true {
      throw ValidationError("the report is written to NAME.json; let the motion's name end in .txt")
    }
    return format
  }

  /// Endings of other programs' files, which no folder has.
  private static let foreign: Set = [
    "fbx", "usd", "usda", "usdc", "usdz", "gltf", "dae", "abc", "blend", "vmd", "c3d", "trc", "gz", "zip", "xz", "bz2",
    "7z", "rar", "tar", "asf", "bip", "htr", "mvnx", "mot", "trb", "tsv", "xml", "yaml", "pkl", "pt", "h5", "obj", "ma",
    "mb", "max", "c4d", "pmx", "pmd", "vrm", "vrma", "anim", "unitypackage", "mp4", "mov", "gif", "png", "html",
  ]

  private static func ending(_ path: String) -> String { URL(fileURLWithPath: path).pathExtension.lowercased() }

  /// The format of the file that an output names; `nil` for a folder.
  private static func namedFormat(_ output: String) -> (any MotionFileFormat)? {
    InputFile.isFolder(output) ? nil : MotionFormatRegistry.withMuJoCo.format(of: URL(fileURLWithPath: output))
  }

  /// `-o clip.bvh` is a file, if there is one input and no such folder.
  private static func isFile(_ output: String, for inputs: [String], _ sources: [InputFile]) -> Bool {
    namedFormat(output) != nil && inputs.count == 1 && sources.count == 1 && !InputFile.isFolder(inputs[0])
  }

  private static func singleTarget(name: String, _ output: String?, _ format: any MotionFileFormat) -> URL? {
    guard let output, output != "-" else { return nil }
    let url = URL(fileURLWithPath: output)
    return namedFormat(output) != nil ? url : url.appendingPathComponent("\(name).\(format.fileExtension)")
  }

  /// Nothing is written over an input, or twice.
  private static func check(_ items: [Item]) throws {
    // By bytes: names that differ in their Unicode normalization are two files.
    func place(_ url: URL) -> [UInt8] { Array(FilePlace.resolved(url).utf8) }
    let inputs = Set(items.compactMap { $0.source.map(place) })
    var taken: [[UInt8]: String] = [:]
    for item in items {
      guard let target = item.target else { continue }
      guard !inputs.contains(place(target)) else {
        throw ValidationError("\(target.path) is an input and would be written over; choose another folder")
      }
      guard let sideCar = item.sideCar, !inputs.contains(place(sideCar)) else {
        throw ValidationError("the report of \(item.shown) would be written over an input; choose another folder")
      }
      // Motions of two formats and one name share the report's name.
      if let other = taken.updateValue(item.shown, forKey: place(sideCar)) {
        throw ValidationError(
          "\(other) and \(item.shown) would both be written to \(target.path); correct them into different folders")
      }
    }
  }
}
