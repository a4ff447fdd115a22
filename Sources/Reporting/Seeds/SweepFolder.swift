public import Foundation
public import Support

/// The runs below a folder that a report is asked for.
public struct SweepFolder: Sendable {
  /// The runs: the folder's own, or a sweep's.
  public var runs: [RunFolder]
  /// Whether the folder is a sweep's.
  public var isSweep: Bool
  /// Runs of a sweep that have no figures yet, a sentence each.
  public var missing: [String] = []

  /// The runs of a sweep's folder, in the order of their names; a folder of a run as it is.
  ///
  /// - Throws: A ``SurefootError`` for a sweep in which nothing has been measured.
  public static func load(_ folder: URL) throws(SurefootError) -> SweepFolder {
    let manager = FileManager.default
    let inside = folder.appending(path: "runs")
    let isRun = manager.fileExists(atPath: folder.appending(path: "ledger.jsonl").path)
    guard !isRun, let names = try? manager.contentsOfDirectory(atPath: inside.path) else {
      return SweepFolder(runs: [try RunFolder.load(folder)], isSweep: false)
    }
    var result = SweepFolder(runs: [], isSweep: true)
    // In the order of numbers: seed-2 before seed-10.
    for name in names.sorted(by: { $0.compare($1, options: .numeric) == .orderedAscending }) where !name.hasPrefix(".")
    {
      do {
        result.runs.append(try RunFolder.load(inside.appending(path: name)))
      } catch {
        result.missing.append("\(name) is left out: it \(error.message)")
      }
    }
    guard !result.runs.isEmpty else {
      throw SurefootError(
        file: folder.path, message: "is a sweep in which nothing has been measured yet",
        suggestion: "wait for its first run, or go on with `surefoot sweep`")
    }
    return result
  }
}
