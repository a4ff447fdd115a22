package import Foundation

/// Whole files as bytes.
package enum FileBytes {
  /// The most bytes that are read: what a program can hold in memory, and an end for devices that have none.
  package static let largest = 4 << 30

  /// Reads a file to its end.
  ///
  /// - Parameters:
  ///   - limit: The most bytes to read.
  ///   - isForeign: Whether another program wrote the file: links and what is no regular file are refused.
  /// - Throws: A `SurefootError` with the code `unreadable` that says why.
  package static func read(
    _ url: URL, limit: Int = largest, isForeign: Bool = false
  ) throws(SurefootError) -> [UInt8] {
    let file = open(url.path, O_RDONLY | O_CLOEXEC | (isForeign ? O_NOFOLLOW | O_NONBLOCK : 0))
    guard file >= 0 else {
      throw errno == ELOOP && isForeign ? unusual(url, "is a link, which is not followed") : unreadable(url, errno)
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw unreadable(url, errno) }
    guard !isForeign || status.st_mode & S_IFMT == S_IFREG else { throw unusual(url, "is no regular file") }
    let expected = max(0, Int(status.st_size))
    guard expected <= limit else { throw unusual(url, "holds \(expected) bytes; at most \(limit) are read") }
    // One byte more, so that the end of a regular file shows without another chunk. Files of /proc have size 0.
    var bytes = [UInt8](repeating: 0, count: expected + 1)
    var count = 0
    while true {
      guard count <= limit else { throw unusual(url, "does not end after \(limit) bytes") }
      if count == bytes.count { bytes += [UInt8](repeating: 0, count: max(1 << 16, bytes.count)) }
      let got = bytes.withUnsafeMutableBytes {
        Foundation.read(file, $0.baseAddress.map { $0 + count }, $0.count - count)
      }
      if got == 0 { break }
      if got > 0 { count += got } else if errno != EINTR { throw unreadable(url, errno) }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  private static func unusual(_ url: URL, _ problem: String) -> SurefootError {
    SurefootError(.unreadable, file: url.path, message: problem, suggestion: "give a whole file of a usual size")
  }

  private static func unreadable(_ url: URL, _ fault: Int32) -> SurefootError {
    SurefootError(
      .unreadable, file: url.path, message: "cannot be read (\(SystemError.text(fault)))",
      suggestion: isRepaired(url.path) ? FileBytes.renaming : "check the path and its permissions")
  }

  /// Whether a path holds the sign that stands for bytes which are no UTF-8: such a file cannot be opened by its name.
  package static func isRepaired(_ path: String) -> Bool { path.unicodeScalars.contains("\u{FFFD}") }

  /// What to do about such a file.
  package static let renaming = "its name seems not to be UTF-8: rename it, for example with `convmv -t utf8`"
}

extension Data {
  /// A file's bytes.
  ///
  /// - Throws: A `SurefootError` with the code `unreadable` that says why.
  package init(readingFile url: URL) throws(SurefootError) { self.init(try FileBytes.read(url)) }
}

extension String {
  /// A file's text in UTF-8.
  ///
  /// - Throws: A `SurefootError` with the code `unreadable` that says why.
  package init(readingFile url: URL, limit: Int = FileBytes.largest) throws(SurefootError) {
    let bytes = try FileBytes.read(url, limit: limit)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw SurefootError(
        .unreadable, file: url.path, message: "is no text in UTF-8",
        suggestion: "save it as UTF-8, or name another file")
    }
    self = text
  }
}

/// The operating system's reasons in words.
package enum SystemError {
  /// What an error number means, for example "No space left on device".
  package static func text(_ number: Int32) -> String { String(cString: strerror(number)) }

  /// The operating system's reason for a Foundation error, or Foundation's text if there is none.
  package static func text(_ error: any Error) -> String {
    number(error).map(text) ?? (error as? SurefootError)?.description ?? error.localizedDescription
  }

  /// The error number that a Foundation error hides.
  static func number(_ error: any Error) -> Int32? {
    let error = error as NSError
    if error.domain == NSPOSIXErrorDomain { return Int32(error.code) }
    return (error.userInfo[NSUnderlyingErrorKey] as? any Error).flatMap(number)
  }
}
