import Foundation
import Synchronization

/// A program that was started: exchanges bytes with it and waits for its end, on the calling thread.
struct RunningSubprocess {
  private let process: pid_t
  private let request: Subprocess
  /// Every process that descends from the program has it in its environment.
  private let tag: String
  private let inputPipe: Int32?
  private let outputPipe: Int32?

  init(_ request: Subprocess) throws(SurefootError) {
    self.request = request
    tag = "\(Subprocess.mark)=\(UUID().uuidString)"
    var launch = SubprocessLaunch(request, tag: tag)
    process = try launch.start()
    (inputPipe, outputPipe) = (launch.inputPipe, launch.outputPipe)
    SubprocessRegistry.add(process, hasGroup: hasGroup)
  }

  private var hasGroup: Bool {
    if case .terminal = request.input { return false }
    return true
  }

  /// Polls the pipes and the process: there is no portable wait with a time limit.
  func wait(isCancelled: () -> Bool) -> Subprocess.Result {
    let start = ProcessInfo.processInfo.systemUptime
    var feed = InputFeed(request.input, to: inputPipe)
    var collector = OutputCollector(from: outputPipe)
    var end: Subprocess.End?
    var pause: Int32 = 1
    while end == nil {
      let isBusy = exchange(&feed, &collector, pause)
      pause = isBusy ? 1 : min(2 * pause, 50)
      if hasEnded() {
        end = .exit(0)
      } else if isCancelled() {
        end = .cancelled
      } else if let limit = request.timeLimit, ProcessInfo.processInfo.systemUptime - start > limit {
        end = .timeLimit
      }
    }
    // The leader is not reaped yet, so its number still names its group and no other.
    endGroup()
    let status = reap()
    collector.drain()
    feed.close()
    collector.close()
    if end == .exit(0) { end = status & 0x7F == 0 ? .exit((status >> 8) & 0xFF) : .signal(status & 0x7F) }
    return Subprocess.Result(end: end ?? .exit(-1), output: collector.data)
  }

  /// Waits for one of the pipes for at most `pause` ms; returns whether bytes moved.
  private func exchange(_ feed: inout InputFeed, _ collector: inout OutputCollector, _ pause: Int32) -> Bool {
    var files = [feed.request, collector.request].compactMap { $0 }
    guard poll(&files, nfds_t(files.count), pause) > 0 else { return false }
    var moved = false
    for file in files where file.revents != 0 {
      if file.fd == collector.request?.fd { moved = collector.read() || moved }
      if file.fd == feed.request?.fd { moved = feed.write() || moved }
    }
    return moved
  }

  /// Whether the program has ended; it stays to be reaped.
  private func hasEnded() -> Bool {
    var info = siginfo_t()
    let result = waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT)
    if result != 0 { return errno != EINTR }
    return info.si_signo != 0
  }

  private func endGroup() {
    if hasGroup { kill(-process, SIGKILL) } else { kill(process, SIGKILL) }
    TaggedProcesses.kill(tag)
  }

  private func reap() -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    SubprocessRegistry.remove(process)
    return status
  }
}

/// Hands a program its standard input without blocking.
private struct InputFeed {
  private let next: () -> Data?
  private var pipe: Int32?
  private var rest = Data()

  init(_ input: Subprocess.Input, to pipe: Int32?) {
    self.pipe = pipe
    switch input {
    case .chunks(let next): self.next = next
    case .data(let data):
      rest = data
      next = { nil }
    case .none, .terminal: next = { nil }
    }
  }

  var request: pollfd? { pipe.map { pollfd(fd: $0, events: Int16(POLLOUT), revents: 0) } }

  mutating func write() -> Bool {
    guard let pipe else { return false }
    if rest.isEmpty {
      guard let chunk = next() else {
        close()
        return true
      }
      rest = chunk
    }
    let count = rest.withUnsafeBytes { writeWithoutSignal(pipe, $0) }
    if count > 0 {
      rest = rest.dropFirst(count)
    } else if count < 0, errno != EAGAIN, errno != EINTR {
      // The program reads no further: its exit code says whether that is a failure.
      close()
    }
    return count > 0
  }

  mutating func close() {
    if let pipe { _ = Foundation.close(pipe) }
    pipe = nil
  }

  /// `write`, whose SIGPIPE would otherwise end this process.
  private func writeWithoutSignal(_ file: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    var (broken, old, pending) = (sigset_t(), sigset_t(), sigset_t())
    sigemptyset(&broken)
    sigaddset(&broken, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &broken, &old)
    let count = Foundation.write(file, bytes.baseAddress, bytes.count)
    let fault = errno
    if count < 0, fault == EPIPE, sigismember(&old, SIGPIPE) == 0 {
      sigpending(&pending)
      var number: Int32 = 0
      if sigismember(&pending, SIGPIPE) == 1 { sigwait(&broken, &number) }
    }
    pthread_sigmask(SIG_SETMASK, &old, nil)
    errno = fault
    return count
  }
}

/// Keeps the last bytes of what a program prints, and reads on so that it never blocks.
private struct OutputCollector {
  private(set) var data = Data()
  private var pipe: Int32?
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  init(from pipe: Int32?) { self.pipe = pipe }

  var request: pollfd? { pipe.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) } }

  /// Returns whether there was anything.
  mutating func read() -> Bool {
    guard let pipe else { return false }
    let count = Foundation.read(pipe, &buffer, buffer.count)
    if count > 0 {
      data.append(contentsOf: buffer[..<count])
      if data.count > 2 * Subprocess.outputLimit { data = Data(data.suffix(Subprocess.outputLimit)) }
    } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
      close()
    }
    return count > 0
  }

  /// Reads what is left in the pipe. A process that still holds it open cannot keep this waiting.
  mutating func drain() {
    while read() {}
    if data.count > Subprocess.outputLimit { data = Data(data.suffix(Subprocess.outputLimit)) }
  }

  mutating func close() {
    if let pipe { _ = Foundation.close(pipe) }
    pipe = nil
  }
}

/// The programs that run at this moment.
enum SubprocessRegistry {
  private struct State {
    /// Process numbers; negative where they name a group, as `kill` takes them.
    var targets: [pid_t: pid_t] = [:]
    var isClosed = false
  }

  private static let state = Mutex(State())

  static func add(_ process: pid_t, hasGroup: Bool) {
    state.withLock {
      $0.targets[process] = hasGroup ? -process : process
      if $0.isClosed { kill(hasGroup ? -process : process, SIGKILL) }
    }
  }

  static func remove(_ process: pid_t) {
    state.withLock { _ = $0.targets.removeValue(forKey: process) }
  }

  static func endAll() {
    state.withLock {
      $0.isClosed = true
      for target in $0.targets.values { kill(target, SIGKILL) }
    }
  }
}

/// Finds the processes that a program started, also those that left its group and lost their parent.
private enum TaggedProcesses {
  /// Kills every process that has `tag` in its environment. Linux only: elsewhere other processes' environments are
  /// not readable.
  static func kill(_ tag: String) {
    #if os(Linux)
      let needle = Data(tag.utf8)
      for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
        guard let process = pid_t(name), process != getpid() else { continue }
        guard let environment = try? Data(readingFile: URL(fileURLWithPath: "/proc/\(name)/environ")) else { continue }
        if environment.range(of: needle) != nil { _ = Foundation.kill(process, SIGKILL) }
      }
    #endif
  }
}
