package import Foundation

/// A folder for files that another program exchanges with this one: private, and removed however this process ends.
///
///     let folder = try TemporaryFolder("reward")
///     defer { folder.remove() }
///
/// Those that killed processes left are removed when the next one is made.
package struct TemporaryFolder: Sendable {
  /// The folder.
  package let url: URL

  private static let prefix = "surefoot-"

  /// Makes a folder `surefoot-KIND-UUID.HOST-PROCESS` among the system's temporary files.
  package init(_ kind: String) throws(SurefootError) {
    let parent = FileManager.default.temporaryDirectory
    TemporaryFolder.sweep(parent)
    url = parent.appendingPathComponent("\(TemporaryFolder.prefix)\(kind)-\(UUID().uuidString).\(FileOwner.this)")
    Unfinished.add(url.path)
    do {
      try FileManager.default.createDirectory(
        at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      Unfinished.remove(url.path)
      throw SurefootError(
        .unwritable, file: url.path, message: "cannot be made (\(SystemError.text(error)))",
        suggestion: "name a folder that is writable and has space by TMPDIR")
    }
  }

  /// Removes it with all that it holds.
  package func remove() {
    try? FileManager.default.removeItem(at: url)
    Unfinished.remove(url.path)
  }

  private static func sweep(_ parent: URL) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? [] where name.hasPrefix(prefix) {
      guard let dot = name.lastIndex(of: "."), let owner = FileOwner(name[name.index(after: dot)...]) else { continue }
      let path = parent.appendingPathComponent(name).path
      if owner.isGone(path) { try? FileManager.default.removeItem(atPath: path) }
    }
  }
}
