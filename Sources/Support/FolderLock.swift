package import Foundation

/// The right to work on a folder, which one process has at a time. It ends with the object, and with the process.
package final class FolderLock: Sendable {
  private let file: Int32

  /// Takes the lock, and waits for it while another process has it.
  ///
  /// - Parameters:
  ///   - name: The file of the lock in the folder, which stays.
  ///   - waiting: Called once if another process has the lock.
  /// - Throws: A `SurefootError` if the file cannot be made, `CancellationError` if the task is cancelled.
  package init(_ folder: URL, named name: String, waiting: () -> Void = {}) async throws {
    let url = folder.appendingPathComponent(name)
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    file = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard file >= 0 else {
      throw SurefootError(
        .unwritable, file: url.path, message: "cannot be opened (\(SystemError.text(errno)))",
        suggestion: "check that the folder is writable")
    }
    var isFirst = true
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      guard [EWOULDBLOCK, EINTR].contains(errno) else {
        throw SurefootError(
          .unwritable, file: url.path, message: "cannot be locked (\(SystemError.text(errno)))",
          suggestion: "choose a folder on a disk that has locks")
      }
      if isFirst { waiting() }
      isFirst = false
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  // Also after an error in `init`.
  deinit { close(file) }
}
