public import Foundation
import Support

/// Runs shards as job arrays of Slurm, follows them, and submits again what the cluster ended.
///
///     let executor = SlurmExecutor(program: path, settings: settings)
///     let failures = try await executor.run(work) { event in print(event) }
///
/// What was submitted is kept beside the shards: after an interruption the same call, on any machine with the folder,
/// follows the jobs that run on. A shard whose program failed by itself is not tried again.
public struct SlurmExecutor: Executor {
  /// The path of the program on this machine, for settings that name none.
  public let program: String
  /// What is asked of Slurm.
  public let settings: SlurmSettings
  private let tools: SlurmTools

  /// Questions without an answer in a row after which an executor gives up.
  private static let silences = 60
  /// How often a task must be unknown to Slurm, or have ended without a visible result, to count as that.
  private static let doubts = 3

  /// An executor.
  public init(program: String, settings: SlurmSettings) {
    self.init(program: program, settings: settings, tools: SlurmTools())
  }

  init(program: String, settings: SlurmSettings, tools: SlurmTools) {
    self.program = program
    self.settings = settings
    self.tools = tools
  }

  /// The script that would run all shards that are not done.
  public func script(_ work: ShardedWork, shards: [Int]) -> String {
    SlurmScript(work, number: 1, shards: shards, limits: settings.limits, settings: settings, program: program).text
  }

  /// Submits every shard that is not done, and follows its task to the end.
  ///
  /// - Parameter observe: Called when something has changed.
  /// - Returns: The shards that were given up, with the reason.
  /// - Throws: `SurefootError` if Slurm refuses a job or does not answer for long, `CancellationError` if the task is
  ///   cancelled: the jobs run on.
  public func run(_ work: ShardedWork, observe: (ExecutionEvent) -> Void) async throws -> [Int: String] {
    var following = try Following(work, try SlurmJournal(folder: work.folder))
    do {
      try await recover(&following)
      while !following.open.isEmpty {
        try await submit(&following, observe)
        try await look(&following, observe)
        if !following.open.isEmpty { try await Task.sleep(for: .seconds(settings.interval)) }
      }
    } catch let error as CancellationError {
      observe(.note("the jobs run on; the same command follows them again, and with --cancel it ends them"))
      throw error
    }
    if !following.failures.isEmpty { try following.journal.close() }
    return following.failures
  }

  /// Cancels what was submitted for the work in a folder.
  ///
  /// - Returns: The number of job arrays that were still there.
  public static func cancel(folder: URL) async throws -> Int {
    let tools = SlurmTools()
    let jobs = try await living(folder, tools)
    try await tools.cancel(jobs)
    return jobs.count
  }

  /// The job arrays of the work in a folder that wait or run.
  public static func living(folder: URL) async throws -> [String] { try await living(folder, SlurmTools()) }

  private static func living(_ folder: URL, _ tools: SlurmTools) async throws -> [String] {
    let names = try SlurmJournal(folder: folder).submissions.map(\.name)
    let tasks = try await tools.queue(names).filter { !$0.value.state.isEnd }
    return Set(tasks.map(\.key.job)).sorted()
  }

  // MARK: Following

  /// Where the work stands.
  private struct Following {
    let work: ShardedWork
    var journal: SlurmJournal
    /// Shards that are neither done nor given up.
    var open: Set<Int>
    var failures: [Int: String] = [:]
    /// How often in a row each shard's task was unknown, or had ended without a visible result.
    var doubts: [Int: Int] = [:]
    /// Answers that failed in a row.
    var silences = 0

    init(_ work: ShardedWork, _ journal: SlurmJournal) throws {
      self.work = work
      self.journal = journal
      open = Set(work.undone)
    }
  }

  /// Finds the job number of an array that was submitted by a process which ended before it learned it.
  private func recover(_ following: inout Following) async throws {
    for var submission in following.journal.submissions where submission.job == nil {
      let names = [submission.name]
      if let task = try await tools.queue(names).keys.first {
        submission.job = task.job
        try following.journal.add(submission)
      } else {
        // Slurm never got it.
        try following.journal.refuse(submission.number)
      }
    }
  }

