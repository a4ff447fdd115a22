import Foundation
package import Support

/// A file that the user names: where it is not there, the error suggests the nearest name beside it.
package enum NamedFile {
  /// Checks that something is at a path.
  ///
  /// - Throws: A `SurefootError` with the nearest name of the same folder, or with `advice`.
  package static func require(_ path: String, advice: String = "check the path") throws(SurefootError) {
    guard !FileManager.default.fileExists(atPath: path) else { return }
    let near =
      FileBytes.isRepaired(path) ? FileBytes.renaming : nearest(to: path).map { "did you mean \($0)?" }
    throw SurefootError(.unreadable, file: path, message: "is not there", suggestion: near ?? advice)
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
