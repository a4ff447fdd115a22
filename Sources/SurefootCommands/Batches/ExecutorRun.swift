package import Execution
package import Foundation
import Support

/// Hands a command's shards to the executor that its options name, and shows how far it is.
package struct ExecutorRun {
  /// The command's name.
  let name: String
  /// The command's output folder.
  let output: URL
  let options: ExecutorOptions
  /// Parallel jobs in one worker.
  let jobs: Int

  /// The folder of the shards, in the command's output folder, which all machines see.
  private static let folder = ".surefoot-shards"

  package init(name: String, output: URL, options: ExecutorOptions, jobs: Int) {
    self.name = name
    self.output = output
    self.options = options
    self.jobs = jobs
  }

  /// Runs all shards, and waits for another process that runs the same.
  ///
  /// - Parameters:
  ///   - count: The number of shards.
  ///   - inputs: What else the results depend on.
  ///   - shard: The content of a shard.
  /// - Returns: The work and the shards that were given up, with reasons; `nil` after `--dry-run` and `--cancel`.
  package func run(
    count: Int, inputs: String, console: Console, shard: (Int) throws -> Data
  ) async throws -> (work: ShardedWork, failures: [Int: String])? {
    let folder = URL(fileURLWithPath: output.path).appendingPathComponent(Self.folder)
    if options.cancel {
      let count = try await SlurmExecutor.cancel(folder: folder)
      console.result(count == 0 ? "no jobs of this folder wait or run" : "cancelled \(count) job arrays")
      return nil
    }
    let arguments = Array(CommandLine.arguments.dropFirst())
    let program = ModelProgram.ownPath ?? CommandLine.arguments[0]
    if options.dryRun {
      let work = try ShardedWork.prepare(
        name: name, folder: folder, count: count, arguments: arguments.filter { $0 != "--dry-run" }, inputs: inputs,
        isWriting: false, shard: shard)
      let executor = SlurmExecutor(program: program, settings: try options.slurm())
      console.result(executor.script(work, shards: Array(0..<count)).trimmingSuffix("\n"))
      return nil
    }
    let lock = try await FolderLock(output, named: ".\(name).lock") { holder in
      console.note("\(holder) works on \(output.path): waiting for its end")
    }
    defer { withExtendedLifetime(lock) {} }
    let living = try await living(folder)
    let work = try ShardedWork.prepare(
      name: name, folder: folder, count: count, arguments: arguments, inputs: inputs, shard: shard
    ) { folder in
      guard !living.isEmpty else { return }
      throw SurefootError(
        file: folder.path,
        message: "jobs of another command still work here: \(living.joined(separator: ", "))",
        suggestion: "wait for their end, or end them with `scancel \(living.joined(separator: " "))`")
    }
    let failures = try await executor(program).run(work) { event in
      switch event {
      case .progress(let done, let running, let waiting):
        console.progress(
          name, done: done, total: count, unit: "shards", detail: "\(running) running, \(waiting) waiting")
      case .note(let text): console.note(text)
      case .warning(let text): console.warn(text)
      }
    }
    return (work, failures)
  }

  private func living(_ folder: URL) async throws -> [String] {
    guard options.executor == .slurm, FileManager.default.fileExists(atPath: folder.path) else { return [] }
    return try await SlurmExecutor.living(folder: folder)
  }

  private func executor(_ program: String) throws -> any Executor {
    switch options.executor {
    case .slurm: SlurmExecutor(program: program, settings: try options.slurm())
    case .local:
      LocalExecutor(program: program, atOnce: options.atOnce ?? max(1, ProcessorCount.available / max(1, jobs)))
    }
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
