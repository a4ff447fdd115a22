import Foundation
import Support

/// Slurm's commands: `sbatch`, `squeue`, `sacct` and `scancel`.
struct SlurmTools: Sendable {
  /// The folder of the commands; `nil` for those on the PATH.
  var folder: URL?

  /// A task of an array.
  struct Task: Hashable, Sendable {
    /// The array's job number.
    var job: String
    /// The task's number in it.
    var index: Int
  }

  /// What is known of a task.
  struct Status: Hashable, Sendable {
    var state: SlurmState
    /// Why it waits, or on which nodes it runs.
    var detail = ""
  }

  /// Seconds that a command may take to answer.
  private static let patience = 120.0

  /// Submits a script.
  ///
  /// - Returns: The array's job number.
  /// - Throws: ``SurefootError`` with what Slurm says.
  func submit(_ script: URL) async throws -> String {
    // Without the mark by which this program ends what it has started: jobs inherit the environment, and are to stay.
    let text = try await run(["env", "-u", Subprocess.mark, command("sbatch"), "--parsable", script.path], "sbatch")
    // `JOB`, or `JOB;CLUSTER`; messages of the site may come before.
    let last = text.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
    let job = String(last.prefix { $0 != ";" })
    guard !job.isEmpty, job.allSatisfy({ $0.isASCII && $0.isNumber }) else {
      throw SurefootError(.subprocessFailed, message: "sbatch printed no job number but: \(last)")
    }
    return job
  }

  /// The state of all tasks of some arrays: those that wait or run, and those that ended lately.
  ///
  /// - Parameter names: The arrays' names.
  func queue(_ names: [String]) async throws -> [Task: Status] {
    guard !names.isEmpty else { return [:] }
    let text = try await run([
      command("squeue"), "--noheader", "--array", "--states=all", "--name=\(names.joined(separator: ","))",
      "--format=%F|%K|%T|%R",
    ])
    var found: [Task: Status] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let fields = line.split(separator: "|", maxSplits: 3, omittingEmptySubsequences: false)
      guard fields.count == 4, let index = Int(fields[1].trimmingCharacters(in: .whitespaces)) else { continue }
      let job = fields[0].trimmingCharacters(in: .whitespaces)
      found[Task(job: job, index: index)] = Status(
        state: SlurmState(slurm: fields[2]), detail: fields[3].trimmingCharacters(in: .whitespaces))
    }
    return found
  }

  /// The states that the accounts have for all tasks of some arrays; empty where a cluster keeps no accounts.
  func accounts(_ jobs: [String]) async throws -> [Task: Status] {
    guard !jobs.isEmpty else { return [:] }
    let text: String
    do {
      text = try await run([
        command("sacct"), "--noheader", "--parsable2", "--allocations", "--jobs=\(jobs.joined(separator: ","))",
        "--format=JobID,State,ExitCode,NodeList",
      ])
    } catch let error as SurefootError where error.message.contains("disabled") {
      return [:]
    }
    var found: [Task: Status] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let fields = line.split(separator: "|", omittingEmptySubsequences: false)
      guard fields.count >= 4 else { continue }
      let parts = fields[0].split(separator: "_")
      guard parts.count == 2, let index = Int(parts[1]) else { continue }
      found[Task(job: String(parts[0]), index: index)] = Status(
        state: SlurmState(slurm: fields[1]), detail: "exit code \(fields[2]) on \(fields[3])")
    }
    return found
  }

  /// Ends all tasks of some arrays.
  func cancel(_ jobs: [String]) async throws {
    guard !jobs.isEmpty else { return }
    _ = try await run([command("scancel")] + jobs)
  }

  private func command(_ name: String) -> String { folder?.appendingPathComponent(name).path ?? name }

  private func run(_ command: [String], _ name: String? = nil) async throws -> String {
    let name = name ?? URL(fileURLWithPath: command[0]).lastPathComponent
    // A site's own formats of time and output would change what is read here.
    let result = try await Subprocess(
      command, environment: ["LC_ALL": "C", "SLURM_TIME_FORMAT": "standard"], timeLimit: Self.patience
    ).run()
    guard result.end == .exit(0) else {
      let isMissing = result.end == .exit(127)
      throw SurefootError(
        .subprocessFailed,
        message: "\(name) failed"
          + (result.end == .timeLimit ? ": no answer in \(Int(Self.patience)) s" : ": \(result.lastLines)"),
        suggestion: isMissing ? "run this on a machine of the cluster that has Slurm's commands" : nil)
    }
    return result.text
  }
}
