@testable import Execution
import Foundation
import Support
import Testing

/// The executor against scripts in the place of Slurm's commands.
@Suite struct SlurmExecutorTests {
  private let good = "echo done $(basename \"$file\") >\"$result\""

  @Test("Both executors leave the same results, for any number of workers") func sameResults() async throws {
    let shards = try Shards()
    defer { shards.remove() }
    let slurm = try FakeSlurm(in: shards.folder)
    let work = try shards.work([good, good, good])
    #expect(try await slurm.executor(shards).run(work) { _ in }.isEmpty)
    let theirs = shards.results(work)
    work.remove()
    let again = try shards.work([good, good, good])
    #expect(try await LocalExecutor(program: shards.worker.path, atOnce: 2).run(again) { _ in }.isEmpty)
    #expect(shards.results(again) == theirs && theirs.allSatisfy { !$0.isEmpty })
    #expect(slurm.scripts.count == 1 && slurm.scripts[0].contains("--array=0-2\n"))
  }

  @Test("A worker that fails costs its shard alone, and the reason has its last lines")
  func failureOfATask() async throws {
    let shards = try Shards()
    defer { shards.remove() }
    let work = try shards.work([good, "echo broken; exit 3", good])
    let failures = try await LocalExecutor(program: shards.worker.path, atOnce: 3).run(work) { _ in }
    #expect(failures.keys.sorted() == [1])
    #expect(failures[1]?.contains("exit code 3") == true && failures[1]?.contains("broken") == true)
    let slurm = try FakeSlurm(in: shards.folder)
    let theirs = try await slurm.executor(shards).run(work) { _ in }
    #expect(theirs.keys.sorted() == [1] && theirs[1]?.contains("its program failed") == true, "\(theirs)")
    #expect(slurm.scripts.count == 1, "a program that fails by itself is not tried again")
    #expect(slurm.scripts[0].contains("--array=1\n"), "what was done is not done again")
  }

  @Test(
    "What the cluster ended is submitted again",
    arguments: ["PREEMPTED", "TIMEOUT", "OUT_OF_MEMORY", "NODE_FAIL"])
  func retried(state: String) async throws {
    let shards = try Shards()
    defer { shards.remove() }
    let slurm = try FakeSlurm(in: shards.folder)
    try slurm.plan(1, 1, state)
    let work = try shards.work([good, good])
    let executor = slurm.executor(shards) {
      $0.limits = SlurmLimits(seconds: 60, mebibytes: 100)
      $0.growth = 2
    }
    var warnings: [String] = []
    let failures = try await executor.run(work) { if case .warning(let text) = $0 { warnings.append(text) } }
    #expect(failures.isEmpty && warnings.count == 1)
    #expect(slurm.scripts.count == 2 && slurm.scripts[1].contains("--array=1\n"))
    #expect(slurm.scripts[1].contains(state == "TIMEOUT" ? "--time=0-00:02:00" : "--time=0-00:01:00"))
    #expect(slurm.scripts[1].contains(state == "OUT_OF_MEMORY" ? "--mem=200M" : "--mem=100M"))
  }

  @Test("A shard is given up after the last try, and counts anew at the next command") func givenUp() async throws {
    let shards = try Shards()
    defer { shards.remove() }
    let slurm = try FakeSlurm(in: shards.folder)
    for job in 1...2 { try slurm.plan(job, 0, "TIMEOUT") }
    let work = try shards.work([good])
    let executor = slurm.executor(shards) { $0.retries = 1 }
    let failures = try await executor.run(work) { _ in }
    #expect(failures[0]?.contains("its time limit was over, 2 times") == true, "\(failures)")
    #expect(try await executor.run(work) { _ in }.isEmpty)
    #expect(slurm.scripts.count == 3)
  }

  @Test("A task that somebody cancelled is not tried again") func cancelled() async throws {
    let shards = try Shards()
    defer { shards.remove() }
    let slurm = try FakeSlurm(in: shards.folder)
    try slurm.plan(1, 0, "CANCELLED by 0")
    let failures = try await slurm.executor(shards).run(try shards.work([good])) { _ in }
    #expect(failures[0]?.contains("it was cancelled") == true && slurm.scripts.count == 1)
  }

  @Test("Another process goes on with jobs that run, and submits nothing twice") func takenUp() async throws {
    let shards = try Shards()
    defer { shards.remove() }
    let slurm = try FakeSlurm(in: shards.folder)
    try slurm.plan(1, 0, "RUNNING")
    let work = try shards.work([good])
    let executor = slurm.executor(shards)
    let task = Task { try await executor.run(work) { _ in } }
    while slurm.scripts.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    try Data("late".utf8).write(to: work.result(0))
    try slurm.write("state/1_0", "COMPLETED")
    #expect(try await executor.run(try shards.work([good])) { _ in }.isEmpty)
    #expect(slurm.scripts.count == 1)
  }

