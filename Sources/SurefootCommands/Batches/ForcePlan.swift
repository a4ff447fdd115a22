import ArgumentParser
import Correctors
import Foundation

/// Where `correct --forces` writes each clip's forces.
struct ForcePlan: Sendable {
  private let path: URL
  private let isFile: Bool
  private let ending: String
  private let folder: String?

  /// - Parameters:
  ///   - path: A file for one clip, else a folder.
  ///   - ending: The files' ending where a folder is named; `csv` if absent.
  ///   - plan: The clips.
  /// - Throws: A `ValidationError` for a path that does not fit the clips, or would be written over something else.
  init(path: String, ending: String?, plan: CorrectionPlan) throws {
    let url = URL(fileURLWithPath: path)
    let named = url.pathExtension.lowercased()
    let endings = ForceFile.endings.joined(separator: ", ")
    if let ending, !ForceFile.endings.contains(ending) {
      throw ValidationError("there are no forces as \(ending); use one of: \(endings)")
    }
    isFile = !named.isEmpty && !InputFile.isFolder(path)
    if isFile {
      guard ForceFile.endings.contains(named) else {
        throw ValidationError("--forces \(path): forces are written as one of: \(endings); or name a folder")
      }
      guard plan.items.count == 1 else {
        throw ValidationError("--forces \(path) is one file for \(plan.items.count) clips; name a folder")
      }
      guard ending == nil || ending == named else {
        throw ValidationError("--forces \(path) ends in .\(named), and --forces-format asks for \(ending ?? "")")
      }
    }
    self.path = url
    self.ending = ending ?? (isFile ? named : "csv")
    folder = plan.folder?.standardizedFileURL.path
    for item in plan.items {
      let target = target(of: item).standardizedFileURL.path
      let others = [item.source, item.target, item.sideCar].compactMap { $0?.standardizedFileURL.path }
      if others.contains(target) {
        throw ValidationError("--forces: \(target) is the clip or its correction; choose another name")
      }
    }
  }

  /// The file of one clip's forces; the folders of a batch are kept.
  func target(of item: CorrectionPlan.Item) -> URL {
    guard !isFile else { return path }
    var below = item.target?.lastPathComponent ?? "stdin"
    if let folder, let target = item.target?.standardizedFileURL.path, target.hasPrefix(folder + "/") {
      below = String(target.dropFirst(folder.count + 1))
    }
    return path.appendingPathComponent(below).deletingPathExtension().appendingPathExtension(ending)
  }
}
