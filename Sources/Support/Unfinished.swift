import Foundation
import Synchronization

/// The temporary files and folders of this process, so that none is left if it exits in the midst of its work.
package enum Unfinished {
  private struct State {
    var paths: Set<String> = []
    var isClosed = false
  }

  private static let state = Mutex(State())

  /// Removes them all. Call it when the process is about to end: no further file can be begun.
  package static func removeAll() {
    let paths = state.withLock {
      $0.isClosed = true
      return $0.paths
    }
    for path in paths { try? FileManager.default.removeItem(atPath: path) }
  }

  /// - Returns: Whether the file may be begun.
  @discardableResult
  static func add(_ path: String) -> Bool {
    state.withLock {
      if !$0.isClosed { $0.paths.insert(path) }
      return !$0.isClosed
    }
  }

  static func remove(_ path: String) { state.withLock { _ = $0.paths.remove(path) } }
}

/// The process that a temporary file belongs to, by the end of its name: `HOST-PROCESS`, or `PROCESS` alone as earlier
/// versions wrote it.
struct FileOwner: CustomStringConvertible {
  private let host: String?
  private let process: pid_t

  /// This process.
  static var this: FileOwner { FileOwner(host: hostName, process: ProcessInfo.processInfo.processIdentifier) }

  private init(host: String, process: pid_t) { (self.host, self.process) = (host, process) }

  init?(_ text: Substring) {
    let dash = text.lastIndex(of: "-")
    guard let process = pid_t(dash.map { text[text.index(after: $0)...] } ?? text), process > 0 else { return nil }
    self.process = process
    host = dash.map { String(text[..<$0]) }
  }

  var description: String { (host.map { "\($0)-" } ?? "") + String(process) }

  /// Whether the process has ended. Processes of other machines cannot be asked: their files count as left after a day.
  func isGone(_ path: String) -> Bool {
    if host == nil || host == FileOwner.hostName { return kill(process, 0) != 0 && errno == ESRCH }
    var status = stat()
    guard lstat(path, &status) == 0 else { return false }
    #if canImport(Darwin)
      let written = status.st_mtimespec.tv_sec
    #else
      let written = status.st_mtim.tv_sec
    #endif
    return time(nil) - written > 86_400
  }

  /// Letters, digits and `-` of this machine's name.
  static let hostName: String = {
    var name = [CChar](repeating: 0, count: 64)
    let isKnown = gethostname(&name, 63) == 0
    let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let plain = text.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    return isKnown && !plain.isEmpty ? String(plain.prefix(32)) : "host"
  }()
}
