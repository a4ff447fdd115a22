@testable import Execution
import Foundation
import Support
import Testing

/// The executor against a real Slurm, which `tools/checks/slurm test` starts and stops.
@Suite(
  .enabled(if: ProcessInfo.processInfo.environment["SUREFOOT_SLURM"] != nil, "tools/checks/slurm test runs it"),
  .serialized)
struct RealSlurmTests {
  private let good = "echo done $(basename \"$file\") >\"$result\""
  /// Long at its first try only.
  private let slow = "if once sleep; then sleep 300; fi; echo done >\"$result\""

  private func executor(_ shards: Shards, _ change: (inout SlurmSettings) -> Void = { _ in }) -> SlurmExecutor {
    var settings = SlurmSettings()
    settings.interval = 1
    change(&settings)
    return SlurmExecutor(program: shards.worker.path, settings: settings)
  }

  private func shell(_ text: String) async throws {
    let result = try await Subprocess(["env", "-u", Subprocess.mark, "bash", "-c", text], timeLimit: 60).run()
    #expect(result.end == .exit(0), "\(text): \(result.lastLines)")
  }

  /// Runs work of one slow shard, and does something to the cluster when it runs.
  private func disturb(
    _ shards: Shards, _ disturbance: String
  ) async throws -> (failures: [Int: String], warnings: [String]) {
    let executor = executor(shards)
    let work = try shards.work([slow])
    let started = work.folder.appendingPathComponent("0.sleep").path
    let task = Task {
      var warnings: [String] = []
      let failures = try await executor.run(work) { if case .warning(let text) = $0 { warnings.append(text) } }
      return (failures, warnings)
    }
    while !FileManager.default.fileExists(atPath: started) { try await Task.sleep(for: .milliseconds(100)) }
    try await shell(disturbance)
    return try await task.value
  }

  private let job = "squeue -h -t running -o %A | head -1"

  @Test("An array with a task that fails", .timeLimit(.minutes(2))) func array() async throws {
    let shards = try Shards()
    defer { shards.remove() }
    var commands = [String](repeating: good, count: 12)
    commands[5] = "echo no luck; exit 3"
    let work = try shards.work(commands)
    let failures = try await executor(shards).run(work) { _ in }
    #expect(failures.keys.sorted() == [5])
    #expect(failures[5]?.contains("no luck") == true, "\(failures)")
    #expect(work.undone == [5])
  }

  @Test("A node that goes down in mid-run", .timeLimit(.minutes(2))) func nodeDown() async throws {
    let shards = try Shards()
    defer { shards.remove() }
    let node = "node=$(squeue -h -t running -o %N | head -1); scontrol update nodename=$node state=down reason=test"
    // A node that still answers comes back by itself.
    let resume = "sleep 1; scontrol update nodename=$node state=resume 2>/dev/null || true"
    let (failures, warnings) = try await disturb(shards, "\(node); \(resume)")
    #expect(failures.isEmpty && warnings.contains { $0.contains("its node failed") }, "\(failures) \(warnings)")
  }

  @Test("A job of higher priority preempts a task", .timeLimit(.minutes(2))) func preemption() async throws {
    let shards = try Shards()
    defer { shards.remove() }
    let (failures, warnings) = try await disturb(
      shards, "sbatch -p first -N 4 --exclusive -o /dev/null --wrap 'sleep 3'")
    #expect(failures.isEmpty && warnings.contains { $0.contains("it was preempted") }, "\(failures) \(warnings)")
  }

  @Test("A task that takes more memory than it was given gets more", .timeLimit(.minutes(2)))
  func memory() async throws {
    let shards = try Shards()
    defer { shards.remove() }
    let hungry = """
      if once eat; then python3 -c 'import time; x = b"x" * (300 << 20); time.sleep(60)'; exit 1; fi
      scontrol show job $SLURM_JOB_ID | grep -o 'MinMemory[A-Za-z]*=[0-9]*' >"$result"
      """
    let work = try shards.work([hungry])
    var warnings: [String] = []
    let failures = try await executor(shards) {
      $0.limits.mebibytes = 100
      $0.growth = 4
    }.run(work) { if case .warning(let text) = $0 { warnings.append(text) } }
    #expect(failures.isEmpty && warnings.contains { $0.contains("more memory") }, "\(failures) \(warnings)")
    #expect(shards.results(work)[0].contains("=400"))
  }

  @Test("A task that is cancelled is given up", .timeLimit(.minutes(2))) func cancellation() async throws {
    let shards = try Shards()
    defer { shards.remove() }
    let (failures, _) = try await disturb(shards, "scancel $(\(job))")
    #expect(failures[0]?.contains("it was cancelled") == true, "\(failures)")
  }

  @Test("Cancelling a folder's work leaves nothing that runs", .timeLimit(.minutes(2)))
  func cancelFolder() async throws {
    let shards = try Shards()
    defer { shards.remove() }
    let executor = executor(shards)
    let work = try shards.work([slow, slow])
    let task = Task { try await executor.run(work) { _ in } }
    while try await SlurmExecutor.living(folder: work.folder).isEmpty { try await Task.sleep(for: .milliseconds(200)) }
    #expect(try await SlurmExecutor.cancel(folder: work.folder) == 1)
    #expect(try await task.value.count == 2)
    #expect(try await SlurmExecutor.living(folder: work.folder).isEmpty)
  }

  @Test("An interrupted command is taken up, and its jobs are not submitted again", .timeLimit(.minutes(2)))
  func resume() async throws {
    let shards = try Shards()
    defer { shards.remove() }
    let executor = executor(shards)
    let commands = [good, "sleep 5; echo done >\"$result\""]
    let work = try shards.work(commands)
    let task = Task { try await executor.run(work) { _ in } }
    while try await SlurmExecutor.living(folder: work.folder).isEmpty { try await Task.sleep(for: .milliseconds(200)) }
    task.cancel()
    _ = await task.result
    let jobs = try await SlurmExecutor.living(folder: work.folder)
    #expect(jobs.count == 1, "it goes on without the command")
    #expect(try await executor.run(try shards.work(commands)) { _ in }.isEmpty)
    #expect(try SlurmJournal(folder: work.folder).submissions.map(\.job) == jobs)
  }

  // Slurm counts time limits in minutes.
  @Test("A time limit ends a task, which then gets more", .timeLimit(.minutes(5))) func timeLimit() async throws {
    let shards = try Shards()
    defer { shards.remove() }
    let work = try shards.work([slow])
    var warnings: [String] = []
    let failures = try await executor(shards) {
      $0.limits.seconds = 60
      $0.growth = 2
    }.run(work) { if case .warning(let text) = $0 { warnings.append(text) } }
    #expect(failures.isEmpty && warnings.contains { $0.contains("time limit") }, "\(failures) \(warnings)")
    let script = try String(contentsOf: work.folder.appendingPathComponent("submit-2.sh"), encoding: .utf8)
    #expect(script.contains("--time=0-00:02:00"))
  }
}
