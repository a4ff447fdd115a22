import Foundation
import Synchronization

/// Starts a program by `posix_spawn`: files, signals, process group and environment.
struct SubprocessLaunch {
  private let request: Subprocess
  private let tag: String
  /// This process's end of the program's standard input, if it is fed. It does not block.
  private(set) var inputPipe: Int32?
  /// This process's end of the captured stream. It does not block.
  private(set) var outputPipe: Int32?
  /// The program's ends, closed here once it runs.
  private var given: [Int32] = []
  // Structures on Linux, pointers on macOS.
  #if canImport(Darwin)
    private var actions: posix_spawn_file_actions_t?
    private var attributes: posix_spawnattr_t?
  #else
    private var actions = posix_spawn_file_actions_t()
    private var attributes = posix_spawnattr_t()
  #endif

  init(_ request: Subprocess, tag: String) {
    self.request = request
    self.tag = tag
  }

  /// Only one launch at a time: between the making of a pipe and its mark as close-on-exec another could inherit it.
  private static let turn = Mutex(())

  /// - Returns: The number of the new process.
  mutating func start() throws(SurefootError) -> pid_t {
    let (process, fault) = SubprocessLaunch.turn.withLock { _ in spawn() }
    guard fault == 0 else {
      [inputPipe, outputPipe].compactMap { $0 }.forEach { close($0) }
      throw error(fault)
    }
    return process
  }

  private mutating func spawn() -> (process: pid_t, fault: Int32) {
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
      given.forEach { close($0) }
    }
    let variables = ProcessInfo.processInfo.environment.merging(request.environment) { $1 }.map { "\($0)=\($1)" }
    var process: pid_t = 0
    var fault = redirect()
    if fault == 0 {
      setAttributes()
      var arguments: [UnsafeMutablePointer<CChar>?] = request.command.map { strdup($0) } + [nil]
      var environment: [UnsafeMutablePointer<CChar>?] = (variables + [tag]).map { strdup($0) } + [nil]
      defer { (arguments + environment).forEach { free($0) } }
      fault = posix_spawnp(&process, request.command[0], &actions, &attributes, &arguments, &environment)
    }
    return (process, fault)
  }

  private func error(_ fault: Int32) -> SurefootError {
    let program = request.command[0]
    if fault == ENOENT, !program.contains("/") {
      return SurefootError(
        .subprocessFailed, file: program, message: "is not installed",
        suggestion: "install it, for example `apt-get install \(program)`")
    }
    return SurefootError(
      .subprocessFailed, file: program, message: "cannot be started (\(SystemError.text(fault)))",
      suggestion: "check that it can be run by hand")
  }

  /// - Returns: The error number of a pipe that cannot be made, or 0.
  private mutating func redirect() -> Int32 {
    switch request.input {
    case .terminal: break
    case .none: posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    case .data, .chunks:
      guard let (readEnd, writeEnd) = makePipe() else { return errno }
      (inputPipe, given) = (writeEnd, given + [readEnd])
      posix_spawn_file_actions_adddup2(&actions, readEnd, STDIN_FILENO)
    }
    for (destination, file) in [(request.output, STDOUT_FILENO), (request.errors, STDERR_FILENO)] {
      switch destination {
      case .inherited: break
      case .discarded: posix_spawn_file_actions_addopen(&actions, file, "/dev/null", O_WRONLY, 0)
      case .sameAsOutput: posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, file)
      case .captured:
        guard let (readEnd, writeEnd) = makePipe() else { return errno }
        (outputPipe, given) = (readEnd, given + [writeEnd])
        posix_spawn_file_actions_adddup2(&actions, writeEnd, file)
      }
    }
    for file in [inputPipe, outputPipe].compactMap({ $0 }) {
      _ = fcntl(file, F_SETFL, fcntl(file, F_GETFL) | O_NONBLOCK)
    }
    return 0
  }

  /// A pipe that other programs do not inherit: one that held its end open would keep this one waiting.
  private func makePipe() -> (readEnd: Int32, writeEnd: Int32)? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    ends.forEach { _ = fcntl($0, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private mutating func setAttributes() {
    // Signals that this process ignores, handles or blocks have their defaults in the program.
    var (all, none) = (sigset_t(), sigset_t())
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    if case .terminal = request.input {} else { flags |= POSIX_SPAWN_SETPGROUP }
    posix_spawnattr_setflags(&attributes, Int16(flags))
  }
}
