import Execution
import Foundation
import Generations
import Support
import SurefootCommands

/// A sweep's runs in shards that an executor's workers run.
struct SweepShards {
  let sweep: Sweep
  let options: ExecutorOptions

  /// Has all runs done, and collects their table.
  ///
  /// - Returns: The table and the failures by run; `nil` after `--dry-run` and `--cancel`.
  func run(_ console: Console) async throws -> (SweepTable, [String: String])? {
    let names = sweep.specification.cells.map(\.name)
    let ranges = options.ranges(of: names.count, usualLength: 1)
    let specifications = sweep.specification.cells.map(\.specification.yaml).joined(separator: "\u{0}")
    // A run's own work is parallel already: one at a time on this machine, unless more are asked for.
    let run = ExecutorRun(name: "sweep", output: sweep.folder, options: options, jobs: ProcessorCount.available)
    guard
      let (work, failures) = try await run.run(
        count: ranges.count, inputs: specifications, console: console,
        shard: { try JSONEncoder().encode(Array(names[ranges[$0]])) })
    else { return nil }
    var faults: [String: String] = [:]
    for index in ranges.indices where failures[index] == nil {
      let file = work.result(index)
      guard let part = try? JSONDecoder().decode([String: String].self, from: Data(readingFile: file)) else {
        throw SurefootError(
          file: file.path, message: "is no shard's result", suggestion: "remove the file and give the command again")
      }
      faults.merge(part) { $1 }
      // A run that failed is tried again by the next command.
      if !part.isEmpty { try? FileManager.default.removeItem(at: file) }
    }
    let (table, missing) = try sweep.collect()
    for (index, range) in ranges.enumerated() {
      for name in names[range] where missing.contains(name) && faults[name] == nil {
        faults[name] = failures[index] ?? "its worker left no results"
      }
    }
    for name in names {
      if let fault = faults[name] { console.warn("\(name) failed: \(fault)") }
    }
    if failures.isEmpty { work.remove() }
    return (table, faults)
  }

  /// A worker's part: runs the shard in a file and writes its result beside it.
  static func work(
    _ file: String, _ sweep: Sweep, _ make: Sweep.Maker,
    observe: (Int, SweepSpecification.Cell, Sweep.Outcome?) -> Void
  ) async throws {
    let url = URL(fileURLWithPath: file)
    guard let names = try? JSONDecoder().decode([String].self, from: Data(readingFile: url)) else {
      throw SurefootError(file: file, message: "is no shard of a sweep")
    }
    let failures = try await sweep.run(only: Set(names), make, observe: observe)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    try AtomicFile.write(try encoder.encode(failures), to: ShardedWork.result(ofShard: url))
  }
}
