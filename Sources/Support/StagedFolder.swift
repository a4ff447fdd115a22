package import Foundation

/// A folder that is filled under a temporary name and then takes the place of another.
package struct StagedFolder: Sendable {
  /// Where to write.
  package let url: URL
  private let target: URL

  /// Makes an empty folder beside `target`. Those that killed processes left are removed with other temporary files.
  ///
  /// - Throws: A `SurefootError` if it cannot be made.
  package init(for target: URL) throws(SurefootError) {
    self.target = target
    url = AtomicFile.temporary(for: target)
    Unfinished.add(url.path)
    try? FileManager.default.removeItem(at: url)
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw SurefootError(
        .unwritable, file: url.path, message: "cannot be made (\(SystemError.text(error)))",
        suggestion: "check that the folder is writable and has space")
    }
  }

  /// Puts the folder in the place of the other, whose content is removed.
  ///
  /// - Throws: A `SurefootError` if it cannot be renamed; the other is there then.
  package func takePlace() throws(SurefootError) {
    let old = AtomicFile.temporary(for: target.appendingPathExtension("old"))
    try? FileManager.default.removeItem(at: old)
    let hadOld = rename(target.path, old.path) == 0
    guard rename(url.path, target.path) == 0 else {
      let fault = errno
      if hadOld { rename(old.path, target.path) }
      throw SurefootError(
        .unwritable, file: target.path, message: "cannot be replaced (\(SystemError.text(fault)))",
        suggestion: "check that the folder is writable")
    }
    if hadOld { try? FileManager.default.removeItem(at: old) }
  }

  /// Removes the temporary folder, if it is still there.
  package func remove() {
    try? FileManager.default.removeItem(at: url)
    Unfinished.remove(url.path)
  }
}
