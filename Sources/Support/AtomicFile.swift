public import Foundation

/// Writes files so that a reader, or a run killed at any instant, meets the old content or the new, never a part.
public enum AtomicFile {
  /// Writes `data` beside `url` under a temporary name, flushes it to the disk, and renames it over `url`.
  ///
  /// Missing parent folders are made. The bytes already at `url` survive any failure. A device, a pipe or a socket is
  /// written to, not replaced.
  public static func write(_ data: Data, to url: URL) throws(SurefootError) {
    if isSpecial(url) { return try writeThrough(data, to: url) }
    let folder = url.deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw unwritable(url, SystemError.text(error), data.count, SystemError.number(error))
    }
    let temporary = folder.appendingPathComponent(temporaryName(for: url.lastPathComponent)).path
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    var fault = file < 0 ? errno : append(data, to: file)
    if file >= 0 {
      if fault == 0, fsync(file) != 0 { fault = errno }
      if close(file) != 0, fault == 0 { fault = errno }
    }
    if fault == 0, rename(temporary, url.path) != 0 { fault = errno }
    guard fault == 0 else {
      unlink(temporary)
      throw unwritable(url, SystemError.text(fault), data.count, fault)
    }
  }

  /// Writes text in UTF-8; see ``write(_:to:)-(Data,_)``.
  public static func write(_ text: String, to url: URL) throws(SurefootError) {
    try write(Data(text.utf8), to: url)
  }

  /// Removes the temporary files that processes left in a folder when they were killed. Those of running processes
  /// stay.
  ///
  /// - Parameters:
  ///   - names: Only the temporary files of these files; of all if `nil`.
  ///   - recursively: Whether folders inside the folder are searched as well.
  package static func sweepLeftovers(in folder: URL, of names: Set<String>? = nil, recursively: Bool = false) {
    let paths =
      recursively
      ? FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
      : (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for path in paths {
      guard let owner = owner(ofTemporary: (path as NSString).lastPathComponent) else { continue }
      guard names?.contains(owner.name) ?? true, kill(owner.process, 0) != 0, errno == ESRCH else { continue }
      try? FileManager.default.removeItem(at: folder.appendingPathComponent(path))
    }
  }

  /// `.NAME.PROCESS.part`.
  private static func temporaryName(for name: String) -> String {
    ".\(name).\(ProcessInfo.processInfo.processIdentifier).part"
  }

  private static func owner(ofTemporary name: String) -> (name: String, process: pid_t)? {
    guard name.hasPrefix("."), name.hasSuffix(".part") else { return nil }
    let words = name.dropFirst().dropLast(".part".count)
    guard let dot = words.lastIndex(of: "."), let process = pid_t(words[words.index(after: dot)...]), process > 0
    else { return nil }
    return (String(words[..<dot]), process)
  }

  /// Whether there is something that is neither a regular file nor a folder.
  private static func isSpecial(_ url: URL) -> Bool {
    var status = stat()
    guard stat(url.path, &status) == 0 else { return false }
    return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  private static func writeThrough(_ data: Data, to url: URL) throws(SurefootError) {
    let file = open(url.path, O_WRONLY | O_CLOEXEC)
    var fault = file < 0 ? errno : append(data, to: file)
    if file >= 0, close(file) != 0, fault == 0 { fault = errno }
    guard fault == 0 else { throw unwritable(url, SystemError.text(fault), data.count, fault) }
  }

  /// - Returns: 0, or an error number.
  private static func append(_ data: Data, to file: Int32) -> Int32 {
    data.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Foundation.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return errno }
      }
      return 0
    }
  }

  private static func unwritable(_ url: URL, _ reason: String, _ size: Int, _ fault: Int32?) -> SurefootError {
    let isFull = fault == ENOSPC || fault == EDQUOT
    let room = size < 10_000_000 ? "\(max(1, (size + 999) / 1000)) kB" : "\((size + 999_999) / 1_000_000) MB"
    return SurefootError(
      .unwritable, file: url.path, message: "cannot be written (\(reason))",
      suggestion: isFull
        ? "the file needs \(room): make room, or choose another disk"
        : "check that the folder exists, is writable and has room")
  }
}
