import Foundation

/// The process that has a lock.
package struct LockHolder: Sendable, Hashable, CustomStringConvertible {
  /// Changes as long as the process lives.
  var beat: Int
  /// The machine's name, for people.
  let host: String
  /// The process on its machine.
  let process: pid_t
  /// When the process began, in the machine's own count: a later process may have the same number.
  let started: String
  /// The machine since its last start, and its set of process numbers: containers have their own.
  let machine: String
  /// Of this holding alone.
  let token: String

  package var description: String { "process \(process) on \(host)" }

  /// This process, with a new token.
  static func this() -> LockHolder {
    let process = ProcessInfo.processInfo.processIdentifier
    return LockHolder(
      beat: 0, host: FileOwner.hostName, process: process, started: start(of: process), machine: ownMachine,
      token: UUID().uuidString)
  }

  private init(beat: Int, host: String, process: pid_t, started: String, machine: String, token: String) {
    self.beat = beat
    self.host = host
    self.process = process
    self.started = started
    self.machine = machine
    self.token = token
  }

  /// From the text of a lock's file.
  init?(_ text: String) {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    guard words.count == 6, let beat = Int(words[0]), let process = pid_t(words[2]), process > 0 else { return nil }
    self.init(
      beat: beat, host: words[1], process: process, started: words[3], machine: words[4], token: words[5])
  }

  /// The text of a lock's file.
  var text: String { "\(Self.text(beat: beat)) \(host) \(process) \(started) \(machine) \(token)\n" }

  /// Always of one length, so that it can be written in place.
  static func text(beat: Int) -> String {
    let digits = String(beat)
    return String(repeating: "0", count: max(0, 12 - digits.count)) + digits
  }

  /// Whether the process is known to have ended; `nil` for one on another machine, which cannot be asked.
  var hasEnded: Bool? {
    guard machine == Self.ownMachine else { return nil }
    if kill(process, 0) != 0, errno == ESRCH { return true }
    return Self.start(of: process) != started
  }

  /// When a process began; `0` where the system does not tell.
  private static func start(of process: pid_t) -> String {
    let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
    // After the name, which may hold anything, in parentheses.
    let words = text.split(separator: ")").last?.split(separator: " ").map(String.init) ?? []
    return words.count > 19 ? words[19] : "0"
  }

  private static let ownMachine: String = {
    let start = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ""
    let processes = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? ""
    let text = start.isEmpty ? FileOwner.hostName : start + processes
    return text.filter { !$0.isWhitespace }
  }()
}
