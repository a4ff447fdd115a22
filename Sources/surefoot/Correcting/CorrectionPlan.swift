import ArgumentParser
import Foundation
import Mocap

/// Which files are read, and where each one's correction goes.
struct CorrectionPlan {
  /// One clip's way.
  struct Item: Sendable {
    /// The file; standard input if absent.
    var source: URL?
    /// The file as the user sees it.
    var shown: String
    /// The BVH file to write; standard output if absent.
    var target: URL?

    /// The report beside the target.
    var sideCar: URL? { target.map { $0.deletingPathExtension().appendingPathExtension("json") } }
  }

  /// In the order of the arguments; a folder's files by path.
  let items: [Item]

  /// Whether the corrected motion goes to standard output.
  var isPiped: Bool { items.first?.target == nil }

  /// - Parameters:
  ///   - inputs: Files, folders, patterns, or `-` alone.
  ///   - output: A folder, a BVH file for one input, or `-`; may be absent for `-`.
  /// - Throws: A `ValidationError` for inputs that cannot go together or would be lost, a `FileError` for a folder
  ///   without BVH files.
  init(inputs: [String], output: String?) throws {
    if inputs.contains("-") {
      guard inputs.count == 1 else { throw ValidationError("- (standard input) must be the only input") }
      items = [Item(shown: "<standard input>", target: Self.singleTarget(name: "stdin", output))]
      return
    }
    guard let output else { throw ValidationError("-o is missing: name the folder to write to") }
    let folder = URL(fileURLWithPath: output)
    let found = try inputs.flatMap { try InputFile.expand($0, outside: folder) }
    let sources = InputFile.unique(found)
    if output == "-" || Self.isFile(output, for: inputs, sources) {
      guard sources.count == 1 else { throw ValidationError("-o - takes one input, not \(sources.count)") }
      let source = sources[0]
      let name = source.url.deletingPathExtension().lastPathComponent
      items = [Item(source: source.url, shown: source.shown, target: Self.singleTarget(name: name, output))]
    } else {
      items = sources.map { source in
        Item(
          source: source.url, shown: source.shown,
          target: folder.appendingPathComponent(source.below).deletingPathExtension().appendingPathExtension("bvh"))
      }
    }
    try Self.check(items)
  }

  /// `-o clip.bvh` is a file, if there is one input and no such folder.
  private static func isFile(_ output: String, for inputs: [String], _ sources: [InputFile]) -> Bool {
    output.lowercased().hasSuffix(".bvh") && !InputFile.isFolder(output) && inputs.count == 1 && sources.count == 1
      && !InputFile.isFolder(inputs[0])
  }

  private static func singleTarget(name: String, _ output: String?) -> URL? {
    guard let output, output != "-" else { return nil }
    let url = URL(fileURLWithPath: output)
    return output.lowercased().hasSuffix(".bvh") && !InputFile.isFolder(output)
      ? url : url.appendingPathComponent("\(name).bvh")
  }

  /// Nothing is written over an input, or twice.
  private static func check(_ items: [Item]) throws {
    let inputs = Set(items.compactMap { $0.source.map(identity) })
    var taken: [String: String] = [:]
    for item in items {
      guard let target = item.target else { continue }
      guard !inputs.contains(identity(target)) else {
        throw ValidationError("\(target.path) is an input and would be written over; choose another folder")
      }
      if let other = taken.updateValue(item.shown, forKey: target.standardizedFileURL.path) {
        throw ValidationError(
          "\(other) and \(item.shown) would both be written to \(target.path); correct them into different folders")
      }
    }
  }

  private static func identity(_ url: URL) -> String { url.standardizedFileURL.resolvingSymlinksInPath().path }
}
