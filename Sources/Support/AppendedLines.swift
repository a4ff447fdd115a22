package import Foundation

/// Files of lines to which several processes may append.
package enum AppendedLines {
  /// Appends a line in one call, so that lines of several processes do not mix, and flushes it to the disk. After a line
  /// that was cut off by a kill it starts a new one.
  ///
  /// - Parameter line: Without its line break.
  /// - Throws: `SurefootError` if the file cannot be written.
  package static func append(_ line: Data, to url: URL) throws(SurefootError) {
    let file = open(url.path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o644)
    var fault = file < 0 ? errno : 0
    if file >= 0 {
      var last: UInt8 = 0
      let size = lseek(file, 0, SEEK_END)
      let isTorn = size > 0 && pread(file, &last, 1, size - 1) == 1 && last != UInt8(ascii: "\n")
      let bytes = (isTorn ? Data("\n".utf8) : Data()) + line + Data("\n".utf8)
      let count = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if count != bytes.count { fault = count < 0 ? errno : ENOSPC }
      if fault == 0, fsync(file) != 0 { fault = errno }
      close(file)
    }
    guard fault == 0 else {
      throw SurefootError(
        .unwritable, file: url.path, message: "cannot be written (\(SystemError.text(fault)))",
        suggestion: "check that the folder is writable and has space")
    }
  }
}
