public import Foundation

/// Writes files so that a reader, or a run killed at any instant, meets the old content or the new, never a part.
public enum AtomicFile {
  /// Writes `data` beside `url` under a temporary name, flushes it to the disk, and renames it over `url`.
  ///
  /// Missing parent folders are made. The bytes already at `url` survive any failure.
  public static func write(_ data: Data, to url: URL) throws(SurefootError) {
    let folder = url.deletingLastPathComponent()
    let temporary = folder.appendingPathComponent(
      ".\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).part")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try data.write(to: temporary)
      let handle = try FileHandle(forUpdating: temporary)
      try handle.synchronize()
      try handle.close()
      guard rename(temporary.path, url.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw SurefootError(
        file: url.path, message: "cannot be written (\(error.localizedDescription))",
        suggestion: "check that the folder exists, is writable and has room")
    }
  }

  /// Writes text in UTF-8; see ``write(_:to:)-(Data,_)``.
  public static func write(_ text: String, to url: URL) throws(SurefootError) {
    try write(Data(text.utf8), to: url)
  }
}
