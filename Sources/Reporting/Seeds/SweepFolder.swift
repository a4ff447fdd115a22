public import Foundation
public import Support

/// The runs below a folder that a report is asked for.
public struct SweepFolder: Sendable {
  /// The folders of runs: the folder itself, or a sweep's.
  public var folders: [URL]
  /// Whether the folder is a sweep's.
  public var isSweep: Bool
  /// Runs of a sweep that have no figures yet, a sentence each.
  public var missing: [String] = []

  /// The runs of a sweep's folder, in the order of their names; a folder of a run as it is.
  ///
  /// - Throws: A ``SurefootError`` for a sweep in which nothing has been measured.
  public static func runs(in folder: URL) throws(SurefootError) -> SweepFolder {
    let manager = FileManager.default
    let inside = folder.appending(path: "runs")
    let isRun = manager.fileExists(atPath: folder.appending(path: "ledger.jsonl").path)
    guard !isRun, let names = try? manager.contentsOfDirectory(atPath: inside.path) else {
      return SweepFolder(folders: [folder], isSweep: false)
    }
    var result = SweepFolder(folders: [], isSweep: true)
    // In the order of numbers: seed-2 before seed-10.
    for name in names.sorted(by: { $0.compare($1, options: .numeric) == .orderedAscending }) where !name.hasPrefix(".")
    {
      let run = inside.appending(path: name)
      do {
        _ = try RunFolder.load(run)
        result.folders.append(run)
      } catch {
        result.missing.append("\(name) is left out: it \(error.message)")
      }
    }
    guard !result.folders.isEmpty else {
      throw SurefootError(
        file: folder.path, message: "is a sweep in which nothing has been measured yet",
        suggestion: "wait for its first run, or go on with `surefoot sweep`")
    }
    return result
  }
}
