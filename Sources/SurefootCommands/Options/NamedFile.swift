import Foundation
package import Support

/// A file that the user names: where it is not there, the error suggests the nearest name beside it.
package enum NamedFile {
  /// Checks that something is at a path.
  ///
  /// - Throws: A `SurefootError` with the nearest name of the same folder, or with `advice` and what lies there.
  package static func require(_ path: String, advice: String = "check the path") throws(SurefootError) {
    guard !FileManager.default.fileExists(atPath: path) else { return }
    let near =
      FileBytes.isRepaired(path) ? FileBytes.renaming : nearest(to: path).map { "did you mean \($0)?" }
    throw SurefootError(
      .unreadable, file: path, message: "is not there", suggestion: near ?? kindred(of: path, advice) ?? advice)
  }

  /// How many files of a kind are named.
  private static let most = 5

  /// The files of the same ending that the folder holds; the folder that is missing itself.
  private static func kindred(of path: String, _ advice: String) -> String? {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent()
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
      return "there is no folder \(path.dropLast(url.lastPathComponent.count)); \(advice)"
    }
    let ending = url.pathExtension.lowercased()
    let same = names.filter {
      !ending.isEmpty && !$0.hasPrefix(".") && URL(fileURLWithPath: $0).pathExtension.lowercased() == ending
    }.sorted()
    guard !same.isEmpty else { return nil }
    let listed = same.prefix(most).joined(separator: ", ") + (same.count > most ? " and \(same.count - most) more" : "")
    return "\(advice); beside it lie \(listed)"
  }

  private static func nearest(to path: String) -> String? {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    guard let name = EditDistance.nearest(to: url.lastPathComponent, among: names.sorted()) else { return nil }
    let prefix = path.dropLast(url.lastPathComponent.count)
    return path.hasSuffix(url.lastPathComponent) ? prefix + name : folder.appendingPathComponent(name).path
  }
}
