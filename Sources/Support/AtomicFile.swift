public import Foundation
import Synchronization

/// Writes files so that a reader, or a run killed at any instant, meets the old content or the new, never a part.
public enum AtomicFile {
  /// Writes `data` beside `url` under a temporary name, flushes it to the disk, and renames it over `url`.
  ///
  /// Missing parent folders are made. The bytes already at `url` survive any failure. A device, a pipe or a socket is
  /// written to, not replaced. The first write into a folder removes what killed processes left half-written there.
  public static func write(_ data: Data, to url: URL) throws(SurefootError) {
    if isSpecial(url) { return try writeThrough(data, to: url) }
    let folder = url.deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw unwritable(url, SystemError.text(error), data.count, SystemError.number(error))
    }
    sweepOnce(folder)
    let temporary = temporary(for: url).path
    guard Unfinished.add(temporary) else { throw unwritable(url, SystemError.text(EINTR), data.count, EINTR) }
    defer { Unfinished.remove(temporary) }
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
      let url = folder.appendingPathComponent(path)
      guard names?.contains(owner.name) ?? true, owner.process.isGone(url.path) else { continue }
      try? FileManager.default.removeItem(at: url)
    }
  }

  /// Where a file is written before it is renamed to `url`: `.NAME.HOST-PROCESS.part` beside it.
  package static func temporary(for url: URL) -> URL {
    url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent).\(FileOwner.this).part")
  }

  private static func owner(ofTemporary name: String) -> (name: String, process: FileOwner)? {
    guard name.hasPrefix("."), name.hasSuffix(".part") else { return nil }
    let words = name.dropFirst().dropLast(".part".count)
    guard let dot = words.lastIndex(of: "."), let process = FileOwner(words[words.index(after: dot)...])
    else { return nil }
    return (String(words[..<dot]), process)
  }

  private static let swept = Mutex<Set<String>>([])

  private static func sweepOnce(_ folder: URL) {
    guard swept.withLock({ $0.insert(folder.path).inserted }) else { return }
    sweepLeftovers(in: folder)
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
    let space = size < 10_000_000 ? "\(max(1, (size + 999) / 1000)) kB" : "\((size + 999_999) / 1_000_000) MB"
    return SurefootError(
      .unwritable, file: url.path, message: "cannot be written (\(reason))",
      suggestion: isFull
        ? "the file needs \(space): free some space or choose another disk"
        : "check that the folder exists, is writable and has space")
  }
}
