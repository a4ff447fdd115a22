import Foundation

/// Another program run to its end, or to its time limit.
///
/// It gets no input; what it prints goes to a file, so that it can neither block on a full pipe nor keep one open. It
/// leads a process group of its own: at the time limit the whole group ends, children included.
struct ProgramRun {
  /// How it ended.
  enum End: Sendable, Hashable {
    case exit(Int32)
    case signal(Int32)
    case timeLimit
  }

  /// How it ended.
  let end: End
  /// The last lines of what it printed, errors included.
  let messages: String

  /// The error of a program that could not be started at all.
  struct StartError: Error {
    let reason: String
  }

  /// Runs a program on a thread of its own and awaits its end.
  ///
  /// - Parameters:
  ///   - words: The program, found on the path if it has no slash, and its arguments.
  ///   - environment: Variables that are set beside this process's own.
  ///   - log: The file for what it prints.
  ///   - timeLimit: Seconds.
  static func run(
    _ words: [String], environment: [String: String], log: URL, timeLimit: Double
  ) async throws -> ProgramRun {
    try await withCheckedThrowingContinuation { continuation in
      let thread = Thread {
        continuation.resume(
          with: Result { try runHere(words, environment: environment, log: log, timeLimit: timeLimit) })
      }
      thread.name = "external program"
      thread.start()
    }
  }

  private static func runHere(
    _ words: [String], environment: [String: String], log: URL, timeLimit: Double
  ) throws -> ProgramRun {
    let process = try start(words, environment: environment, log: log)
    RunningPrograms.add(process)
    defer { RunningPrograms.remove(process) }
    let end = wait(for: process, timeLimit: timeLimit)
    // What it started and left behind ends with it.
    kill(-process, SIGKILL)
    return ProgramRun(end: end, messages: tail(of: log))
  }

  private static func start(_ words: [String], environment: [String: String], log: URL) throws -> pid_t {
    // Structures on Linux, pointers on macOS.
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Signals that this process ignores or handles are a new program's own affair.
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    var settings: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
    defer { (arguments + settings).forEach { free($0) } }
    var process: pid_t = 0
    let fault = posix_spawnp(&process, words[0], &actions, &attributes, &arguments, &settings)
    guard fault == 0 else { throw StartError(reason: String(cString: strerror(fault))) }
    return process
  }

  /// Polls: there is no portable wait with a time limit.
  private static func wait(for process: pid_t, timeLimit: Double) -> End {
    let began = ProcessInfo.processInfo.systemUptime
    var pause: UInt32 = 1000
    while true {
      var status: Int32 = 0
      let ended = waitpid(process, &status, WNOHANG)
      if ended == process { return status & 0x7F == 0 ? .exit((status >> 8) & 0xFF) : .signal(status & 0x7F) }
      if ended < 0, errno != EINTR { return .exit(-1) }
      if ProcessInfo.processInfo.systemUptime - began > timeLimit {
        kill(-process, SIGKILL)
        waitpid(process, &status, 0)
        return .timeLimit
      }
      usleep(pause)
      pause = min(2 * pause, 50_000)
    }
  }

  /// At most the last 12 lines and 2000 bytes of a file.
  private static func tail(of log: URL) -> String {
    guard let handle = try? FileHandle(forReadingFrom: log) else { return "" }
    defer { try? handle.close() }
    let size = (try? handle.seekToEnd()) ?? 0
    try? handle.seek(toOffset: size > 2000 ? size - 2000 : 0)
    let text = String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
    return lines.suffix(12).joined(separator: "\n")
  }
}

/// The programs that run at this moment, so that a process that is told to end can end them too: in their own process
/// groups they do not hear a terminal's interrupt.
public enum RunningPrograms {
  private final class Groups: @unchecked Sendable {
    let lock = NSLock()
    var leaders: Set<pid_t> = []
    var isClosed = false
  }

  private static let groups = Groups()

  static func add(_ process: pid_t) {
    groups.lock.withLock {
      groups.leaders.insert(process)
      if groups.isClosed { kill(-process, SIGKILL) }
    }
  }

  static func remove(_ process: pid_t) {
    _ = groups.lock.withLock { groups.leaders.remove(process) }
  }

  /// Kills every program that a corrector has started and that still runs, with its children, and any that is started
  /// from now on: the process is about to end.
  public static func endAll() {
    groups.lock.withLock {
      groups.isClosed = true
      for leader in groups.leaders { kill(-leader, SIGKILL) }
    }
  }
}