  /// Submits every open shard that no task works on, in one array for each kind of limits.
  private func submit(_ following: inout Following, _ observe: (ExecutionEvent) -> Void) async throws {
    var groups: [SlurmLimits: [Int]] = [:]
    for shard in following.open.sorted() where following.journal.current(shard) == nil {
      let ends = following.journal.ends[shard] ?? []
      let limits = ends.reduce(settings.limits) { $0.grown(by: settings.growth, after: $1.state) }
      groups[limits, default: []].append(shard)
    }
    for (limits, shards) in groups.sorted(by: { $0.value[0] < $1.value[0] }) {
      let number = (following.journal.submissions.last?.number ?? 0) + 1
      let script = SlurmScript(
        following.work, number: number, shards: shards, limits: limits, settings: settings, program: program)
      let file = following.work.folder.appendingPathComponent("submit-\(number).sh")
      try AtomicFile.write(script.text, to: file)
      let logs = following.work.folder.appendingPathComponent("logs")
      try FileManager.default.createDirectory(at: logs, withIntermediateDirectories: true)
      var submission = SlurmJournal.Submission(number: number, name: script.name, shards: shards, limits: limits)
      // Before the question: a process that is killed now leaves a name by which the array is found.
      try following.journal.add(submission)
      do {
        submission.job = try await tools.submit(file)
      } catch let error as SurefootError {
        try following.journal.refuse(number)
        throw Self.explained(error, tasks: shards.count)
      }
      try following.journal.add(submission)
      observe(.note("submitted \(shards.count) tasks as job \(submission.job ?? "")"))
    }
  }

  /// What can be done about a refusal.
  private static func explained(_ error: SurefootError, tasks: Int) -> SurefootError {
    var error = error
    if error.message.contains("array specification") {
      error.suggestion =
        "the cluster takes fewer tasks (`scontrol show config | grep MaxArraySize`): use fewer --shards"
    } else if error.message.contains("policy") || error.message.contains("limit") {
      error.suggestion = "ask for less time, memory, processors or fewer --shards than \(tasks)"
    }
    return error
  }

  /// Asks Slurm once, and draws the conclusions.
  private func look(_ following: inout Following, _ observe: (ExecutionEvent) -> Void) async throws {
    let live = following.open.compactMap { following.journal.current($0) }
    let arrays = Set(live).sorted { $0.number < $1.number }
    var states: [SlurmTools.Task: SlurmTools.Status]
    do {
      states = try await tools.queue(arrays.map(\.name))
      let known = Set(states.keys)
      let missing = arrays.filter { array in
        array.shards.contains { shard in
          following.open.contains(shard) && !known.contains(.init(job: array.job ?? "", index: shard))
        }
      }
      // What has left the queue is in the accounts, if there are any.
      states.merge(try await tools.accounts(missing.compactMap(\.job))) { queued, _ in queued }
      following.silences = 0
    } catch let error as SurefootError {
      following.silences += 1
      guard following.silences < Self.silences else { throw error }
      if following.silences % 6 == 1 { observe(.warning("\(error.message); asking again")) }
      return
    }
    var (running, waiting) = (0, 0)
    for shard in following.open.sorted() {
      if following.work.isDone(shard) {
        following.open.remove(shard)
        continue
      }
      guard let array = following.journal.current(shard) else { continue }
      let status = states[.init(job: array.job ?? "", index: shard)]
      switch status?.state {
      case .running: running += 1
      case .pending: waiting += 1
      default: try conclude(&following, shard, array, status, observe)
      }
      if status.map({ !$0.state.isEnd }) ?? false { following.doubts[shard] = nil }
    }
    let done = following.work.count - following.open.count - following.failures.count
    observe(.progress(done: done, running: running, waiting: waiting))
  }

  /// A task has ended, and its result is not there.
  private func conclude(
    _ following: inout Following, _ shard: Int, _ array: SlurmJournal.Submission, _ status: SlurmTools.Status?,
    _ observe: (ExecutionEvent) -> Void
  ) throws {
    let state = status?.state ?? .lost
    if state == .completed || state == .lost {
      // A network file system may show the result later, and the accounts may come later.
      following.doubts[shard, default: 0] += 1
      guard following.doubts[shard, default: 0] >= Self.doubts else { return }
      following.doubts[shard] = nil
    }
    try following.journal.end(shard, of: array.number, state)
    let tries = following.journal.ends[shard]?.count ?? 0
    if state.isWorthRetrying, tries <= settings.retries {
      observe(.warning("shard \(shard): \(state.reason); it is submitted again (\(tries) of \(settings.retries))"))
      return
    }
    following.open.remove(shard)
    following.failures[shard] = Self.describe(following.work, shard, array, state, status, tries)
  }

  private static func describe(
    _ work: ShardedWork, _ shard: Int, _ array: SlurmJournal.Submission, _ state: SlurmState,
    _ status: SlurmTools.Status?, _ tries: Int
  ) -> String {
    let log = work.folder.appendingPathComponent("logs/\(shard)-\(array.number).log")
    let place = "job \(array.job ?? "?")_\(shard)" + (status.map { $0.detail.isEmpty ? "" : ", \($0.detail)" } ?? "")
    let often = tries > 1 ? ", \(tries) times" : ""
    let text = (try? String(readingFile: log, limit: 1 << 24)) ?? ""
    let lines = text.split(whereSeparator: \.isNewline).suffix(4).joined(separator: " | ")
    return "\(state.reason)\(often) (\(place)); see \(log.path)" + (lines.isEmpty ? "" : ": \(lines)")
  }
}
