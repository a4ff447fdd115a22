package import Foundation

/// Whole files as bytes.
package enum FileBytes {
  /// Reads a file to its end.
  ///
  /// - Throws: A `SurefootError` with the code `unreadable` that says why.
  package static func read(_ url: URL) throws(SurefootError) -> [UInt8] {
    let file = open(url.path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw unreadable(url, errno) }
    defer { close(file) }
    var status = stat()
    let expected = fstat(file, &status) == 0 ? max(0, Int(status.st_size)) : 0
    // One byte more, so that the end of a regular file shows without another chunk. Files of /proc have size 0.
    var bytes = [UInt8](repeating: 0, count: expected + 1)
    var count = 0
    while true {
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

  private static func unreadable(_ url: URL, _ fault: Int32) -> SurefootError {
    SurefootError(
      .unreadable, file: url.path, message: "cannot be read (\(SystemError.text(fault)))",
      suggestion: "check the path and its permissions")
  }
}

extension Data {
  /// A file's bytes.
  ///
  /// - Throws: A `SurefootError` with the code `unreadable` that says why.
  package init(readingFile url: URL) throws(SurefootError) { self.init(try FileBytes.read(url)) }
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
