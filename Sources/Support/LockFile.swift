import Foundation

/// The file of a lock.
struct LockFile {
  private let url: URL

  init(_ url: URL) { self.url = url }

  /// Who has the lock; `nil` if nobody has, or the file is torn.
  var holder: LockHolder? {
    // By opening: a network file system then asks the server.
    (try? String(readingFile: url, limit: 4096)).flatMap(LockHolder.init)
  }

  /// Makes the file, if there is none.
  ///
  /// - Returns: The open file; `nil` if there is one.
  func take(_ holder: LockHolder) throws(SurefootError) -> Int32? {
    let (file, path) = try write(holder)
    defer { unlink(path) }
    if link(path, url.path) == 0 { return file }
    let fault = errno
    close(file)
    if fault == EEXIST { return nil }
    guard [EPERM, ENOTSUP, EOPNOTSUPP, ENOSYS, EMLINK].contains(fault) else { throw refused(fault) }
    // A file system without links: by exclusive creation, where a reader may meet an empty file for a moment.
    let direct = open(url.path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard direct >= 0 else {
      if errno == EEXIST { return nil }
      throw refused(errno)
    }
    _ = holder.text.withCString { Foundation.write(direct, $0, strlen($0)) }
    return direct
  }

  /// Takes the place of a dead holder. Of several that want to, one does: the others see its file.
  ///
  /// - Returns: The open file; `nil` if somebody else was faster.
  func replace(_ dead: LockHolder?, by holder: LockHolder) throws(SurefootError) -> Int32? {
    let turn = url.path + ".takeover"
    let guarding = open(turn, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard guarding >= 0 else {
      guard errno == EEXIST else { throw refused(errno) }
      // It is there for an instant only, unless its maker was killed in that.
      var status = stat()
      if stat(turn, &status) == 0, time(nil) - Self.modified(status) > 600 { unlink(turn) }
      return nil
    }
    defer {
      close(guarding)
      unlink(turn)
    }
    guard self.holder?.token == dead?.token else { return nil }
    let (file, path) = try write(holder)
    guard rename(path, url.path) == 0 else {
      let fault = errno
      unlink(path)
      close(file)
      throw refused(fault)
    }
    return file
  }

  private func write(_ holder: LockHolder) throws(SurefootError) -> (file: Int32, path: String) {
    // Of this holding alone: a process may want one lock twice. Swept like every temporary file.
    let name = "\(url.lastPathComponent)-\(holder.token.prefix(8))"
    let own = url.deletingLastPathComponent().appendingPathComponent(name)
    let path = AtomicFile.temporary(for: own).path
    let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard file >= 0 else { throw refused(errno) }
    _ = holder.text.withCString { Foundation.write(file, $0, strlen($0)) }
    fsync(file)
    return (file, path)
  }

  private static func modified(_ status: stat) -> Int {
    #if canImport(Darwin)
      status.st_mtimespec.tv_sec
    #else
      status.st_mtim.tv_sec
    #endif
  }

  private func refused(_ fault: Int32) -> SurefootError {
    SurefootError(
      .unwritable, file: url.path, message: "cannot be locked (\(SystemError.text(fault)))",
      suggestion: "check that the folder is writable and has space")
  }
}