  @Test("A job number that was lost by a kill is found by the array's name") func lostNumber() async throws {
    let shards = try Shards()
    defer { shards.remove() }
    let slurm = try FakeSlurm(in: shards.folder)
    let work = try shards.work([good])
    let name = SlurmScript.prefix(work) + "1"
    var journal = try SlurmJournal(folder: work.folder)
    try journal.add(.init(number: 1, name: name, shards: [0], limits: SlurmLimits()))
    try slurm.write("jobs/1", name)
    try slurm.write("state/1_0", "RUNNING")
    let executor = slurm.executor(shards)
    let task = Task { try await executor.run(work) { _ in } }
    while try SlurmJournal(folder: work.folder).submissions.first?.job == nil {
      try await Task.sleep(for: .milliseconds(5))
    }
    try Data("x".utf8).write(to: work.result(0))
    #expect(try await task.value.isEmpty)
    #expect(slurm.scripts.isEmpty)
  }

  @Test("Where a cluster keeps no accounts, a job that has left the queue counts as lost")
  func noAccounts() async throws {
    let shards = try Shards()
    defer { shards.remove() }
    let slurm = try FakeSlurm(in: shards.folder)
    try slurm.write("disabled", "")
    try slurm.write("gone/1", "")
    try slurm.plan(1, 0, "RUNNING")
    var warnings: [String] = []
    let failures = try await slurm.executor(shards).run(try shards.work([good])) {
      if case .warning(let text) = $0 { warnings.append(text) }
    }
    #expect(failures.isEmpty && slurm.scripts.count == 2)
    #expect(warnings.contains { $0.contains("Slurm knows it no more") }, "\(warnings)")
  }

  @Test("A Slurm that does not answer is asked again") func silence() async throws {
    let shards = try Shards()
    defer { shards.remove() }
    let slurm = try FakeSlurm(in: shards.folder)
    try slurm.write("silent", "1\n2\n3")
    var warnings: [String] = []
    let failures = try await slurm.executor(shards).run(try shards.work([good])) {
      if case .warning(let text) = $0 { warnings.append(text) }
    }
    #expect(failures.isEmpty && warnings.contains { $0.contains("Socket timed out") }, "\(warnings)")
  }

  @Test("What Slurm refuses is an error with its reason, and is tried again by the next command")
  func refused() async throws {
    let shards = try Shards()
    defer { shards.remove() }
    let slurm = try FakeSlurm(in: shards.folder)
    try slurm.write("refuse", "Invalid job array specification")
    let work = try shards.work([good])
    let error = await #expect(throws: SurefootError.self) { try await slurm.executor(shards).run(work) { _ in } }
    #expect(error?.description.contains("fewer --shards") == true, "\(String(describing: error))")
    try slurm.remove("refuse")
    #expect(try await slurm.executor(shards).run(work) { _ in }.isEmpty)
  }

  @Test("Other work in a folder replaces the results, unless jobs of the earlier still run")
  func otherWork() async throws {
    let shards = try Shards()
    defer { shards.remove() }
    let work = try shards.work([good])
    _ = try await LocalExecutor(program: shards.worker.path, atOnce: 1).run(work) { _ in }
    #expect(throws: CancellationError.self) {
      try ShardedWork.prepare(
        name: "test", folder: work.folder, count: 1, arguments: ["other"], shard: { _ in Data() },
        isBusy: { _ in throw CancellationError() })
    }
    #expect(work.isDone(0))
    let other = try shards.work([good], arguments: ["other"])
    #expect(!other.isDone(0) && other.identity != work.identity)
  }

  @Test("A script has all options, and the shell's lines before the program") func script() throws {
    let shards = try Shards()
    defer { shards.remove() }
    var settings = SlurmSettings()
    for (name, value) in [("partition", "p"), ("account", "a"), ("time", "5"), ("memory", "1G"), ("cpus", "2")] {
      try settings.set(name, value)
    }
    try settings.set("gpus", "a100:1")
    try settings.set("at-once", "3")
    settings.lines = ["module load x", "#SBATCH --constraint=y"]
    let work = try shards.work([good, good], arguments: ["correct", "it's here"])
    let text = SlurmExecutor(program: "/opt/sure foot", settings: settings).script(work, shards: [0, 1])
    let lines = text.split(separator: "\n").map(String.init)
    for option in [
      "--array=0-1%3", "--partition=p", "--account=a", "--time=0-00:05:00", "--mem=1024M", "--cpus-per-task=2",
      "--gpus-per-task=a100:1", "--no-requeue", "--constraint=y",
    ] {
      #expect(lines.contains("#SBATCH \(option)"), "\(option)")
    }
    let last = try #require(lines.last)
    #expect(lines.firstIndex(of: "module load x") == lines.count - 2)
    #expect(last.hasPrefix("'/opt/sure foot' correct --shard "), "\(last)")
    #expect(last.hasSuffix("/\"$SLURM_ARRAY_TASK_ID\".shard 'it'\\''s here'"), "\(last)")
  }
}
